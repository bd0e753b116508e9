// The source over file:// URLs: the contract, and what only a local repository can show.
import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { parseAddress } from './address.ts'
import { removeUnusedMirrors } from './cache.ts'
import { faultOf, sourceContract } from './contract.ts'
import type { GitCommand } from './git.ts'
import { type GitSourceOptions, gitSource } from './git-source.ts'
import type { Source } from './source.ts'
import { TestRepository } from './testing/repository.ts'

sourceContract('file', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'mainstay-cache-'))
  const commands: GitCommand[] = []
  const source = gitSource({ cache, observe: (command) => commands.push(command) })
  return {
    source,
    urlOf: (repository) => pathToFileURL(repository.path).href,
    countOf: (word) => commands.filter(({ args }) => args.includes(word)).length,
    async end() {
      await source.close()
      rmSync(cache, { recursive: true, force: true })
    },
  }
})

const ends: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mainstay-cache-'))
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function repositoryWith(files: Record<string, string>): TestRepository {
  const repo = new TestRepository()
  ends.push(() => repo.remove())
  repo.commit('one', files)
  return repo
}

function sourceIn(cache: string, options: Partial<GitSourceOptions> = {}): Source {
  const source = gitSource({ cache, ...options })
  ends.push(() => source.close())
  return source
}

async function readWith(source: Source, url: string, path: string, revision = 'main'): Promise<string> {
  const snapshot = await source.snapshot(await source.resolve(url, revision))
  return Buffer.from((await snapshot.read(path)).bytes).toString('utf8')
}

/** The folder of the only mirror in a cache. */
function mirrorIn(cache: string): string {
  const [name, ...others] = readdirSync(cache)
  if (name === undefined || others.length > 0) throw new Error('one mirror was expected')
  return join(cache, name)
}

describe('a repository on this machine', () => {
  it('is named by a URL or by an absolute path, and both share one copy', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n' })
    const cache = temporary()
    const source = sourceIn(cache)
    const urls = [
      repo.path,
      pathToFileURL(repo.path).href,
      `file://localhost${repo.path}`,
      `${repo.path}/`,
      `${repo.path}/.`,
    ]
    for (const url of urls) expect((await source.resolve(url, 'main')).repoURL).toBe(url)
    expect(readdirSync(cache)).toHaveLength(1)
  })

  it('may have a strange name', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n' })
    const folder = join(temporary(), 'with space % "quote" \\ #1')
    execFileSync('git', ['clone', '--quiet', '--bare', repo.path, folder])
    expect(await readWith(sourceIn(temporary()), folder, 'a.yaml')).toBe('a: 1\n')
    expect(await readWith(sourceIn(temporary()), pathToFileURL(folder).href, 'a.yaml')).toBe('a: 1\n')
  })

  // Only root can give a folder to somebody else.
  const itForRoot = process.getuid?.() === 0 ? it : () => undefined
  itForRoot('may belong to somebody else', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n' })
    execFileSync('chown', ['-R', '12345:12345', repo.path])
    expect(await readWith(sourceIn(temporary()), repo.path, 'a.yaml')).toBe('a: 1\n')
    chownSync(repo.path, 0, 0)
  })

  it('cannot run anything of its own: hooks and settings of the repository and of the user are not used', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n' })
    const mark = join(temporary(), 'ran')
    const script = join(temporary(), 'script')
    writeFileSync(script, `#!/bin/sh\ntouch ${mark}\nexec cat\n`)
    chmodSync(script, 0o755)
    repo.git('config', 'core.fsmonitor', script)
    repo.git('config', 'uploadpack.packObjectsHook', script)
    repo.git('config', 'core.hooksPath', script)
    expect(await readWith(sourceIn(temporary()), repo.path, 'a.yaml')).toBe('a: 1\n')
    expect(existsSync(mark)).toBe(false)
  })

  it.each([
    ['oci://registry.example.com/x', 'unsupported'],
    ['ext::sh -c touch% x', 'unsupported'],
    ['file://host/x', 'invalid-input'],
    ['relative/path', 'invalid-input'],
    ['--upload-pack=x', 'invalid-input'],
    ['/with\nline', 'invalid-input'],
    ['', 'invalid-input'],
  ])('is not %j', async (url, kind) => {
    const fault = await faultOf(Promise.resolve().then(() => parseAddress(url)))
    expect(fault.kind).toBe(kind)
    expect(fault.where).toMatch(/^repoURL: /)
    expect(JSON.stringify(fault)).not.toContain('secret')
    expect(fault.fix.join()).toContain('file:///')
  })

  it('that does not exist, or is none, is a fault that says so', async () => {
    const source = sourceIn(temporary())
    const folder = temporary()
    expect(await faultOf(source.resolve(join(folder, 'nothing'), 'main'))).toMatchObject({
      kind: 'not-found',
      what: 'the repository does not exist',
    })
    expect(await faultOf(source.resolve(folder, 'main'))).toMatchObject({
      kind: 'source-unreadable',
      what: 'the folder is not a Git repository',
    })
    const broken = repositoryWith({ 'a.yaml': 'a: 1\n' })
    writeFileSync(join(broken.path, '.git', 'HEAD'), 'nonsense')
    expect(await faultOf(source.resolve(broken.path, 'main'))).toMatchObject({
      kind: 'source-unreadable',
      what: 'the repository cannot be read',
    })
  })

  it('that vanishes leaves what was read readable, and new questions are faults', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.md': 'b: 1\n' })
    const source = sourceIn(temporary())
    const revision = await source.resolve(repo.path, 'main')
    const snapshot = await source.snapshot(revision)
    await snapshot.read('a.yaml')
    repo.remove()
    expect((await snapshot.read('a.yaml')).bytes.length).toBe(5)
    expect((await snapshot.list('')).length).toBe(2)
    expect((await faultOf(snapshot.read('b.md'))).kind).toBe('not-found')
    expect((await faultOf(source.resolve(repo.path, 'main'))).kind).toBe('not-found')
    expect((await source.resolve(repo.path, revision.commit)).commit).toBe(revision.commit)
  })
})

