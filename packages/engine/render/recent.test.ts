// Folders of manifests in commit after commit: read again only where a commit touched what they are made of.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Snapshot } from '../source/source.ts'
import type { TestRepository } from '../source/testing/repository.ts'
import { RecentRenders } from './recent.ts'
import type { RenderOptions, RenderSource } from './render.ts'
import { RenderBench } from './testing/bench.ts'

const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`
const source: RenderSource = { path: 'app', chart: null, ref: null, tool: { kind: 'detect' } }

let bench: RenderBench
beforeAll(() => {
  bench = new RenderBench({})
})
afterAll(() => bench.close())

describe('a source', () => {
  it('gives the same result while its files are the same, without reading one', async () => {
    const repository = bench.repository({
      'app/a.yaml': map('a'),
      'app/l.yaml': { link: '../shared/l.yaml' },
      'shared/l.yaml': map('l'),
    })
    const recent = new RecentRenders()
    const next = async (options: RenderOptions = {}, change: Partial<RenderSource> = {}) => {
      const { snapshot, reads } = counting(await bench.snapshot(repository))
      return { result: await recent.render(snapshot, { ...source, ...change }, options), reads }
    }
    const { result: first } = await next()
    expect(first.manifests).toHaveLength(2)
    repository.commit('elsewhere', { 'other.md': 'x' })
    const same = await next()
    expect(same.result).toBe(first)
    expect(same.reads).toEqual([])
    await expectChange(repository, next, { 'app/b.yaml': map('b') }, 3)
    await expectChange(repository, next, { 'app/a.yaml': null }, 2)
    await expectChange(repository, next, { 'shared/l.yaml': `${map('l1')}---\n${map('l2')}` }, 3)
    await expectChange(repository, next, { 'app/.argocd-source.yaml': 'directory: {exclude: b.yaml}\n' }, 2)
    await expectChange(repository, next, { 'app/sub/c.yaml': map('c') }, 2)
    const { result } = await next({ reuse: false })
    expect((await next()).result).toBe(result)
    expect((await next({ appName: 'other' })).result).not.toBe(result)
    const recursive = { recurse: true, include: null, exclude: null, disableExtensionFilter: false, jsonnet: null }
    expect((await next({}, { tool: { kind: 'directory', directory: recursive } })).result.manifests).toHaveLength(3)
  })
})

/** A commit gives so many manifests, and the one after it the very same result. */
async function expectChange(
  repository: TestRepository,
  next: () => Promise<{ readonly result: { readonly manifests: readonly unknown[] } }>,
  change: Parameters<TestRepository['commit']>[1],
  manifests: number,
): Promise<void> {
  repository.commit('change', change)
  const { result } = await next()
  expect([change, result.manifests.length]).toEqual([change, manifests])
  repository.commit('elsewhere', {})
  expect((await next()).result).toBe(result)
}

/** A snapshot that notes which files are read. */
function counting(inner: Snapshot): { readonly snapshot: Snapshot; readonly reads: string[] } {
  const reads: string[] = []
  const snapshot: Snapshot = {
    revision: inner.revision,
    treeId: (path) => inner.treeId(path),
    list: (path, options) => inner.list(path, options),
    lookup: (path) => inner.lookup(path),
    read: (path, limits) => {
      reads.push(path)
      return inner.read(path, limits)
    },
    readAll: (paths, limits) => {
      reads.push(...paths)
      return inner.readAll(paths, limits)
    },
  }
  return { snapshot, reads }
}
