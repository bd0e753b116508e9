// Trees of processes that were killed.
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { removeLeftTrees } from './leftover.ts'
import { TREE_PREFIX } from './materialise.ts'

it('are removed when they are older than any render, and nothing else is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-left-'))
  try {
    const now = Date.UTC(2026, 0, 2)
    const make = (name: string, ageMinutes: number) => {
      mkdirSync(join(folder, name, 'tree'), { recursive: true })
      writeFileSync(join(folder, name, 'tree', 'a.yaml'), 'a')
      const then = new Date(now - ageMinutes * 60_000)
      utimesSync(join(folder, name), then, then)
    }
    make(`${TREE_PREFIX}old`, 61)
    make(`${TREE_PREFIX}new`, 59)
    make('somebody-else', 1000)
    symlinkSync('somebody-else', join(folder, `${TREE_PREFIX}link`))
    expect(await removeLeftTrees({ now: () => now }, folder)).toBe(1)
    const there = ['old', 'new', 'link'].map((name) => existsSync(join(folder, TREE_PREFIX + name)))
    expect([...there, existsSync(join(folder, 'somebody-else'))]).toEqual([false, true, true, true])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
