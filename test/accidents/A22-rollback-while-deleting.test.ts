// A22 (argoproj/argo-cd#17484): deletions come last and only when the new version is well, so that a rollback finds everything.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { stageAnnotation } from '../cluster/stage.ts'
import { WEB } from '../scenarios/manifests.ts'
import type { Bed } from './bed.ts'
import { openBed } from './bed.ts'

const CRASHING = WEB.replaceAll('web', 'web-v2').replace(
  'labels: {app: web-v2}',
  `labels: {app: web-v2}\n      annotations: {${stageAnnotation}: never-starts}`,
)

describeCluster('A22: the new version is bad and the old one was to be removed', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'rolling', { 'shop/web.yaml': WEB })
  })
  afterAll(() => bed.dispose())

  it('keeps the old version while the new one does not come up, and a rollback deletes nothing of it', async () => {
    const memory = await bed.remember()
    await bed.bench.commit('renamed, and broken', { 'shop/web.yaml': CRASHING })
    const ran = await bed.app('sync', '--prune', '--timeout', '2')
    expect(ran.code, ran.out + ran.err).toBe(2)
    await memory.unharmed()
    const back = await bed.app('rollback', '0')
    expect(back.code, back.out + back.err).toBe(0)
    await memory.unharmed()
  })

  it('never calls an object synced that is on its way out, and creates it again when it is gone', async () => {
    await bed.bench.commit('as before', { 'shop/web.yaml': WEB })
    const path = '/apis/apps/v1/namespaces/NS/deployments/web'
    await bed.put('PATCH', path, { metadata: { finalizers: ['example.com/hold'] } }, 'application/merge-patch+json')
    const { uid } = (await bed.get(path))?.metadata ?? {}
    await bed.put('DELETE', path)
    const during = await bed.app('sync')
    expect(during.code, during.out + during.err).not.toBe(0)
    expect(during.out + during.err).toMatch(/being deleted|on its way out|terminating/)
    await bed.put('PATCH', path, { metadata: { finalizers: [] } }, 'application/merge-patch+json')
    const after = await bed.app('sync')
    expect(after.code, after.out + after.err).toBe(0)
    const made = await bed.get(path)
    expect(made?.metadata.uid).toBeDefined()
    expect(made?.metadata.uid).not.toBe(uid)
  })
})
