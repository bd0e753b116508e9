// Revisions compared by ids, and what a render that read some of it has to do with the rest.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { inputAt, sameInputs } from '../render/input.ts'
import { isTouched } from '../render/touched.ts'
import { changesBetween } from './changes.ts'
import { gitSource } from './git-source.ts'
import type { Snapshot } from './source.ts'
import { TestRepository } from './testing/repository.ts'

const cache = mkdtempSync(join(tmpdir(), 'mainstay-changes-'))
const source = gitSource({ cache })
const repository = new TestRepository()
afterAll(async () => {
  await source.close()
  repository.remove()
  rmSync(cache, { recursive: true, force: true })
})

const at = async (commit: string): Promise<Snapshot> => source.snapshot(await source.resolve(repository.path, commit))

describe('two revisions', () => {
  it('differ in what came, went and changed, with the folders above it', async () => {
    const one = repository.commit('one', {
      'a/x.yaml': '1',
      'a/y.yaml': '1',
      'b/z.yaml': '1',
      'c/d/e.yaml': '1',
      top: '1',
    })
    const two = repository.commit('two', {
      'a/x.yaml': '2',
      'a/y.yaml': null,
      'c/d/f.yaml': '1',
      top: null,
      'top/t': '1',
    })
    const { leaves, folders } = await changesBetween(await at(one), await at(two))
    expect([...leaves].toSorted()).toEqual(['a/x.yaml', 'a/y.yaml', 'c/d/f.yaml', 'top', 'top/t'])
    expect([...folders].toSorted()).toEqual(['', 'a', 'c', 'c/d', 'top'])
    expect(await changesBetween(await at(one), await at(one))).toEqual({ leaves: new Set(), folders: new Set() })
  })

  const path = fc.constantFrom('a/x', 'a/y', 'a/b/x', 'a/b/y', 'c/x', 'x')
  const content = fc.constantFrom('1', '2')
  const files = fc.dictionary(path, content, { minKeys: 1 })

  it('law: what is not touched is the same, and what is the same by name and content was not touched', async () => {
    const looked = ['', 'a', 'a/b', 'a/x', 'a/b/y', 'c', 'x', 'none']
    await fc.assert(
      fc.asyncProperty(files, files, async (before, after) => {
        const whole = (wanted: Readonly<Record<string, string>>) =>
          Object.fromEntries(['a/x', 'a/y', 'a/b/x', 'a/b/y', 'c/x', 'x'].map((name) => [name, wanted[name] ?? null]))
        const one = await at(repository.commit('before', { ...whole(before), keep: 'k' }))
        const two = await at(repository.commit('after', { ...whole(after), keep: 'k' }))
        const changes = await changesBetween(one, two)
        for (const each of looked) {
          const inputs = [await inputAt(one, each)]
          expect(isTouched(inputs, changes), each).toBe(!(await sameInputs(two, inputs)))
        }
      }),
      { numRuns: 10 },
    )
  })
})
