// What cannot be changed in place: refused without being asked for, two visible steps with approval where it is.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { WEB } from './manifests.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench, planIdIn } from './workbench.ts'

interface Seen {
  readonly metadata: { readonly uid: string }
  readonly spec: { readonly selector: { readonly matchLabels: Readonly<Record<string, string>> } }
}

const MOVED = WEB.replaceAll('{app: web}', '{app: web, tier: front}')
const FORCED = MOVED.replace(
  'name: web\n',
  'name: web\n  annotations: {argocd.argoproj.io/sync-options: "Force=true"}\n',
)

describeCluster('replacing', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench

  beforeAll(async () => {
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'replace')
    await bench.commit('the shop', { 'shop/web.yaml': WEB })
    expect((await bench.mainstay('app', 'sync', 'replace', '-f', bench.appFile)).code).toBe(0)
  })
  afterAll(() => bench.dispose())

  const deployment = async (): Promise<Seen> => {
    const path = `/apis/apps/v1/namespaces/${bench.namespace}/deployments/web`
    return (await cluster.api.request('GET', path)).body as Seen
  }

  it('is not done for a field that is immutable; the refusal says how to ask for it', async () => {
    const before = await deployment()
    await bench.commit('another selector', { 'shop/web.yaml': MOVED })
    const ran = await bench.mainstay('app', 'sync', 'replace', '-f', bench.appFile)
    expect(ran.code, ran.out + ran.err).toBe(2)
    expect(ran.out + ran.err).toContain('field is immutable')
    expect(ran.out + ran.err).toContain('Force=true on the Deployment')
    expect((await deployment()).metadata.uid).toBe(before.metadata.uid)
  })

  it('is planned as delete and create with --force, runs only with an approval, and can be undone', async () => {
    const before = await deployment()
    const asked = await bench.mainstay('app', 'sync', 'replace', '-f', bench.appFile, '--force')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toMatch(/- delete {2}Deployment\/web {2}it cannot be changed in place/)
    expect(asked.out).toMatch(/takes with it what it owns: .*ReplicaSet/)
    expect((await deployment()).metadata.uid).toBe(before.metadata.uid)
    const id = planIdIn(asked.out + asked.err)
    expect((await bench.mainstay('approve', id)).code).toBe(0)
    const ran = await bench.mainstay('apply', id)
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    const after = await deployment()
    expect(after.metadata.uid).not.toBe(before.metadata.uid)
    expect(after.spec.selector.matchLabels).toEqual({ app: 'web', tier: 'front' })
    const again = await bench.mainstay('app', 'plan', 'replace', '-f', bench.appFile)
    expect(again, again.out + again.err).toMatchObject({ code: 0 })
    const trash = JSON.parse((await bench.mainstay('trash', 'list', '--json')).out) as { uid: string }[]
    expect(trash.map((entry) => entry.uid)).toContain(before.metadata.uid)
  })

  it('happens in place where an object marked Force=true can be changed in place', async () => {
    const before = await deployment()
    await bench.commit('more replicas', { 'shop/web.yaml': FORCED.replace('replicas: 2', 'replicas: 3') })
    const ran = await bench.mainstay('app', 'sync', 'replace', '-f', bench.appFile)
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect((await deployment()).metadata.uid).toBe(before.metadata.uid)
  })
})
