// An installation of Argo CD, moved as it stands: everything is ours without a write, a restart or a deletion.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AuditEntry } from '../cluster/audit.ts'
import { auditMark, auditSince, isWrite } from '../cluster/audit.ts'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { providedTool } from '../run/tool.ts'
import { noteUse } from '../run/usage.ts'
import { applicationNames, applicationOf, capturesPresent, objectsOf, recreate, repositoryOf } from './captured.ts'
import type { Ran, Workbench } from './workbench.ts'
import { openWorkbench, planIdIn, waitUntil } from './workbench.ts'

interface Seen {
  readonly metadata: { readonly uid: string; readonly generation?: number }
  readonly spec?: { readonly revisionHistoryLimit?: number }
  readonly status?: { readonly readyReplicas?: number }
  readonly data?: Readonly<Record<string, string>>
}

/** Applications with objects, and how many of them Git describes (the Namespace counts where it is asked for). */
const PLAIN = { plain: 10, ssa: 10, drift: 2, prune: 3, waves: 4, recurse: 3, multi: 5, finalized: 4 } as const
/** The same of those that a real tool renders, where it is on this machine. */
const APPS: Readonly<Record<string, number>> = { ...PLAIN, ...('path' in providedTool('kustomize') ? { kust: 3 } : {}) }
const helm = 'path' in providedTool('helm')
const RUNNING = ['plain', 'ssa'] as const
/** Applications that cannot be rendered, placed or accepted, with what the refusal names. */
const REFUSED = {
  broken: ['Service/bad', 'spec.ports[0].port'],
  nopath: ['does/not/exist'],
  norev: ['nope', 'targetRevision'],
  nocluster: ['https://nowhere.invalid:6443', 'spec.destination.server'],
} as const

it('is moved wherever its capture lies beside the repository', () => {
  // The captures are no part of the project: where they are not beside it, there is nothing to move.
  expect(capturesPresent ? applicationNames('1-synced') : Object.keys(APPS)).toEqual(
    expect.arrayContaining(Object.keys(APPS)),
  )
})

const describeCaptured = capturesPresent ? describeCluster : () => undefined

/**
 * Helm is told of the cluster, and other tests make API groups of it fail for a moment: what the source says itself is not
 * asked for.
 */
function withFacts<Manifest extends { readonly spec?: unknown }>(application: Manifest): Manifest {
  const { spec } = application as { readonly spec?: { readonly source?: { readonly helm?: object } } }
  if (spec?.source?.helm === undefined) return application
  const helm = { ...spec.source.helm, kubeVersion: '1.36', apiVersions: ['v1'] }
  return { ...application, spec: { ...spec, source: { ...spec.source, helm } } }
}

