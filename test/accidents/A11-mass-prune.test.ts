// A11 (argoproj/argo-cd#7412): a change that prunes most of an application waits for somebody who saw every name.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

const NAMES = Array.from({ length: 40 }, (_, n) => `c${String(n).padStart(2, '0')}`)
const files = Object.fromEntries(NAMES.map((name) => [`shop/${name}.yaml`, config(name)]))

describeCluster('A11: a bad change removes 37 of 40 objects', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'mass', files)
    await bed.bench.commit('oops', Object.fromEntries(NAMES.slice(3).map((name) => [`shop/${name}.yaml`, null])))
  })
  afterAll(() => bed.dispose())

  it('deletes nothing and lists every object with counts, share and the way out', async () => {
    const memory = await bed.remember()
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(3)
    expect(ran.out).toContain('37 of 40 objects (92 %) would be deleted')
    for (const name of NAMES.slice(3)) expect(ran.out).toContain(`ConfigMap/${name}`)
    expect(ran.out).toMatch(/mainstay approve [0-9a-f]+/)
    await memory.unharmed()
  })

  it('is void as soon as Git moved after the approval', async () => {
    const asked = await bed.app('sync', '--prune')
    const memory = await bed.remember()
    await bed.bench.commit('half of it back', { 'shop/c39.yaml': config('c39') })
    const ran = await bed.approve(asked)
    expect(ran.code, ran.out + ran.err).toBe(2)
    expect(ran.err).toContain('the world moved')
    await memory.unharmed()
  })

  it('is undone from the trash with one command after it was approved', async () => {
    const asked = await bed.app('sync', '--prune')
    expect((await bed.approve(asked)).code).toBe(0)
    expect(await bed.get('/api/v1/namespaces/NS/configmaps/c10')).toBeNull()
    const trash = JSON.parse((await bed.bench.mainstay('trash', 'list', '--json')).out) as { plan: string }[]
    expect(trash).toHaveLength(36)
    const restored = await bed.bench.mainstay('trash', 'restore', '--plan', trash[0]?.plan ?? '')
    expect(restored.code, restored.out + restored.err).toBe(0)
    expect((await bed.get('/api/v1/namespaces/NS/configmaps/c10'))?.data).toEqual({ value: '1' })
  })
})
