// A06 (argoproj/argo-cd#4423, #15058, #24408, #26530): what a cache holds is never believed; at worst it is fetched again.
import { execFile, execFileSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { WEB } from '../scenarios/manifests.ts'
import type { Bed } from './bed.ts'
import { config, openBed } from './bed.ts'

const run = promisify(execFile)
const NAMES = Array.from({ length: 9 }, (_, n) => `c${n}`)
const files = { 'shop/web.yaml': WEB, ...Object.fromEntries(NAMES.map((name) => [`shop/${name}.yaml`, config(name)])) }

describeCluster('A06: a cache is corrupt', (cluster) => {
  let bed: Bed
  let home: string
  let turn = 1

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'cached', files)
    home = join(bed.bench.folder, 'home')
  })
  afterAll(() => bed.dispose())

  /** Every file below a folder that is larger than a few bytes. */
  async function filesIn(folder: string): Promise<readonly string[]> {
    const names = await readdir(folder, { recursive: true })
    const found: string[] = []
    for (const name of names) {
      const place = await stat(join(folder, name))
      if (place.isFile() && place.size > 8) found.push(join(folder, name))
    }
    return found
  }

  const copies = (): string => join(home, 'git')

  /** The bare copy of the repository. */
  async function copy(): Promise<string> {
    const names = await readdir(copies(), { recursive: true })
    return join(copies(), names.find((name) => name.endsWith('repo.git')) ?? '')
  }

  /** Puts a folder with five files less under the id of the wanted one. */
  async function poison(): Promise<void> {
    const { stdout } = await run('git', ['rev-parse', 'HEAD:shop'], { cwd: bed.bench.repository })
    const id = stdout.trim()
    const tree = await run('git', ['cat-file', 'tree', id], { cwd: bed.bench.repository, encoding: 'buffer' })
    // An entry is `mode name`, a zero byte, and twenty bytes of id.
    const end = [...Array(5)].reduce<number>((at) => tree.stdout.indexOf(0, at) + 21, 0)
    const smaller = tree.stdout.subarray(end)
    const object = Buffer.concat([Buffer.from(`tree ${smaller.length}\0`), smaller])
    const gitDir = await copy()
    await unpack(gitDir)
    const place = join(gitDir, 'objects', id.slice(0, 2), id.slice(2))
    await rm(place)
    await writeFile(place, deflateSync(object))
    const there = await run('git', ['--git-dir', gitDir, 'cat-file', 'tree', id], { encoding: 'buffer' })
    expect(there.stdout).toEqual(smaller)
  }

  /** Makes one file of each object, so that one can be exchanged. */
  async function unpack(gitDir: string): Promise<void> {
    const packs = join(gitDir, 'objects', 'pack')
    const aside = join(bed.bench.folder, 'packs')
    await rename(packs, aside)
    await mkdir(packs)
    for (const name of (await readdir(aside)).filter((each) => each.endsWith('.pack'))) {
      execFileSync('git', ['--git-dir', gitDir, 'unpack-objects', '-q'], { input: await readFile(join(aside, name)) })
    }
  }

  const modes: readonly (readonly [string, () => Promise<void>])[] = [
    ['every file of the copy is cut in half', async () => halve(copies())],
    [
      'every file of the copy is empty',
      async () => void (await Promise.all((await filesIn(copies())).map((file) => truncate(file)))),
    ],
    ['the copy is gone', async () => rm(copies(), { recursive: true })],
    ['the copy holds a folder with less in it than its id says', poison],
    ['the copy is one of another repository', other],
    ['what is kept of the server is cut in half', async () => halve(join(home, 'schemas'))],
    ['answers of the server are exchanged', exchange],
  ]

  async function halve(folder: string): Promise<void> {
    for (const file of await filesIn(folder)) await truncate(file, Math.floor((await stat(file)).size / 2))
  }

  async function other(): Promise<void> {
    const elsewhere = join(bed.bench.folder, `elsewhere-${turn}`)
    await run('git', ['init', '--quiet', '--bare', elsewhere])
    const place = await copy()
    await rm(join(place, 'objects'), { recursive: true })
    await cp(join(elsewhere, 'objects'), join(place, 'objects'), { recursive: true })
  }

  async function exchange(): Promise<void> {
    const records = new DatabaseSync(join(home, 'records.db'))
    const first = '(SELECT sealed FROM dry_runs ORDER BY seq LIMIT 1)'
    const { changes } = records.prepare(`UPDATE dry_runs SET sealed = ${first}`).run()
    expect(changes).toBeGreaterThan(1)
    records.close()
  }

  for (const [name, corrupt] of modes) {
    it(`deletes nothing, and syncs what Git says, when ${name}`, async () => {
      turn += 1
      await bed.bench.commit('one value', { 'shop/c0.yaml': config('c0', String(turn)) })
      // What is about to be corrupted is all there.
      expect((await bed.app('plan', '--prune')).code).toBe(1)
      const memory = await bed.remember()
      await corrupt()
      const ran = await bed.app('sync', '--prune')
      expect(ran.code, ran.out + ran.err).toBe(0)
      expect(ran.out).toContain('(1 configured)')
      await memory.unharmed()
      expect((await bed.app('plan', '--prune')).out).toContain('10 objects: 10 same')
    })
  }
})
