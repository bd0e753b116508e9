// The bed of the accident replays: a synced application, and what every replay asks afterwards: same uids, no delete.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import type { Plan } from '@mainstay/core/plan/plan.ts'
import { expect } from 'vitest'
import { auditMark, auditSince } from '../cluster/audit.ts'
import type { SharedCluster } from '../cluster/shared.ts'
import type { Ran, Workbench } from '../scenarios/workbench.ts'
import { openWorkbench, planIdIn } from '../scenarios/workbench.ts'

/** An application in a cluster, as it stood before the accident. */
export interface Bed {
  readonly cluster: SharedCluster
  readonly bench: Workbench
  /** Where the application's objects are. */
  readonly namespace: string
  /** `mainstay app VERB NAME -f FILE …` for the bench's application. */
  readonly app: (verb: string, ...flags: readonly string[]) => Promise<Ran>
  /** As `app`, with another kubeconfig. */
  readonly appAs: (kubeconfig: string, verb: string, ...flags: readonly string[]) => Promise<Ran>
  /** The plan that `mainstay app VERB … -o json` shows. */
  readonly planned: (
    verb: string,
    ...flags: readonly string[]
  ) => Promise<{ readonly code: number; readonly plan: Plan }>
  /** The object at a path (`NS` is the namespace); null where it does not exist. */
  readonly get: (path: string) => Promise<Seen | null>
  /** Writes an object by hand, as somebody else. */
  readonly put: (method: string, path: string, body?: unknown, type?: string) => Promise<Seen>
  /** Notes what is there now: objects by uid, and the place in the audit log. */
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
  /** Every deletion of ours since belongs to a plan that somebody approved, and says who, when, and from which commit. */
  readonly traced: () => Promise<void>
}

/** Collections whose objects every replay counts. */
const PLURALS = [
  '/api/v1/namespaces/NS/configmaps',
  '/api/v1/namespaces/NS/secrets',
  '/api/v1/namespaces/NS/services',
  '/api/v1/namespaces/NS/persistentvolumeclaims',
  '/apis/apps/v1/namespaces/NS/deployments',
  '/apis/apps/v1/namespaces/NS/statefulsets',
  '/apis/networking.k8s.io/v1/namespaces/NS/ingresses',
] as const

/** What a bed stands on, beside the workbench. */
export interface BedOptions {
  /** The application's namespace, where it is not the workbench's. */
  readonly namespace?: string
  /** Further collections and single objects to count, by path. */
  readonly also?: readonly string[]
}

