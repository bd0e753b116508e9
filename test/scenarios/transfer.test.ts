// An application under a new name: its objects move by one approval, nothing is deleted and no uid changes.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { CONFIG, SERVICE, WEB } from './manifests.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench, planIdIn } from './workbench.ts'

describeCluster('a transfer', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench
  let renamed: string

  beforeAll(async () => {
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'transfer')
    await bench.commit('the shop', { 'shop/web.yaml': `${WEB}---\n${SERVICE}`, 'shop/config.yaml': CONFIG })
    expect((await bench.mainstay('app', 'sync', 'transfer', '-f', bench.appFile)).code).toBe(0)
    renamed = join(bench.folder, 'renamed.yaml')
    await writeFile(renamed, JSON.stringify(application(bench), null, 2))
  })
  afterAll(() => bench.dispose())

  const uids = async (): Promise<readonly string[]> => {
    const paths = ['apis/apps/v1/NS/deployments/web', 'api/v1/NS/services/web', 'api/v1/NS/configmaps/web-config']
    const answers = paths.map(async (path) => {
      const answer = await cluster.api.request('GET', `/${path.replace('NS', `namespaces/${bench.namespace}`)}`)
      expect(answer.status, path).toBe(200)
      return (answer.body as { metadata: { uid: string } }).metadata.uid
    })
    return await Promise.all(answers)
  }

  it('is asked for once, for all objects, and moves them without a delete', async () => {
    const before = await uids()
    const asked = await bench.mainstay('app', 'sync', 'renamed', '-f', renamed)
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toContain('3 objects belong to application argocd/transfer and would be taken over')
    expect(asked.out).not.toContain('- delete')
    const id = planIdIn(asked.out + asked.err)
    expect((await bench.mainstay('approve', id)).code).toBe(0)
    const ran = await bench.mainstay('apply', id)
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect(await uids()).toEqual(before)
    expect((await bench.mainstay('app', 'plan', 'renamed', '-f', renamed)).code).toBe(0)
  })

  it('leaves the old application nothing to delete', async () => {
    const before = await uids()
    const asked = await bench.mainstay('app', 'delete', 'transfer', '-f', bench.appFile)
    expect(asked.out + asked.err).not.toContain('- delete')
    expect(await uids()).toEqual(before)
  })

  it('is taken for a deletion of nobody when the new application goes: its own approval names every object', async () => {
    const asked = await bench.mainstay('app', 'delete', 'renamed', '-f', renamed)
    expect(asked.code).toBe(3)
    expect(asked.out).toMatch(/- delete {2}Deployment\/web/)
    expect(asked.out).not.toContain('existed before')
  })
})

function application(bench: Workbench): unknown {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'renamed', namespace: 'argocd', finalizers: ['resources-finalizer.argocd.argoproj.io'] },
    spec: {
      project: 'default',
      source: { repoURL: `file://${bench.repository}`, path: 'shop', targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: bench.namespace },
    },
  }
}