describeCaptured('an installation of Argo CD', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench
  const made = [...Object.keys(APPS), 'hooks', 'broken']

  beforeAll(async () => {
    if ('kust' in APPS) noteUse(['kustomize'])
    if (helm) noteUse(['helm'])
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'adopt')
    const files = repositoryOf('1-synced')
    await bench.commit('as Argo CD synced it', files)
    for (const app of applicationNames('1-synced')) {
      const application = withFacts(applicationOf('1-synced', app, bench.repository, namespaceOf(app)))
      await writeFile(fileOf(app), JSON.stringify(application, null, 2))
    }
    for (const app of made) {
      await recreate(cluster, objectsOf('1-synced', app, namespaceOf(app)), files['ssa/all.yaml'] ?? '')
    }
    for (const app of RUNNING) {
      const web = { collection: `/apis/apps/v1/namespaces/${namespaceOf(app)}/deployments`, name: 'web' }
      const running = await waitUntil<Seen>(cluster, web, (seen) => seen.status?.readyReplicas === 2)
      expect(running?.status?.readyReplicas).toBe(2)
    }
  })
  afterAll(async () => {
    for (const app of made) await cluster.api.request('DELETE', `/api/v1/namespaces/${namespaceOf(app)}`)
    await bench.dispose()
  })

  const namespaceOf = (app: string): string => `${bench.namespace}-${app}`
  const fileOf = (app: string): string => join(bench.folder, `${app}.yaml`)
  const mainstay = (verb: 'plan' | 'sync', app: string, ...flags: readonly string[]): Promise<Ran> =>
    bench.mainstay('app', verb, app, '-f', fileOf(app), ...flags)
  const get = async (app: string, path: string): Promise<Seen | null> => {
    const answer = await cluster.api.request('GET', path.replace('NS', `namespaces/${namespaceOf(app)}`))
    return answer.status === 404 ? null : (answer.body as Seen)
  }
  const podsOf = async (app: string): Promise<readonly string[]> => {
    const answer = await cluster.api.request('GET', `/api/v1/namespaces/${namespaceOf(app)}/pods`)
    return (answer.body as { items: Seen[] }).items.map((pod) => pod.metadata.uid).sort()
  }
  /** What the program wrote since a mark, about the application's namespace or in it. */
  const writtenSince = (mark: number, app: string): Promise<readonly AuditEntry[]> =>
    auditSince(cluster, mark, (entry) => {
      const { namespace, name } = entry.objectRef ?? {}
      const ours = entry.userAgent?.startsWith('mainstay/') === true
      return ours && isWrite(entry) && [namespace, name].includes(namespaceOf(app))
    })
  const CONFIG = (name: string): string => `/api/v1/NS/configmaps/${name}`
  const WEB = '/apis/apps/v1/NS/deployments/web'

  it.each(Object.entries(APPS))('holds %s as it stands: a sync records it and writes nothing', async (app, objects) => {
    const shown = await mainstay('plan', app, '--prune')
    expect(shown, shown.out + shown.err).toMatchObject({ code: 0 })
    expect(shown.out).toContain(`${objects} objects: ${objects} same`)
    const mark = await auditMark(cluster)
    const ran = await mainstay('sync', app, '--prune')
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect(await writtenSince(mark, app)).toEqual([])
    const again = await mainstay('plan', app, '--prune')
    expect(again.out).toContain(`${objects} objects: ${objects} same`)
    expect(again.out).not.toContain('nothing to do in the cluster')
  })

  it('with hooks asks before they are left out, and keeps the Job of a hook that had run', async () => {
    const asked = await mainstay('sync', 'hooks', '--prune')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toContain('hook Job/migrate-… (hooks/job.yaml:1) does not run')
    const id = planIdIn(asked.out + asked.err)
    expect((await bench.mainstay('approve', id)).code).toBe(0)
    const ran = await bench.mainstay('apply', id)
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect(await get('hooks', '/apis/batch/v1/NS/jobs/migrate-4b30333-presync-1795425244')).not.toBeNull()
  })

  it('with a chart whose hook never let it be synced is asked about, not synced', async () => {
    const mark = await auditMark(cluster)
    const ran = await mainstay('plan', 'chart')
    expect(ran.code, ran.out + ran.err).toBe(helm ? 3 : 2)
    for (const name of helm ? ['hook-not-run', 'ConfigMap/pre', 'Deployment/chart-api'] : ['helm']) {
      expect(ran.out + ran.err).toContain(name)
    }
    expect(await writtenSince(mark, 'chart')).toEqual([])
  })

  it.each(RUNNING)('of %s loses the field that a later commit drops, and no Pod is started again', async (app) => {
    const pods = await podsOf(app)
    const before = await get(app, WEB)
    const path = `${app}/all.yaml`
    const text = repositoryOf('1-synced')[path] ?? ''
    await bench.commit('fewer fields', {
      [path]: text.replace(', big: "9007199254740993"', '').replace('  revisionHistoryLimit: 3\n', ''),
    })
    const ran = await mainstay('sync', app)
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect((await get(app, CONFIG('web')))?.data).toEqual({ LEVEL: 'info' })
    const after = await get(app, WEB)
    expect(after?.spec?.revisionHistoryLimit).toBe(10)
    expect(after?.metadata.uid).toBe(before?.metadata.uid)
    expect(await podsOf(app)).toEqual(pods)
    const again = await mainstay('plan', app)
    expect(again, again.out + again.err).toMatchObject({ code: 0 })
  })

  it('shows who edited it by hand, and takes back only what Git says', async () => {
    const url = `/api/v1/namespaces/${namespaceOf('drift')}/configmaps/drift?fieldManager=kubectl-edit`
    const edit = { data: { a: '9', mine: 'x' } }
    expect((await cluster.api.request('PATCH', url, edit, 'application/merge-patch+json')).status).toBe(200)
    const plan = await mainstay('plan', 'drift')
    expect(plan.out).toMatch(/ConfigMap\/drift {2}data\.a "9" → "1" .*hand edit by kubectl-edit/)
    expect((await mainstay('sync', 'drift')).code).toBe(0)
    expect((await get('drift', CONFIG('drift')))?.data).toEqual({ a: '1', b: '2', mine: 'x' })
  })

  it('asks before it deletes what only the mark of Argo CD speaks for, and not what was recorded at the move', async () => {
    await bench.commit('as Argo CD saw it next', repositoryOf('2-changed'))
    const empty = join(bench.folder, 'nothing-recorded')
    const asked = await bench.mainstayAt(empty, 'app', 'sync', 'prune', '-f', fileOf('prune'), '--prune')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toContain('carries our mark, but no record says that we applied it')
    expect(await get('prune', CONFIG('gone'))).not.toBeNull()
    const mark = await auditMark(cluster)
    const ran = await mainstay('sync', 'prune', '--prune')
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect((await writtenSince(mark, 'prune')).map((entry) => entry.verb)).toEqual(['delete'])
    expect(await get('prune', CONFIG('gone'))).toBeNull()
    expect(await get('prune', CONFIG('keep'))).not.toBeNull()
  })

  it.each(Object.entries(REFUSED))('names what stands in the way of %s, and writes nothing', async (app, names) => {
    const mark = await auditMark(cluster)
    const ran = await mainstay('sync', app, '--prune')
    expect(ran.code, ran.out + ran.err).toBe(2)
    for (const name of names) expect(ran.out + ran.err).toContain(name)
    expect(await writtenSince(mark, app)).toEqual([])
  })
})