/** Makes a bed with these files committed and synced. */
export async function openBed(
  cluster: SharedCluster,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<Bed> {
  const bed = bedOf(cluster, await openWorkbench(cluster, name), name)
  await bed.bench.commit('the shop', files)
  const first = await bed.app('sync')
  expect(first.code, first.out + first.err).toBe(0)
  return bed
}

/** A bed on a workbench; nothing is committed or synced. */
export function bedOf(cluster: SharedCluster, bench: Workbench, name: string, options: BedOptions = {}): Bed {
  const namespace = options.namespace ?? bench.namespace
  const at = (path: string): string => path.replace('NS', namespace)
  const words = (verb: string, flags: readonly string[]): readonly string[] => {
    return ['app', verb, name, '-f', bench.appFile, ...flags]
  }
  const app: Bed['app'] = (verb, ...flags) => bench.mainstay(...words(verb, flags))
  const planned: Bed['planned'] = async (verb, ...flags) => {
    const ran = await app(verb, ...flags, '-o', 'json')
    return { code: ran.code, plan: planIn(ran) }
  }
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
  return {
    cluster,
    bench,
    namespace,
    app,
    appAs: (kubeconfig, verb, ...flags) => bench.mainstayAs(kubeconfig, ...words(verb, flags)),
    planned,
    get,
    put,
    approve,
    dispose: () => bench.dispose(),
    remember: () => remember(cluster, bench, namespace, [...PLURALS, ...(options.also ?? [])].map(at)),
  }
}

async function remember(
  cluster: SharedCluster,
  bench: Workbench,
  namespace: string,
  paths: readonly string[],
): Promise<Memory> {
  const before = await uids(cluster, paths)
  const mark = await auditMark(cluster)
  const counted = new Set(before.keys())
  const sent = async (): Promise<readonly string[]> => {
    const entries = await auditSince(cluster, mark, (entry) => {
      const { verb, objectRef, userAgent, requestURI, responseStatus } = entry
      // A Namespace is recorded as being in itself.
      const outside = objectRef?.namespace === undefined || objectRef.namespace === objectRef.name
      const apart = outside && counted.has(`${objectRef?.resource}/${objectRef?.name}`)
      const inside = objectRef?.namespace === namespace || apart
      // The test bed's own client has another name.
      const ours = userAgent?.startsWith('mainstay/') === true && (verb === 'delete' || verb === 'deletecollection')
      return inside && ours && !requestURI.includes('dryRun=') && (responseStatus?.code ?? 0) < 300
    })
    return entries.map((entry) => `${entry.objectRef?.resource}/${entry.objectRef?.name}`)
  }
  return {
    deleted: sent,
    unharmed: async () => {
      expect(await sent()).toEqual([])
      const after = await uids(cluster, paths)
      for (const [name, uid] of before) expect([name, after.get(name)]).toEqual([name, uid])
    },
    traced: async () => {
      for (const name of await sent()) await trace(name, before.get(name) ?? '', bench)
    },
  }
}

/** As much of a trash entry as tells where a deletion came from. */
interface Destroyed {
  readonly uid: string
  readonly plan: string
  readonly by: string
  readonly at: string
}

async function trace(name: string, uid: string, bench: Workbench): Promise<void> {
  const trash = JSON.parse((await bench.mainstay('trash', 'list', '--json')).out) as readonly Destroyed[]
  const entry = trash.find((each) => each.uid === uid)
  expect(entry, name).toMatchObject({ by: 'ana@workbench', at: expect.stringMatching(/^\d{4}-/) })
  const shown = await bench.mainstay('plan', 'show', entry?.plan ?? '')
  expect(shown.out, name).toMatch(/Git [\s\S]*|application .* is deleted/)
  expect(shown.out, name).toMatch(/approved by ana@workbench at \d{4}-/)
}

/** Every object at these paths that is not on its way out: `configmaps/a` → uid. */
async function uids(cluster: SharedCluster, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  const answers = await Promise.all(paths.map(async (path) => [path, await cluster.api.request('GET', path)] as const))
  for (const [path, { status, body }] of answers) {
    if (status !== 200) continue
    const [last = '', before = ''] = path.split('/').reverse()
    const list = body as { readonly items?: readonly Seen[] } & Seen // A collection, or one object.
    const plural = list.items === undefined ? before : last
    for (const { metadata } of list.items ?? [list]) {
      if (metadata.deletionTimestamp === undefined) found.set(`${plural}/${metadata.name}`, metadata.uid)
    }
  }
  return found
}

/** The plan in a document that a command printed. */
export function planIn(ran: Ran): Plan {
  const shown = JSON.parse(ran.out) as Plan | { readonly plan: Plan } // By the schema of the documents.
  return 'plan' in shown ? shown.plan : shown
}

/** `Kind/name` of what a plan deletes, in alphabetical order. */
export function doomed(plan: Plan): readonly string[] {
  return plan.steps.flatMap((step) => (step.kind === 'delete' ? [nameOf(step.ref)] : [])).sort()
}

/** `Kind/name` of what goes along with the deletions of a plan. */
export function alongWith(plan: Plan): readonly string[] {
  const impacts = plan.steps.flatMap((step) => (step.kind === 'delete' ? step.impact : []))
  const refs = impacts.flatMap((impact) => {
    return impact.kind === 'dependants' || impact.kind === 'contents' || impact.kind === 'instances' ? impact.refs : []
  })
  return [...new Set(refs.map(nameOf))].sort()
}

function nameOf(ref: ObjectRef): string {
  return `${ref.kind}/${ref.name}`
}

/** Another application on a workbench. */
export interface Neighbour {
  readonly name: string
  /** Folder of its manifests in the workbench's repository. */
  readonly path: string
  /** Namespace of its objects. */
  readonly destination: string
  /** Namespace of the Application itself; `argocd` by default. */
  readonly controlPlane?: string
  /** Further fields of its spec. */
  readonly spec?: Readonly<Record<string, unknown>>
}

/** Writes the file of another Application on a workbench and returns its path. */
export async function writeNeighbour(bench: Workbench, neighbour: Neighbour): Promise<string> {
  const { name, path, destination, controlPlane = 'argocd', spec } = neighbour
  const finalizers = ['resources-finalizer.argocd.argoproj.io']
  const application = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: controlPlane, finalizers },
    spec: {
      project: 'default',
      source: { repoURL: `file://${bench.repository}`, path, targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: destination },
      ...spec,
    },
  }
  const file = join(bench.folder, `${name}.yaml`)
  await writeFile(file, JSON.stringify(application, null, 2))
  return file
}

/** A ConfigMap; further metadata lines may follow the name. */
export const config = (name: string, value = '1', metadata = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${metadata}data: {value: "${value}"}\n`
