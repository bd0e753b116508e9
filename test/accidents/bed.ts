// The bed of the accident replays: a synced shop, and what every replay asks afterwards: same uids, no delete, explained.
import { expect } from 'vitest'
import { auditMark, auditSince } from '../cluster/audit.ts'
import type { SharedCluster } from '../cluster/shared.ts'
import type { Ran, Workbench } from '../scenarios/workbench.ts'
import { openWorkbench, planIdIn } from '../scenarios/workbench.ts'

/** A shop in a cluster, as it stood before the accident. */
export interface Bed {
  readonly cluster: SharedCluster
  readonly bench: Workbench
  /** `mainstay app VERB NAME -f FILE …` for the bench's application. */
  readonly app: (verb: string, ...flags: readonly string[]) => Promise<Ran>
  /** The object at a path (`NS` is the namespace); null where it does not exist. */
  readonly get: (path: string) => Promise<Seen | null>
  /** Writes an object by hand, as somebody else. */
  readonly put: (method: string, path: string, body?: unknown, type?: string) => Promise<Seen>
  /** Notes what is there now: the namespace's objects by uid, and the place in the audit log. */
  readonly remember: () => Promise<Memory>
  /** Approves the plan that a command printed and runs it. */
  readonly approve: (ran: Ran) => Promise<Ran>
  readonly dispose: () => Promise<void>
}

/** As much of an object as the replays look at. */
export interface Seen {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly deletionTimestamp?: string
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec?: Readonly<Record<string, unknown>>
  readonly data?: Readonly<Record<string, string>>
  readonly status?: Readonly<Record<string, unknown>>
}

/** The world before a trigger, to be compared with the one after it. */
export interface Memory {
  /** Nothing of it was deleted by our program: by the audit log, and by the uids that are still there. */
  readonly unharmed: () => Promise<void>
  /** Names of what our program deleted since. */
  readonly deleted: () => Promise<readonly string[]>
}

/** Kinds whose objects a replay counts. */
const PLURALS = [
  '/api/v1/namespaces/NS/configmaps',
  '/api/v1/namespaces/NS/secrets',
  '/api/v1/namespaces/NS/services',
  '/api/v1/namespaces/NS/persistentvolumeclaims',
  '/apis/apps/v1/namespaces/NS/deployments',
  '/apis/apps/v1/namespaces/NS/statefulsets',
  '/apis/networking.k8s.io/v1/namespaces/NS/ingresses',
] as const

/** Makes a bed with these files committed and synced. */
export async function openBed(
  cluster: SharedCluster,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<Bed> {
  const bench = await openWorkbench(cluster, name)
  const at = (path: string): string => path.replace('NS', bench.namespace)
  const app: Bed['app'] = (verb, ...flags) => bench.mainstay('app', verb, name, '-f', bench.appFile, ...flags)
  const get: Bed['get'] = async (path) => {
    const answer = await cluster.api.request('GET', at(path))
    if (answer.status !== 200 && answer.status !== 404) throw new Error(`${path}: ${answer.status}`)
    return answer.status === 404 ? null : (answer.body as Seen)
  }
  const put: Bed['put'] = async (method, path, body, type) => {
    const answer = await cluster.api.request(method, at(path), body, type)
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body as Seen
  }
  const approve: Bed['approve'] = async (ran) => {
    const id = planIdIn(ran.out + ran.err)
    expect((await bench.mainstay('approve', id)).code).toBe(0)
    return await bench.mainstay('apply', id)
  }
  await bench.commit('the shop', files)
  const first = await app('sync')
  expect(first.code, first.out + first.err).toBe(0)
  return {
    cluster,
    bench,
    app,
    get,
    put,
    approve,
    dispose: () => bench.dispose(),
    remember: () => remember(cluster, at),
  }
}

async function remember(cluster: SharedCluster, at: (path: string) => string): Promise<Memory> {
  const before = await uids(cluster, at)
  const mark = await auditMark(cluster)
  const namespace = at('NS')
  const deleted = async (): Promise<readonly string[]> => {
    const entries = await auditSince(cluster, mark, (entry) => {
      const { verb, objectRef, userAgent, requestURI } = entry
      const inside = objectRef?.namespace === namespace || objectRef?.name === namespace
      const ours = userAgent?.startsWith('mainstay') === true && objectRef?.resource !== 'pods'
      return inside && ours && (verb === 'delete' || verb === 'deletecollection') && !requestURI.includes('dryRun=')
    })
    return entries.map((entry) => `${entry.objectRef?.resource}/${entry.objectRef?.name}`)
  }
  return {
    deleted,
    unharmed: async () => {
      expect(await deleted()).toEqual([])
      const after = await uids(cluster, at)
      for (const [name, uid] of before) expect([name, after.get(name)]).toEqual([name, uid])
    },
  }
}

/** Every object of the namespace that is not on its way out: `configmaps/a` → uid. */
async function uids(cluster: SharedCluster, at: (path: string) => string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const path of PLURALS) {
    const answer = await cluster.api.request('GET', at(path))
    const { items } = answer.body as { readonly items: readonly Seen[] }
    for (const { metadata } of items) {
      if (metadata.deletionTimestamp !== undefined) continue
      found.set(`${path.slice(path.lastIndexOf('/') + 1)}/${metadata.name}`, metadata.uid)
    }
  }
  return found
}

/** A ConfigMap; further metadata lines may follow the name. */
export const config = (name: string, value = '1', metadata = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${metadata}data: {value: "${value}"}\n`
