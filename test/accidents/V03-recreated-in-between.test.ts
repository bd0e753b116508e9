// V03: an object that somebody deletes and makes anew between the plan and its run survives, and the plan is void.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { planIdIn } from '../scenarios/workbench.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

const PATH = '/api/v1/namespaces/NS/configmaps/old'

describeCluster('V03: re-created between plan and run', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'between', { 'shop/a.yaml': config('a'), 'shop/old.yaml': config('old') })
  })
  afterAll(() => bed.dispose())

  it('refuses the approved plan, names both uids and touches nothing', async () => {
    const asked = await bed.app('delete')
    const id = planIdIn(asked.out + asked.err)
    expect((await bed.bench.mainstay('approve', id)).code).toBe(0)
    await bed.put('DELETE', PATH)
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'old' }, data: { made: 'by hand' } }
    await bed.put('POST', '/api/v1/namespaces/NS/configmaps', body)
    const memory = await bed.remember()
    const ran = await bed.bench.mainstay('apply', id)
    expect(ran.code, ran.out + ran.err).toBe(2)
    expect(ran.err).toContain('the world moved')
    expect(ran.err).toContain('ConfigMap/old')
    await memory.unharmed()
  })

  it('never deletes the new object with the application: it is not the one that was recorded', async () => {
    const ran = await bed.approve(await bed.app('delete'))
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect((await bed.get(PATH))?.data).toEqual({ made: 'by hand' })
    expect(await bed.get(PATH.replace('old', 'a'))).toBeNull()
  })
})
