// What every source must do, whatever its protocol: one suite, run once for each way of reaching a repository.
import { basename } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Source } from './source.ts'
import { history } from './testing/history.ts'
import { AUTHOR, TestRepository } from './testing/repository.ts'
import { faultOf, type Make, type SourceUnderTest, text } from './testing/under.ts'

export { faultOf, type SourceUnderTest } from './testing/under.ts'

/** Declares the suite for one way of reaching repositories. */
export function sourceContract(name: string, begin: () => Promise<SourceUnderTest>): void {
  describe(`a source over ${name}`, () => {
    let under: SourceUnderTest
    let source: Source
    const made: TestRepository[] = []
    const repository = (options?: { objectFormat: 'sha256' }) => {
      const one = new TestRepository(options)
      made.push(one)
      return one
    }

    beforeAll(async () => {
      under = await begin()
      source = under.source
    })
    afterAll(async () => {
      await under.end()
      for (const one of made) one.remove()
    })

    revisions(() => under, repository)
    files(() => under, repository)
    history(() => under, repository)

    it('reads a repository with SHA-256 ids', async () => {
      const repo = repository({ objectFormat: 'sha256' })
      const id = repo.commit('one', { 'a.yaml': 'a: 1\n' })
      const revision = await source.resolve(under.urlOf(repo), 'main')
      expect(revision.commit).toBe(id)
      expect(text((await (await source.snapshot(revision)).read('a.yaml')).bytes)).toBe('a: 1\n')
    })
  })
}

function revisions(under: () => SourceUnderTest, make: Make): void {
  describe('resolves', () => {
    const repo = make()
    const one = repo.commit('first line\n\nrest of the message', { 'a.yaml': 'a: 1\n' })
    repo.git('tag', 'v1.0.0')
    repo.git('tag', 'both')
    const two = repo.commit('two', { 'a.yaml': 'a: 2\n' })
    repo.git('tag', '--annotate', '--message=release', 'v1.2.0')
    repo.git('tag', '--annotate', '--message=again', 'twice', 'v1.2.0')
    repo.git('tag', 'shop/1.0.0', one)
    repo.git('tag', 'shop/1.1.0', two)
    repo.git('tag', 'v2.0.0-rc.1', two)
    repo.git('branch', 'both')
    repo.git('branch', 'feature/x', one)
    const three = repo.commit('three', { 'a.yaml': 'a: 3\n' })
    repo.git('update-ref', 'refs/pull/7/head', two)
    repo.git('tag', 'blob', repo.git('rev-parse', 'HEAD:a.yaml'))
    const resolve = (revision: string, tagPrefix?: string) =>
      under().source.resolve(under().urlOf(repo), revision, { tagPrefix: tagPrefix ?? null })

    it('a branch to a commit with its subject, author and time', async () => {
      expect(await resolve('feature/x')).toEqual({
        repoURL: under().urlOf(repo),
        ref: 'refs/heads/feature/x',
        commit: one,
        subject: 'first line',
        author: AUTHOR,
        committedAt: '2026-01-01T12:01:00Z',
      })
    })

    it.each([
      ['HEAD', three, 'refs/heads/main'],
      ['', three, 'refs/heads/main'],
      ['main', three, 'refs/heads/main'],
      ['refs/heads/main', three, 'refs/heads/main'],
      ['v1.0.0', one, 'refs/tags/v1.0.0'],
      ['v1.2.0', two, 'refs/tags/v1.2.0'],
      ['twice', two, 'refs/tags/twice'],
      ['refs/tags/v1.2.0', two, 'refs/tags/v1.2.0'],
      ['both', two, 'refs/heads/both'],
      ['refs/tags/both', one, 'refs/tags/both'],
      ['^1.0', two, 'refs/tags/v1.2.0'],
      ['1.x', two, 'refs/tags/v1.2.0'],
      ['~1.0.0 || 0.5', one, 'refs/tags/v1.0.0'],
      ['1.0 - 1.1', one, 'refs/tags/v1.0.0'],
      ['>=2.0.0-0', two, 'refs/tags/v2.0.0-rc.1'],
      ['pull/7/head', two, 'refs/pull/7/head'],
      [one, one, null],
      [one.toUpperCase(), one, null],
      [two.slice(0, 8), two, null],
    ])('%j', async (revision, commit, ref) => {
      expect(await resolve(revision)).toMatchObject({ commit, ref })
    })

    it.each([
      ['^1', two, 'refs/tags/shop/1.1.0'],
      ['1.0.0', one, 'refs/tags/shop/1.0.0'],
      ['main', three, 'refs/heads/main'],
    ])('%j with a tag prefix', async (revision, commit, ref) => {
      expect(await resolve(revision, 'shop/')).toMatchObject({ commit, ref })
    })

    it.each([
      ['mian', 'main'],
      ['v1.0.1', 'v1.0.0'],
      ['^7', 'v1.2.0'],
    ])('%j to nothing, with the names that come near', async (revision, near) => {
      const fault = await faultOf(resolve(revision))
      expect(fault.kind).toBe('not-found')
      expect(fault.what).toContain(revision)
      expect(fault.fix.join()).toContain(near)
    })

    it.each(['0'.repeat(40), '0000000', 'blob'])('%j to nothing', async (revision) => {
      expect((await faultOf(resolve(revision))).kind).toBe('not-found')
    })

    it('nothing in a repository without commits', async () => {
      const empty = make()
      const fault = await faultOf(under().source.resolve(under().urlOf(empty), 'HEAD'))
      expect(fault).toMatchObject({ kind: 'not-found', why: 'the repository has no commits' })
    })

    it('what was committed a moment ago, and what was pushed over', async () => {
      const moving = make()
      const before = moving.commit('before', { 'a.yaml': 'a: 1\n' })
      const url = under().urlOf(moving)
      expect((await under().source.resolve(url, 'main')).commit).toBe(before)
      moving.git('checkout', '--quiet', '--orphan', 'other')
      const after = moving.commit('after', { 'a.yaml': 'a: 2\n' })
      moving.git('branch', '--force', 'main', after)
      expect((await under().source.resolve(url, 'main')).commit).toBe(after)
      expect((await under().source.resolve(url, before)).commit).toBe(before)
    })

    it('a branch that took the place of a folder of branches', async () => {
      const moving = make()
      moving.commit('one')
      moving.git('branch', 'a/b')
      const url = under().urlOf(moving)
      await under().source.resolve(url, 'a/b')
      moving.git('branch', '--delete', '--force', 'a/b')
      const two = moving.commit('two')
      moving.git('branch', 'a')
      expect((await under().source.resolve(url, 'a')).commit).toBe(two)
      expect((await faultOf(under().source.resolve(url, 'a/b'))).kind).toBe('not-found')
    })

    it('many times at once with one fetch', async () => {
      const busy = make()
      busy.commit('one', { 'a.yaml': 'a: 1\n' })
      const url = under().urlOf(busy)
      await under().source.resolve(url, 'main')
      const commit = busy.commit('two', { 'a.yaml': 'a: 2\n' })
      const before = { fetches: under().countOf('fetch'), lists: under().countOf('ls-remote') }
      const found = await Promise.all(Array.from({ length: 20 }, () => under().source.resolve(url, 'main')))
      expect(new Set(found.map((one) => one.commit))).toEqual(new Set([commit]))
      expect(under().countOf('fetch') - before.fetches).toBe(1)
      expect(under().countOf('ls-remote') - before.lists).toBe(1)
      await under().source.resolve(url, 'main')
      expect(under().countOf('fetch') - before.fetches).toBe(1)
    })
  })
}

