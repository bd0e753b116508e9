// Trees on disk: what of a repository is written, what is not, and that nothing leads out.
import { existsSync, lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultOf } from '../../source/contract.ts'
import { gitSource } from '../../source/git-source.ts'
import type { Source } from '../../source/source.ts'
import { type Change, TestRepository } from '../../source/testing/repository.ts'
import { sameInputs } from '../input.ts'
import { materialise, type Tree, type TreeLimits, type TreeWish } from './materialise.ts'

let cache = ''
let source: Source
const made: { remove(): void }[] = []
const trees: Tree[] = []

beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'mainstay-cache-'))
  source = gitSource({ cache })
})
afterAll(async () => {
  await source.close()
  rmSync(cache, { recursive: true, force: true })
  for (const repo of made) repo.remove()
  await Promise.all(trees.map((tree) => tree.dispose()))
})

function repository(files: Readonly<Record<string, Change>>): TestRepository {
  const repo = new TestRepository()
  made.push(repo)
  repo.commit('files', files)
  return repo
}

const snapshotOf = async (repo: TestRepository) => source.snapshot(await source.resolve(repo.path, 'HEAD'))

async function treeOf(repo: TestRepository, wish: Partial<TreeWish>, limits?: TreeLimits): Promise<Tree> {
  const tree = await materialise(await snapshotOf(repo), { folders: [], files: [], ...wish }, limits)
  trees.push(tree)
  return tree
}

const textOf = (tree: Tree, path: string) => readFileSync(join(tree.root, path), 'utf8')
const pathsOf = (tree: Tree) => tree.inputs.map(({ kind, path }) => `${kind} ${path}`)

describe('a tree', () => {
  it('holds what was asked for, in its place, and nothing beside it', async () => {
    const repo = repository({ 'a/x.yaml': 'x', 'a/b/y.yaml': 'y', 'base/z.yaml': 'z', 'base/other.yaml': 'o' })
    const tree = await treeOf(repo, { folders: ['./a/'], files: ['base/z.yaml', 'base/gone.yaml'] })
    expect([textOf(tree, 'a/x.yaml'), textOf(tree, 'a/b/y.yaml'), textOf(tree, 'base/z.yaml')]).toEqual(['x', 'y', 'z'])
    expect(existsSync(join(tree.root, 'base/other.yaml'))).toBe(false)
    expect(pathsOf(tree)).toEqual(['folder a', 'file base/z.yaml', 'absent base/gone.yaml'])
    expect(statSync(tree.root).mode & 0o077).toBe(0)
    await tree.dispose()
    expect(existsSync(tree.root)).toBe(false)
  })

  it('keeps links, and has what they lead to', async () => {
    const repo = repository({
      'a/one.yaml': { link: '../shared/one.yaml' },
      'a/all': { link: '../shared' },
      'a/nothing': { link: 'nowhere' },
      'shared/one.yaml': '1',
      'shared/back': { link: '../a' },
      linked: { link: 'shared' },
    })
    const tree = await treeOf(repo, { folders: ['a'], files: ['linked/one.yaml'] })
    expect([textOf(tree, 'a/one.yaml'), textOf(tree, 'a/all/one.yaml'), textOf(tree, 'linked/one.yaml')]).toEqual([
      '1',
      '1',
      '1',
    ])
    expect(textOf(tree, 'a/all/back/one.yaml')).toBe('1')
    expect(lstatSync(join(tree.root, 'a/nothing')).isSymbolicLink()).toBe(true)
    expect(existsSync(join(tree.root, 'a/nothing'))).toBe(false)
    expect(readlinkSync(join(tree.root, 'linked'))).toBe('shared')
    expect(pathsOf(tree)).toContain('folder a/all')
    expect(pathsOf(tree)).toContain('absent a/nothing')
  })

  it('never follows a way out', async () => {
    const out = repository({ 'a/passwd': { link: '../../../../../../etc/passwd' }, 'b/x': { link: '/etc/passwd' } })
    expect((await faultOf(treeOf(out, { folders: ['a'] }))).kind).toBe('invalid-input')
    expect((await faultOf(treeOf(out, { files: ['b/x'] }))).kind).toBe('invalid-input')
    expect((await faultOf(treeOf(out, { files: ['../x'] }))).kind).toBe('invalid-input')
    expect((await faultOf(treeOf(out, { files: ['/etc/passwd'] }))).kind).toBe('invalid-input')
    const round = repository({ 'a/x': { link: 'y' }, 'a/y': { link: 'x' } })
    expect((await faultOf(treeOf(round, { folders: ['a'] }))).kind).toBe('invalid-input')
  })

  it('is not made beyond its limits', async () => {
    const repo = repository({ 'a/x': 'x'.repeat(100), 'a/y': 'y', 'a/a-name-of-its-own': '' })
    const limits = { files: 3, totalBytes: 101, pathLength: 30 }
    expect((await treeOf(repo, { folders: ['a'] }, limits)).files).toHaveLength(3)
    for (const less of [{ files: 2 }, { totalBytes: 100 }, { pathLength: 10 }]) {
      expect((await faultOf(treeOf(repo, { folders: ['a'] }, { ...limits, ...less }))).kind).toBe('too-large')
    }
  })
})

describe('the inputs of a tree', () => {
  it('are the same in a commit that touched none of them, and not in one that did', async () => {
    const repo = repository({
      'a/x.yaml': 'x',
      'a/link': { link: '../shared/x' },
      'shared/x': '1',
      'other/y': 'y',
      way: { link: 'shared' },
      twin: { link: 'shared' },
      'copy/x': '1',
    })
    const { inputs } = await treeOf(repo, { folders: ['a'], files: ['way/x', 'later/z'] })
    const same = async () => sameInputs(await snapshotOf(repo), inputs)
    repo.commit('elsewhere', { 'other/y': 'changed' })
    expect(await same()).toBe(true)
    const changes: readonly (readonly [Record<string, Change>, Record<string, Change>])[] = [
      [{ 'a/x.yaml': 'y' }, { 'a/x.yaml': 'x' }],
      [{ 'a/new.yaml': '' }, { 'a/new.yaml': null }],
      [{ 'shared/x': '2' }, { 'shared/x': '1' }],
      [{ 'later/z': '' }, { 'later/z': null }],
      [{ way: { link: 'copy' } }, { way: { link: 'shared' } }],
      [{ 'shared/x': { link: '/etc/passwd' } }, { 'shared/x': '1' }],
    ]
    for (const [change, back] of changes) {
      repo.commit('change', change)
      expect([change, await same()]).toEqual([change, false])
      repo.commit('back', back)
      expect([back, await same()]).toEqual([back, true])
    }
  })
})
