// V05: of two objects of one kind and name in two namespaces only the one that drifted is put right.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditMark, auditSince, isWrite } from '../cluster/audit.ts'
import { describeCluster } from '../cluster/shared.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

const PATH = '/api/v1/namespaces/NS/configmaps/settings'

describeCluster('V05: the same name in two namespaces', (cluster) => {
  let bed: Bed
  let second: string

  beforeAll(async () => {
    const shared = await cluster()
    second = await shared.namespace('second')
    bed = await openBed(shared, 'first', {
      'shop/here.yaml': config('settings', 'here'),
      'shop/there.yaml': config('settings', 'there', `  namespace: ${second}\n`),
    })
  })
  afterAll(() => bed.dispose())

  it('writes to the one that was edited, and to no other object', async () => {
    const path = PATH.replace('NS', second)
    const edit = { data: { value: 'by hand' } }
    await bed.put('PATCH', `${path}?fieldManager=kubectl-edit`, edit, 'application/merge-patch+json')
    const mark = await auditMark(bed.cluster)
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(0)
    const sent = await auditSince(bed.cluster, mark, (entry) => {
      return isWrite(entry) && entry.userAgent?.startsWith('mainstay/') === true && entry.objectRef?.name === 'settings'
    })
    expect(sent.map(({ verb, objectRef }) => [verb, objectRef?.namespace])).toEqual([['patch', second]])
    expect((await bed.get(path))?.data).toEqual({ value: 'there' })
    expect((await bed.get(PATH))?.data).toEqual({ value: 'here' })
  })

  it('deletes the one that left Git, and not the other', async () => {
    await bed.bench.commit('there no more', { 'shop/there.yaml': null })
    const memory = await bed.remember()
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(0)
    await memory.unharmed()
    expect(await bed.get(PATH.replace('NS', second))).toBeNull()
  })
})
