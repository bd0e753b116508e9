// What stays in a copy when branches move, and what goes: never what a branch, a tag or a record speaks of.
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { faultOf } from './contract.ts'
import { collectGarbage } from './garbage.ts'
import { Beds, readFrom } from './testing/bed.ts'
import type { TestRepository } from './testing/repository.ts'

const DAY = 24 * 60 * 60 * 1000
const START = Date.UTC(2026, 0, 10)

const beds = new Beds()
afterEach(() => beds.end())

function stage() {
  let now = START
  const clock = { now: () => now, sleep: () => Promise.resolve() }
  const repository = beds.repository({ 'a.yaml': 'a: 1\n' })
  const { cache, source } = beds.open({}, { clock })
  const collect = (keep: readonly string[] = []) =>
    collectGarbage({ cache, clock, unreachableMs: 30 * DAY, everyMs: DAY, keep: async () => new Set(keep) })
  return {
    cache,
    clock,
    collect,
    repository,
    source,
    later: (days: number) => {
      now += days * DAY
    },
  }
}

/** Puts another history in place of `main`, so that the server cannot give the old one any more. */
function replaceHistory(repository: TestRepository, text: string): string {
  repository.git('checkout', '--quiet', '--orphan', `to-${text}`)
  const commit = repository.commit(text, { 'a.yaml': `a: ${text}\n` })
  repository.git('branch', '--force', 'main', commit)
  repository.git('checkout', '--quiet', 'main')
  repository.git('branch', '--delete', '--force', `to-${text}`)
  repository.git('reflog', 'expire', '--expire=now', '--all')
  repository.git('gc', '--quiet', '--prune=now')
  return commit
}

function objectsIn(cache: string): number {
  const [copy = ''] = readdirSync(cache).filter((name) => name !== 'collected')
  const gitDir = join(cache, copy, 'repo.git')
  const args = [`--git-dir=${gitDir}`, 'cat-file', '--batch-all-objects', '--batch-check']
  return execFileSync('git', args, { encoding: 'utf8' }).trim().split('\n').length
}

describe('a commit that was pushed away', () => {
  it('stays readable for a while, and goes then', async () => {
    const { cache, clock, collect, later, repository, source } = stage()
    const old = await source.resolve(repository.path, 'main')
    await readFrom(source, repository.path, 'a.yaml')
    replaceHistory(repository, '2')
    expect(await readFrom(source, repository.path, 'a.yaml')).toBe('a: 2\n')
    later(20)
    expect(await collect()).toBe(0)
    expect((await source.resolve(repository.path, old.commit)).commit).toBe(old.commit)
    later(20)
    expect(objectsIn(cache)).toBe(6)
    expect(await collect()).toBe(1)
    expect(objectsIn(cache)).toBe(3)
    // Whoever is reading goes on with the files it has open; who comes later finds it gone.
    const next = beds.open({}, { cache, clock }).source
    expect((await faultOf(next.resolve(repository.path, old.commit))).kind).toBe('not-found')
    expect(await readFrom(source, repository.path, 'a.yaml')).toBe('a: 2\n')
    replaceHistory(repository, '3')
    expect(await readFrom(source, repository.path, 'a.yaml')).toBe('a: 3\n')
  })

  it('stays as long as records speak of it', async () => {
    const { collect, later, repository, source } = stage()
    const old = await source.resolve(repository.path, 'main')
    await readFrom(source, repository.path, 'a.yaml')
    replaceHistory(repository, '2')
    await source.resolve(repository.path, 'main')
    later(400)
    replaceHistory(repository, '3')
    await source.resolve(repository.path, 'main')
    later(40)
    expect(await collect([old.commit])).toBe(1)
    expect((await source.resolve(repository.path, old.commit)).commit).toBe(old.commit)
    const snapshot = await source.snapshot(old)
    expect(Buffer.from((await snapshot.read('a.yaml')).bytes).toString()).toBe('a: 1\n')
  })
})

describe('collecting', () => {
  it('is done once in a while, and does nothing where there is no garbage', async () => {
    const { cache, clock, later, repository, source } = stage()
    await source.resolve(repository.path, 'main')
    repository.commit('two')
    await source.resolve(repository.path, 'main')
    let asked = 0
    const collect = () =>
      collectGarbage({
        cache,
        clock,
        unreachableMs: 0,
        everyMs: DAY,
        keep: async () => {
          asked++
          return new Set()
        },
      })
    later(100)
    expect(await collect()).toBe(0)
    expect(await collect()).toBe(0)
    expect(asked).toBe(1)
    later(2)
    expect(await collect()).toBe(0)
    expect(asked).toBe(2)
    expect(
      await collectGarbage({
        cache: join(cache, 'none'),
        clock,
        unreachableMs: 0,
        everyMs: 0,
        keep: async () => new Set(),
      }),
    ).toBe(0)
  })
})