function files(under: () => SourceUnderTest, make: Make): void {
  describe('reads', () => {
    const repo = make()
    const first = repo.commit('one', {
      'top.yaml': 'top: 1\n',
      'apps/b.yaml': 'b: 1\n',
      'apps/a-b/c.yaml': 'c: 1\n',
      'apps/a.yaml': 'a: 1\n',
      'apps/z/deep/d.yaml': 'd: 1\n',
      'apps/ümlaut "q".yaml': 'u: 1\n',
      'links/near.yaml': { link: '../apps/a.yaml' },
      'links/far': { link: '/etc/passwd' },
      'links/up': { link: '../../outside' },
      'links/around': { link: '../../mainstay/links/near.yaml' },
      'links/loop': { link: 'loop' },
      'links/dangling': { link: 'nowhere.yaml' },
      'links/folder': { link: '../apps/z/' },
      'links/chain': { link: 'folder/deep/../../../links/near.yaml' },
      'lfs.yaml':
        'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22e\nsize 12345\n',
      'big.yaml': `big: ${'x'.repeat(5000)}\n`,
    })
    const second = repo.commit('two', { 'apps/a.yaml': 'a: 2\n', 'apps/b.yaml': null })
    const at = async (commit: string) =>
      under().source.snapshot(await under().source.resolve(under().urlOf(repo), commit))

    it('two revisions at once', async () => {
      const [one, two] = await Promise.all([at(first), at(second)])
      const [a1, a2] = await Promise.all([one.read('apps/a.yaml'), two.read('apps/a.yaml')])
      expect([text(a1.bytes), text(a2.bytes)]).toEqual(['a: 1\n', 'a: 2\n'])
      expect(await two.lookup('apps/b.yaml')).toBeNull()
      expect((await one.lookup('apps/b.yaml'))?.kind).toBe('file')
    })

    it('the names of a folder in the order of their names, with what they are', async () => {
      const snapshot = await at(first)
      expect((await snapshot.list('apps')).map(({ path, kind }) => [path, kind])).toEqual([
        ['apps/a-b', 'folder'],
        ['apps/a.yaml', 'file'],
        ['apps/b.yaml', 'file'],
        ['apps/z', 'folder'],
        ['apps/ümlaut "q".yaml', 'file'],
      ])
      const all = (await snapshot.list('./apps/', { recurse: true })).map(({ path }) => path)
      expect(all).toContain('apps/z/deep/d.yaml')
      expect(all).toHaveLength(8)
      expect((await snapshot.list('links')).map(({ kind }) => kind)).not.toContain('file')
      expect((await snapshot.list('.')).map(({ path }) => path)).toContain('top.yaml')
    })

    it('the same id for the same files, and another for others', async () => {
      const [one, two] = await Promise.all([at(first), at(second)])
      expect(await one.treeId('apps/z')).toBe(await two.treeId('apps/z'))
      expect(await one.treeId('apps')).not.toBe(await two.treeId('apps'))
      expect(await one.treeId('links/folder')).toBe(await one.treeId('apps/z'))
      expect(await one.treeId('')).toMatch(/^[0-9a-f]{40}$/)
    })

    it('many files with one fetch, in the order asked for', async () => {
      const fresh = make()
      const names = Array.from({ length: 50 }, (_, index) => `f${index}.yaml`)
      fresh.commit('many', Object.fromEntries(names.map((name) => [name, `name: ${name}\n`])))
      const snapshot = await under().source.snapshot(await under().source.resolve(under().urlOf(fresh), 'main'))
      const before = under().countOf('fetch')
      const read = await snapshot.readAll(names)
      expect(read.map((file) => text(file.bytes))).toEqual(names.map((name) => `name: ${name}\n`))
      expect(under().countOf('fetch') - before).toBeLessThanOrEqual(1)
      await snapshot.readAll(names)
      expect(under().countOf('fetch') - before).toBeLessThanOrEqual(1)
    })

    it('through symlinks that stay inside', async () => {
      const snapshot = await at(first)
      expect(await snapshot.read('links/near.yaml')).toMatchObject({ path: 'links/near.yaml', realPath: 'apps/a.yaml' })
      expect((await snapshot.read('links/chain')).realPath).toBe('apps/a.yaml')
      expect((await snapshot.read('links/folder/deep/d.yaml')).realPath).toBe('apps/z/deep/d.yaml')
      expect(await snapshot.lookup('links/dangling')).toBeNull()
    })

    it.each(['links/far', 'links/up', 'links/around', 'links/loop', '../x', 'apps/../../x', '/etc/passwd'])(
      'nothing through %s',
      async (path) => {
        expect((await faultOf((await at(first)).read(path))).kind).toBe('invalid-input')
      },
    )

    it('no missing path, and says what is there instead', async () => {
      const snapshot = await at(first)
      const fault = await faultOf(snapshot.list('app'))
      expect(fault).toMatchObject({ kind: 'not-found', fix: ['did you mean apps?'] })
      expect(fault.why).toContain('apps, big.yaml')
      expect((await faultOf(snapshot.read('apps/c.yaml'))).kind).toBe('not-found')
      expect((await faultOf(snapshot.read('apps'))).kind).toBe('not-found')
      expect((await faultOf(snapshot.list('top.yaml'))).kind).toBe('not-found')
      expect((await faultOf(snapshot.read('top.yaml/x'))).kind).toBe('not-found')
    })

    it('no Git LFS pointer', async () => {
      expect(await faultOf((await at(first)).read('lfs.yaml'))).toMatchObject({
        kind: 'unsupported',
        where: 'lfs.yaml',
      })
    })

    it('no more than allowed', async () => {
      const snapshot = await at(first)
      expect(await faultOf(snapshot.read('big.yaml', { fileBytes: 5000 }))).toMatchObject({
        kind: 'too-large',
        where: 'big.yaml',
      })
      expect((await faultOf(snapshot.readAll(['big.yaml', 'top.yaml'], { totalBytes: 5010 }))).kind).toBe('too-large')
      expect((await snapshot.read('big.yaml', { fileBytes: 5006 })).bytes.length).toBe(5006)
    })

    it('files of submodules, at the commit that is recorded', async () => {
      const [outer, inner, innermost] = [make(), make(), make()]
      const deep = innermost.commit('innermost', { 'z.yaml': 'z: 1\n', 'up.yaml': { link: '../x.yaml' } })
      const recorded = withSubmodule(inner, 'deep', innermost, deep, { 'x.yaml': 'x: 1\n', 'dir/y.yaml': 'y: 1\n' })
      inner.commit('later', { 'x.yaml': 'x: 2\n' })
      const commit = withSubmodule(outer, 'libs/sub', inner, recorded, {
        'a.yaml': 'a: 1\n',
        'link.yaml': { link: 'libs/sub/x.yaml' },
      })
      const snapshot = await under().source.snapshot(await under().source.resolve(under().urlOf(outer), commit))
      expect((await snapshot.list('', { recurse: true })).map(({ kind, path }) => `${kind} ${path}`)).toEqual([
        'file .gitmodules',
        'file a.yaml',
        'folder libs',
        'folder libs/sub',
        'file libs/sub/.gitmodules',
        'folder libs/sub/deep',
        'symlink libs/sub/deep/up.yaml',
        'file libs/sub/deep/z.yaml',
        'folder libs/sub/dir',
        'file libs/sub/dir/y.yaml',
        'file libs/sub/x.yaml',
        'symlink link.yaml',
      ])
      const paths = ['a.yaml', 'libs/sub/x.yaml', 'libs/sub/deep/z.yaml', 'link.yaml', 'libs/sub/deep/up.yaml']
      const read = await snapshot.readAll(paths)
      expect(read.map(({ bytes, path, realPath }) => [path, realPath, text(bytes)])).toEqual([
        ['a.yaml', 'a.yaml', 'a: 1\n'],
        ['libs/sub/x.yaml', 'libs/sub/x.yaml', 'x: 1\n'],
        ['libs/sub/deep/z.yaml', 'libs/sub/deep/z.yaml', 'z: 1\n'],
        ['link.yaml', 'libs/sub/x.yaml', 'x: 1\n'],
        ['libs/sub/deep/up.yaml', 'libs/sub/x.yaml', 'x: 1\n'],
      ])
      expect(await snapshot.lookup('libs/sub/dir')).toMatchObject({ kind: 'folder', realPath: 'libs/sub/dir' })
      expect((await faultOf(snapshot.readAll(paths, { totalBytes: 12 }))).kind).toBe('too-large')
      expect((await faultOf(snapshot.read('libs/sub/none.yaml'))).kind).toBe('not-found')
    })

    it('no submodule whose repository, commit or URL is not there, and names it', async () => {
      const [outer, inner] = [make(), make()]
      const commit = inner.commit('inner', { 'x.yaml': 'x: 1\n' })
      const read = async () => {
        const snapshot = await under().source.snapshot(await under().source.resolve(under().urlOf(outer), 'main'))
        return faultOf(snapshot.list('sub'))
      }
      withSubmodule(outer, 'sub', inner, '1'.repeat(40))
      expect(await read()).toMatchObject({ kind: 'not-found', what: 'the submodule "sub" cannot be read' })
      withSubmodule(outer, 'sub', inner, commit, { '.gitmodules': '[submodule "sub"]\n\tpath = sub\n' })
      expect((await read()).why).toContain('.gitmodules')
      const leads = `[submodule "sub"]\n\tpath = sub\n\turl = ${'../'.repeat(20)}x\n`
      withSubmodule(outer, 'sub', inner, commit, { '.gitmodules': leads })
      expect(await read()).toMatchObject({ kind: 'invalid-input', why: expect.stringContaining('above the host') })
      withSubmodule(outer, 'sub', inner, commit, { '.gitmodules': '[submodule "sub"\n' })
      expect((await read()).kind).toBe('invalid-input')
    })
  })
}

/** Commits a submodule beside other changes. Its URL is relative, so that it is reached as the outer repository is. */
function withSubmodule(
  outer: TestRepository,
  path: string,
  inner: TestRepository,
  commit: string,
  changes: Parameters<TestRepository['commit']>[1] = {},
): string {
  const section = `[submodule "${path}"]\n\tpath = ${path}\n\turl = ../${basename(inner.path)}\n`
  outer.commit('files', { '.gitmodules': section, ...changes })
  outer.git('update-index', '--add', '--cacheinfo', `160000,${commit},${path}`)
  outer.git('commit', '--quiet', '--message=submodule')
  return outer.git('rev-parse', 'HEAD')
}