describe('the copy of a repository', () => {
  it('holds no file contents until one is asked for, and then those that renders read', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n', 'main.go': 'package main\n' })
    const cache = temporary()
    const source = sourceIn(cache)
    expect(await readWith(source, repo.path, 'a.yaml')).toBe('a: 1\n')
    const copy = join(mirrorIn(cache), 'repo.git')
    const held = execFileSync('git', [`--git-dir=${copy}`, 'cat-file', '--batch-all-objects', '--batch-check'], {
      encoding: 'utf8',
    })
    expect(held.match(/ blob /g)).toHaveLength(2)
    expect(held.match(/ commit /g)).toHaveLength(1)
  })

  it('that lost or spoiled its objects is set aside and made anew', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' })
    const cache = temporary()
    await readWith(sourceIn(cache), repo.path, 'a.yaml')
    const packs = join(mirrorIn(cache), 'repo.git', 'objects', 'pack')
    for (const name of readdirSync(packs)) {
      chmodSync(join(packs, name), 0o644)
      writeFileSync(join(packs, name), 'spoiled')
    }
    expect(await readWith(sourceIn(cache), repo.path, 'b.yaml')).toBe('b: 1\n')
    expect(readdirSync(mirrorIn(cache)).filter((name) => name.startsWith('damaged-'))).toHaveLength(1)
  })

  it('that lost its objects while it is in use is made anew under the reader', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n', 'sub/b.yaml': 'b: 1\n' })
    const cache = temporary()
    const source = sourceIn(cache)
    const snapshot = await source.snapshot(await source.resolve(repo.path, 'main'))
    rmSync(join(mirrorIn(cache), 'repo.git'), { recursive: true })
    expect(Buffer.from((await snapshot.read('sub/b.yaml')).bytes).toString()).toBe('b: 1\n')
  })

  it('that is no repository any more is made anew', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n' })
    const cache = temporary()
    await readWith(sourceIn(cache), repo.path, 'a.yaml')
    rmSync(join(mirrorIn(cache), 'repo.git', 'HEAD'))
    repo.commit('two', { 'a.yaml': 'a: 2\n' })
    expect(await readWith(sourceIn(cache), repo.path, 'a.yaml')).toBe('a: 2\n')
  })

  it('is shared by several sources and processes that fetch at the same time', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n' })
    const cache = temporary()
    const sources = Array.from({ length: 4 }, () => sourceIn(cache))
    const found = await Promise.all(sources.map((source) => readWith(source, repo.path, 'a.yaml')))
    expect(new Set(found)).toEqual(new Set(['a: 1\n']))
    const script = `
      import { gitSource } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'git-source.ts')).href)}
      const source = gitSource({ cache: process.argv[1] })
      const snapshot = await source.snapshot(await source.resolve(process.argv[2], 'main'))
      process.stdout.write(Buffer.from((await snapshot.read('a.yaml')).bytes))
      await source.close()`
    const id = repo.commit('two', { 'a.yaml': 'a: 2\n' })
    const args = ['--input-type=module', '--eval', script, cache, repo.path]
    const outputs = await Promise.all(Array.from({ length: 3 }, () => promisify(execFile)(process.execPath, args)))
    expect(outputs.map(({ stdout }) => stdout)).toEqual(['a: 2\n', 'a: 2\n', 'a: 2\n'])
    expect((await sources[0]?.resolve(repo.path, 'main'))?.commit).toBe(id)
  })

  it('keeps what was pushed away, and puts many packs together', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 0\n' })
    const cache = temporary()
    const source = sourceIn(cache)
    const first = await source.resolve(repo.path, 'main')
    repo.git('checkout', '--quiet', '--orphan', 'next')
    repo.commit('orphan', { 'a.yaml': 'a: 1\n' })
    repo.git('branch', '--delete', '--force', 'main')
    for (let round = 2; round < 16; round++) {
      repo.commit(`round ${round}`, { 'a.yaml': `a: ${round}\n` })
      expect(await readWith(source, repo.path, 'a.yaml', 'next')).toBe(`a: ${round}\n`)
    }
    const packs = readdirSync(join(mirrorIn(cache), 'repo.git', 'objects', 'pack')).filter((name) =>
      name.endsWith('.pack'),
    )
    expect(packs.length).toBeLessThan(21)
    repo.git('reflog', 'expire', '--expire=now', '--all')
    repo.git('gc', '--quiet', '--prune=now')
    expect((await source.resolve(repo.path, first.commit)).commit).toBe(first.commit)
  })

  it('is removed when nobody has asked for it in a while, and made anew when somebody does', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n' })
    const cache = temporary()
    const source = sourceIn(cache)
    const copy = async () => {
      await source.resolve(repo.path, 'main')
      return readdirSync(mirrorIn(cache))
    }
    expect(await copy()).toContain('repo.git')
    const later = { ...systemClock, now: () => systemClock.now() + 3_600_000 }
    expect(await removeUnusedMirrors({ cache, unusedMs: 7_200_000, clock: later })).toBe(0)
    expect(await removeUnusedMirrors({ cache, unusedMs: 1_800_000, clock: later })).toBe(1)
    expect(readdirSync(mirrorIn(cache))).not.toContain('repo.git')
    expect(await copy()).toContain('repo.git')
    expect(await readWith(source, repo.path, 'a.yaml')).toBe('a: 1\n')
    expect(await removeUnusedMirrors({ cache: join(cache, 'nothing'), unusedMs: 0, clock: later })).toBe(0)
  })

  it('that cannot be written is a fault that names the folder', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n' })
    const file = join(temporary(), 'file')
    writeFileSync(file, '')
    expect(await faultOf(sourceIn(file).resolve(repo.path, 'main'))).toMatchObject({ kind: 'source-unreadable' })
  })
})

