// A01 (argoproj/argo-cd#3473): a Git host that fails, answers nothing or half of it is never taken as "delete everything".
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { CONFIG, LEGACY, WEB } from '../scenarios/manifests.ts'
import type { Bed } from './bed.ts'
import { openBed } from './bed.ts'

describeCluster('A01: the Git host fails', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    const files = { 'shop/web.yaml': WEB, 'shop/config.yaml': CONFIG, 'shop/legacy.yaml': LEGACY }
    bed = await openBed(await cluster(), 'outage', files)
  })
  afterAll(() => bed.dispose())

  /** Puts something else in the repository's place while `work` runs. */
  async function instead(make: (place: string) => Promise<void>, work: () => Promise<void>): Promise<void> {
    const { repository } = bed.bench
    await rename(repository, `${repository}-kept`)
    try {
      await make(repository)
      await work()
    } finally {
      await rm(repository, { recursive: true, force: true })
      await rename(`${repository}-kept`, repository)
    }
  }

  const cases: readonly (readonly [string, (place: string) => Promise<void>])[] = [
    ['is not there', async () => undefined],
    ['is an empty folder', async (place) => void (await mkdir(place))],
    ['is a page that says "maintenance"', async (place) => writeFile(place, '<html>maintenance</html>')],
    [
      'is cut off in the middle',
      async (place) => {
        await mkdir(join(place, '.git'), { recursive: true })
        await writeFile(join(place, '.git', 'HEAD'), 'ref: refs/heads/main\n')
      },
    ],
  ]
  for (const [name, make] of cases) {
    it(`refuses while the repository ${name}, deletes nothing, and goes on when it is back`, async () => {
      const memory = await bed.remember()
      await instead(make, async () => {
        const ran = await bed.app('sync', '--prune')
        expect(ran.code, ran.out + ran.err).toBe(2)
        expect(ran.err).toContain(bed.bench.repository)
      })
      await memory.unharmed()
      const after = await bed.app('plan', '--prune')
      expect(after.code, after.out + after.err).toBe(0)
    })
  }

  it('blocks a commit that leaves the folder empty: zero manifests are suspicious, and no approval helps', async () => {
    const memory = await bed.remember()
    await bed.bench.commit('emptied', {
      'shop/web.yaml': null,
      'shop/config.yaml': null,
      'shop/legacy.yaml': null,
      'shop/readme.txt': 'nothing here\n',
    })
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(4)
    expect(ran.out + ran.err).toContain('empty')
    await memory.unharmed()
  })
})
