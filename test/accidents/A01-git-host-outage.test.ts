// A01 (argoproj/argo-cd#3473): a Git host that fails, answers nothing or half of it is never taken as "delete everything".
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { CONFIG, LEGACY, WEB } from '../scenarios/manifests.ts'
import type { Bed } from './bed.ts'
import { openBed } from './bed.ts'

const FILES = { 'shop/web.yaml': WEB, 'shop/config.yaml': CONFIG, 'shop/legacy.yaml': LEGACY }

describeCluster('A01: the Git host fails', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'outage', FILES)
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

  it('goes on when the commit that emptied the folder is taken back', async () => {
    const memory = await bed.remember()
    await bed.bench.commit('as before', FILES)
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(ran.out).toContain('3 objects: 3 same')
    await memory.unharmed()
  })

  it('refuses when one of two sources is lost: what is left of the manifests is not what Git wants', async () => {
    const source = { path: 'shop', targetRevision: 'main', repoURL: `file://${bed.bench.repository}` }
    const other = join(bed.bench.folder, 'other')
    await cp(bed.bench.repository, other, { recursive: true })
    await bed.bench.commit('half of it', { 'shop/legacy.yaml': null })
    const sources = [source, { ...source, repoURL: `file://${other}`, directory: { include: 'legacy.yaml' } }]
    await bed.bench.writeApp({ source: undefined, sources })
    const both = await bed.app('sync', '--prune')
    expect(both.code, both.out + both.err).toBe(0)
    expect(both.out).toContain('3 objects: 3 same')
    const memory = await bed.remember()
    await rename(other, `${other}-away`)
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(2)
    expect(ran.err).toContain(other)
    await rename(`${other}-away`, other)
    expect((await bed.app('plan', '--prune')).code).toBe(0)
    await memory.unharmed()
  })
})