describe('submodules', () => {
  it('are named and never read where that is switched off', async () => {
    const inner = repositoryWith({ 'x.yaml': 'x: 1\n' })
    const outer = repositoryWith({ 'a.yaml': 'a: 1\n' })
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.path, 'sub')
    outer.commit('with a submodule')
    const source = sourceIn(temporary(), { submodules: false })
    const snapshot = await source.snapshot(await source.resolve(outer.path, 'main'))
    expect((await snapshot.list('')).find(({ path }) => path === 'sub')?.kind).toBe('submodule')
    expect(await snapshot.lookup('sub')).toMatchObject({ kind: 'submodule' })
    expect((await faultOf(snapshot.read('sub/x.yaml'))).kind).toBe('unsupported')
    expect((await faultOf(snapshot.list('sub'))).kind).toBe('unsupported')
    expect(await readWith(sourceIn(temporary()), outer.path, 'sub/x.yaml')).toBe('x: 1\n')
  })

  it('that hold themselves end', async () => {
    const repo = repositoryWith({ '.gitmodules': '[submodule "s"]\n\tpath = s\n\turl = ./\n' })
    const source = sourceIn(temporary())
    const again = repo.git('rev-parse', 'HEAD')
    // Each commit holds the one before it.
    for (let round = 0; round < 8; round++) {
      repo.git('update-index', '--add', '--cacheinfo', `160000,${repo.git('rev-parse', 'HEAD')},s`)
      repo.git('commit', '--quiet', `--message=round ${round}`)
    }
    expect(again).not.toBe(repo.git('rev-parse', 'HEAD'))
    const snapshot = await source.snapshot(await source.resolve(repo.path, 'main'))
    const names = (await snapshot.list('', { recurse: true })).filter(({ kind }) => kind === 'submodule')
    expect(names.map(({ path }) => path)).toEqual(['s/s/s/s/s/s'])
    const fault = await faultOf(snapshot.list('s/s/s/s/s/s'))
    expect(fault).toMatchObject({ kind: 'too-large', why: expect.stringContaining('more than 5 times') })
  })
})

describe('limits', () => {
  it('end a command that takes too long, as a timeout', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n' })
    expect((await faultOf(sourceIn(temporary(), { timeoutMs: 1 }).resolve(repo.path, 'main'))).kind).toBe('timeout')
  })

  it('let a caller give up without harm to the others', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n' })
    const source = sourceIn(temporary())
    const stop = new AbortController()
    const given = faultOf(source.resolve(repo.path, 'main', { signal: stop.signal }))
    const other = source.resolve(repo.path, 'main')
    stop.abort()
    expect((await given).kind).toBe('cancelled')
    expect((await other).subject).toBe('one')
  })

  it('end everything when the source is closed', async () => {
    const repo = repositoryWith({ 'a.yaml': 'a: 1\n' })
    const source = sourceIn(temporary())
    const snapshot = await source.snapshot(await source.resolve(repo.path, 'main'))
    const pending = faultOf(source.resolve(repo.path, 'main'))
    await source.close()
    expect((await pending).kind).toBe('cancelled')
    expect((await faultOf(snapshot.read('a.yaml'))).kind).toBe('cancelled')
    expect((await faultOf(source.resolve(repo.path, 'main'))).kind).toBe('cancelled')
  })
})
