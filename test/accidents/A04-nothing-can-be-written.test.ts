// A04 (argoproj/argo-cd#16284): while neither the cluster nor our own records take a write, nothing is deleted.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'
import type { Faults } from './faults.ts'
import { openFaults } from './faults.ts'

describeCluster('A04: nothing can be written', (cluster) => {
  let bed: Bed
  let faults: Faults
  let turn = 0

  beforeAll(async () => {
    const files = {
      'shop/keep.yaml': config('keep'),
      'shop/other.yaml': config('other'),
      'shop/third.yaml': config('third'),
    }
    bed = await openBed(await cluster(), 'full', files)
    faults = await openFaults(bed.cluster)
  })
  afterAll(async () => {
    await faults.close()
    await bed.dispose()
  })

  /** Each time: one object more, synced, and a commit that changes one object and removes that one. */
  beforeEach(async () => {
    turn += 1
    await bed.bench.commit('one more', { 'shop/old.yaml': config(`old-${turn}`) })
    const synced = await bed.app('sync')
    expect(synced.code, synced.out + synced.err).toBe(0)
    await bed.bench.commit('without it', { 'shop/old.yaml': null, 'shop/keep.yaml': config('keep', `${turn + 1}`) })
  })

  async function recovers(): Promise<void> {
    const after = await bed.app('sync', '--prune')
    expect(after.code, after.out + after.err).toBe(0)
    expect(await bed.get(`/api/v1/namespaces/NS/configmaps/old-${turn}`)).toBeNull()
    expect((await bed.app('plan', '--prune')).out).toContain('3 objects: 3 same')
  }

  it('deletes nothing while the API server takes no write, is started again and again, and lists nothing in between', async () => {
    const memory = await bed.remember()
    faults.readOnly()
    for (let start = 0; start < 3; start++) {
      if (start === 1) faults.emptyList('configmaps')
      const ran = await bed.appAs(faults.kubeconfig, 'sync', '--prune')
      expect(ran.code, ran.out + ran.err).toBe(2)
      expect(ran.out + ran.err).toMatch(/database space exceeded|list misses ConfigMap/)
    }
    await faults.clear()
    await memory.unharmed()
    await recovers()
  })

  /** Writes to a table of our records fail, as on a full disk. */
  function withoutRoom(table: string): () => void {
    const change = (sql: string): void => {
      const records = new DatabaseSync(join(bed.bench.folder, 'home', 'records.db'))
      records.exec(sql)
      records.close()
    }
    change(`CREATE TRIGGER full BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
    return () => change('DROP TRIGGER full')
  }

  for (const [table, what] of [
    ['runs', 'that a run begins'],
    ['events', 'what it is about to do'],
    ['inventory', 'what it intends'],
    ['trash', 'the copy of what is to be deleted'],
  ] as const) {
    it(`sends no DELETE when its records do not take ${what}`, async () => {
      const memory = await bed.remember()
      const room = withoutRoom(table)
      const ran = await bed.app('sync', '--prune')
      room()
      expect(ran.code, ran.out + ran.err).toBe(2)
      expect(ran.out + ran.err).toMatch(/records/)
      await memory.unharmed()
      await recovers()
    })
  }
})
