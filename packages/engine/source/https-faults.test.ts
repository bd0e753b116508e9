// What can go wrong over HTTPS, and what may never get out: each is a fault that says what happened and what to do.
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import type { RepositoryAccess, RepositoryTls } from '@mainstay/core/repository/access.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { createAuthority, issue } from '../tls/x509.ts'
import { NO_ACCESS } from './access.ts'
import { faultOf } from './contract.ts'
import { Beds, inCopy, readFrom } from './testing/bed.ts'
import { type Answer, type Asked, basic, type GitServerOptions, startGitServer } from './testing/https-server.ts'
import { startProxy } from './testing/proxy.ts'

const PASSWORD = 'correct-horse'
const ANA = { kind: 'basic', username: 'ana', password: PASSWORD } as const
const FILES = { 'a.yaml': 'a: 1\n' }

const beds = new Beds()
afterEach(() => beds.end())

async function server(options: GitServerOptions = {}) {
  return beds.keep(await startGitServer(options))
}

const trust = (ca: string): RepositoryTls => ({ ...NO_ACCESS.tls, ca })
const isFetch = ({ agent, method }: Asked) => agent.startsWith('git/') && method === 'POST'

describe('a server that refuses', () => {
  it('a wrong password is told apart from a missing one, and neither is shown', async () => {
    const git = await server({ authorization: basic('ana', PASSWORD) })
    const url = git.urlOf(beds.repository(FILES))
    const auth = { ...ANA, password: 'wrong-donkey' }
    const wrong = await faultOf(
      beds.open({ auth, tls: trust(git.ca), origin: 'Secret argocd/repo-shop' }).source.resolve(url, 'main'),
    )
    expect(wrong).toMatchObject({ kind: 'unauthorized', where: expect.stringContaining(git.origin) })
    expect(wrong.why).toContain('Secret argocd/repo-shop')
    expect(wrong.fix.join()).toContain('mainstay repo add')
    expect(JSON.stringify(wrong)).not.toMatch(/wrong-donkey|d3JvbmctZG9ua2V5/)
    const missing = await faultOf(beds.open({ tls: trust(git.ca) }).source.resolve(url, 'main'))
    expect(missing).toMatchObject({ kind: 'unauthorized', why: expect.stringContaining('no credentials') })
  })

  it.each([
    [403, 'forbidden'],
    [404, 'not-found'],
    [500, 'source-unreadable'],
  ])('with %i is the fault %s', async (code, kind) => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    git.answer(() => ({ kind: 'status', code }))
    const fault = await faultOf(beds.open({ tls: trust(git.ca) }).source.resolve(url, 'main'))
    expect(fault.kind).toBe(kind)
    expect(fault.fix.length).toBeGreaterThan(0)
  })

  it('a token that expired while the source was open', async () => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    const { source } = beds.open({ auth: { kind: 'bearer', token: 't' }, tls: trust(git.ca) })
    const { commit } = await source.resolve(url, 'main')
    expect(git.asked.map(({ authorization }) => authorization)).toContain('Bearer t')
    git.answer(() => ({ kind: 'status', code: 401 }))
    expect((await faultOf(source.resolve(url, 'main'))).kind).toBe('unauthorized')
    // What it could read before, it may not read any more, although the copy has it.
    expect((await faultOf(source.resolve(url, commit))).kind).toBe('unauthorized')
  })
})

describe('a server that is not well', () => {
  it('takes nothing back: what it let us read stays readable from the copy', async () => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    const { source } = beds.open({ tls: trust(git.ca) })
    const { commit } = await source.resolve(url, 'main')
    await git.close()
    expect((await faultOf(source.resolve(url, 'main', { maxAgeMs: 0 }))).kind).toBe('unreachable')
    expect((await source.resolve(url, commit)).commit).toBe(commit)
  })

  it.each<[string, Answer, string]>([
    ['that never answers', { kind: 'hang' }, 'timeout'],
    ['that answers with a page', { kind: 'page', html: '<h1>Maintenance</h1>' }, 'source-unreadable'],
    ['that closes the connection in the first words', { kind: 'cut', bytes: 10 }, 'unreachable'],
  ])('%s is a fault, never a repository without branches', async (_, answer, kind) => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    git.answer(() => answer)
    const { source } = beds.open({ tls: trust(git.ca) }, answer?.kind === 'hang' ? { timeoutMs: 1000 } : {})
    const fault = await faultOf(source.resolve(url, 'main'))
    expect(fault.kind).toBe(kind)
    expect(fault.fix.length).toBeGreaterThan(0)
  })

  it('that sends a list of refs which ends too early', async () => {
    const git = await server({ protocol: 0 })
    const repository = beds.repository(FILES)
    const url = git.urlOf(repository)
    const { source } = beds.open({ tls: trust(git.ca) })
    await source.resolve(url, 'main')
    for (const at of [0, 60, 120]) {
      git.answer(() => ({ kind: 'cut', bytes: at }))
      const fault = await faultOf(source.resolve(url, 'main'))
      expect(['unreachable', 'source-unreadable']).toContain(fault.kind)
    }
  })

  it('that closes the connection in the middle of a fetch does not cost the copy', async () => {
    const git = await server()
    const repository = beds.repository(FILES)
    const url = git.urlOf(repository)
    const { cache, source } = beds.open({ tls: trust(git.ca) })
    await source.resolve(url, 'main')
    const next = repository.commit('two', { 'a.yaml': 'a: 2\n' })
    let posts = 0
    git.answer((asked) => (isFetch(asked) && ++posts > 1 ? { kind: 'cut', bytes: 50 } : null))
    const fault = await faultOf(source.resolve(url, 'main'))
    expect(fault).toMatchObject({ kind: 'source-unreadable', what: expect.stringContaining('could not be fetched') })
    expect(inCopy(cache).filter((name) => name.startsWith('damaged-'))).toEqual([])
    git.answer(() => null)
    expect((await source.resolve(url, 'main')).commit).toBe(next)
  })

  it('that falls silent in the middle of a fetch is given up', async () => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    git.answer((asked) => (isFetch(asked) ? { kind: 'hang' } : null))
    const { source } = beds.open({ tls: trust(git.ca) }, { stallMs: 1000 })
    const fault = await faultOf(source.resolve(url, 'main'))
    expect(fault).toMatchObject({ kind: 'source-unreadable', what: expect.stringContaining('could not be fetched') })
  })

  it('that sends more than allowed is stopped, and not asked for it all again', async () => {
    const git = await server()
    const repository = beds.repository({ ...FILES, 'big.bin': randomBytes(4 * 1024 * 1024) })
    const url = git.urlOf(repository)
    git.answer((asked) => (isFetch(asked) ? { kind: 'slow', pauseMs: 20 } : null))
    const { countOf, source } = beds.open({ tls: trust(git.ca) }, { fetchBytes: 1024 * 1024 })
    const snapshot = await source.snapshot(await source.resolve(url, 'main'))
    const fault = await faultOf(snapshot.read('big.bin'))
    expect(fault).toMatchObject({ kind: 'too-large', where: `repoURL: ${url}` })
    const before = countOf('fetch')
    expect((await faultOf(snapshot.read('big.bin'))).kind).toBe('too-large')
    expect(countOf('fetch')).toBe(before)
    git.answer(() => null)
    expect((await snapshot.read('a.yaml')).bytes).toHaveLength(5)
  })
})

describe('a certificate', () => {
  const fails = async (options: GitServerOptions, code: string, tls?: RepositoryTls) => {
    const git = await server(options)
    const url = git.urlOf(beds.repository(FILES))
    const fault = await faultOf(beds.open({ tls: tls ?? trust(git.ca) }).source.resolve(url, 'main'))
    expect(fault).toMatchObject({ kind: 'unreachable', why: expect.stringContaining(code) })
    expect(fault.fix.join()).toContain('mainstay cert add-tls 127.0.0.1')
  }

  it('of an authority that nobody trusts', () => fails({}, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', NO_ACCESS.tls))

  it('that has expired', () =>
    fails(
      {
        identity: (authority) =>
          issue(authority, { commonName: 'git', use: 'server', names: ['127.0.0.1'], validSeconds: [-7200, -3600] }),
      },
      'CERT_HAS_EXPIRED',
    ))

  it('for another name', () =>
    fails(
      { identity: (authority) => issue(authority, { commonName: 'git', use: 'server', names: ['git.example.com'] }) },
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ))

  it('is not looked at where somebody said so, by our questions and by Git alike', async () => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    const { source } = beds.open({ tls: { ...NO_ACCESS.tls, insecure: true } })
    expect(await readFrom(source, url, 'a.yaml')).toBe('a: 1\n')
  })

  it('of ours is shown to a server that asks for one', async () => {
    const clients = createAuthority('clients')
    const git = await server({ clients })
    const url = git.urlOf(beds.repository(FILES))
    const { certificate, key } = issue(clients, { commonName: 'mainstay', use: 'client' })
    const { source } = beds.open({ tls: { ...trust(git.ca), client: { cert: certificate, key } } })
    expect(await readFrom(source, url, 'a.yaml')).toBe('a: 1\n')
    expect((await faultOf(beds.open({ tls: trust(git.ca) }).source.resolve(url, 'main'))).kind).toBe('unreachable')
  })

  it('of ours is not shown where the server sends us', async () => {
    const clients = createAuthority('clients')
    const [here, there] = [await server(), await server({ clients })]
    here.answer(({ path }) => ({ kind: 'redirect', to: `${there.origin}${path}` }))
    const url = here.urlOf(beds.repository(FILES))
    const { certificate, key } = issue(clients, { commonName: 'mainstay', use: 'client' })
    const tls = { ...trust(`${here.ca}${there.ca}`), client: { cert: certificate, key } }
    expect((await faultOf(beds.open({ tls }).source.resolve(url, 'main'))).kind).toBe('unreachable')
  })
})

describe('credentials', () => {
  it('are in no argument, and nothing that was written for Git stays', async () => {
    const git = await server({ authorization: basic('ana', PASSWORD) })
    const url = git.urlOf(beds.repository(FILES))
    const temporary = beds.folder()
    const bed = beds.open({ auth: ANA, tls: trust(git.ca) }, { temporary })
    expect(await readFrom(bed.source, url, 'a.yaml')).toBe('a: 1\n')
    expect(JSON.stringify(bed.commands)).not.toContain(PASSWORD)
    expect(JSON.stringify(bed.commands)).not.toContain(basic('ana', PASSWORD))
    expect(readdirSync(temporary, { recursive: true })).toHaveLength(2)
    await bed.source.close()
    expect(readdirSync(temporary)).toEqual([])
  })

  it('stay with the host they are for when the repository moved to another', async () => {
    const there = await server()
    const here = await server({ authorization: basic('ana', PASSWORD) })
    const repository = beds.repository(FILES)
    here.answer(({ path }) => ({ kind: 'redirect', to: `${there.origin}${path}` }))
    const { source } = beds.open({ auth: ANA, tls: trust(`${here.ca}${there.ca}`) })
    expect(await readFrom(source, here.urlOf(repository), 'a.yaml')).toBe('a: 1\n')
    expect(here.asked.every(({ authorization }) => authorization !== null)).toBe(true)
    expect(there.asked.length).toBeGreaterThan(3)
    expect(there.asked.filter(({ authorization }) => authorization !== null)).toEqual([])
  })

  it('go along when it moved on the same host', async () => {
    const git = await server({ authorization: basic('ana', PASSWORD) })
    const repository = beds.repository(FILES)
    git.answer(({ path }) => (path.startsWith('/old/') ? { kind: 'redirect', to: path.replace('/old/', '/') } : null))
    const { source } = beds.open({ auth: ANA, tls: trust(git.ca) })
    expect(await readFrom(source, `${git.origin}/old${repository.path}`, 'a.yaml')).toBe('a: 1\n')
  })

  it('are not sent over plain HTTP, unless somebody wrote that the network is theirs', async () => {
    const git = await server({ encrypted: false, authorization: basic('ana', PASSWORD) })
    const url = git.urlOf(beds.repository(FILES))
    const fault = await faultOf(beds.open({ auth: ANA }).source.resolve(url, 'main'))
    expect(fault).toMatchObject({ kind: 'invalid-input', what: 'credentials are not sent over plain HTTP' })
    expect(git.asked).toEqual([])
    const { source } = beds.open({ auth: ANA, tls: { ...NO_ACCESS.tls, insecure: true } })
    expect(await readFrom(source, url, 'a.yaml')).toBe('a: 1\n')
  })

  it('of one project do not open the copy for another', async () => {
    const git = await server({ authorization: basic('ana', PASSWORD) })
    const url = git.urlOf(beds.repository(FILES))
    const tls = trust(git.ca)
    const { source } = beds.open({
      accessOf: async (_, project): Promise<RepositoryAccess> =>
        project === 'shop'
          ? { ...NO_ACCESS, tls, auth: ANA, version: 'shop' }
          : { ...NO_ACCESS, tls, version: 'nobody' },
    })
    const revision = await source.resolve(url, 'main', { project: 'shop' })
    expect(revision.project).toBe('shop')
    await source.snapshot(revision)
    for (const project of ['other', null]) {
      expect((await faultOf(source.resolve(url, revision.commit, { project }))).kind).toBe('unauthorized')
      expect((await faultOf(source.snapshot({ ...revision, project }))).kind).toBe('unauthorized')
      const { commit } = revision
      expect((await faultOf(source.moved(url, commit, commit, project))).kind).toBe('unauthorized')
    }
    expect((await source.resolve(url, revision.commit, { project: 'shop' })).commit).toBe(revision.commit)
  })

  it('do not open the copy for who is answered by somebody else, because nothing is checked', async () => {
    const [real, other] = [await server({ authorization: basic('ana', PASSWORD) }), await server()]
    const repository = beds.repository(FILES)
    const cache = beds.folder()
    const url = real.urlOf(repository)
    const { commit } = await beds
      .open({ auth: ANA, tls: trust(real.ca), version: 'a' }, { cache })
      .source.resolve(url, 'main')
    // Answers in place of the real one, and has nothing to give.
    const proxy = beds.keep(await startProxy(Number(new URL(other.origin).port), 'ana:proxy'))
    other.answer(({ agent }) => (agent.startsWith('git/') ? { kind: 'status', code: 500 } : null))
    const access = { tls: { ...NO_ACCESS.tls, insecure: true }, proxy: proxy.url, version: 'b' }
    const { source } = beds.open(access, { cache })
    const asked = real.asked.length
    await faultOf(source.resolve(url, commit))
    expect(real.asked.length).toBe(asked)
    expect(proxy.asked.length).toBeGreaterThan(0)
  })

  it('that were changed are used at once', async () => {
    const git = await server({ authorization: basic('ana', PASSWORD) })
    const url = git.urlOf(beds.repository(FILES))
    let access: RepositoryAccess = { ...NO_ACCESS, tls: trust(git.ca), version: '1' }
    const { source } = beds.open({ accessOf: async () => access })
    expect((await faultOf(source.resolve(url, 'main'))).kind).toBe('unauthorized')
    access = { ...access, auth: ANA, version: '2' }
    expect((await source.resolve(url, 'main')).subject).toBe('one')
  })
})

describe('polling', () => {
  it('asks once for many who take an answer that is not older than they say', async () => {
    const git = await server()
    const repository = beds.repository(FILES)
    const url = git.urlOf(repository)
    let now = 1_000_000
    const clock = { now: () => now, sleep: () => Promise.resolve() }
    const { countOf, source } = beds.open({ tls: trust(git.ca) }, { clock })
    const first = await source.resolve(url, 'main')
    const next = repository.commit('two')
    now += 5_000
    expect((await source.resolve(url, 'main', { maxAgeMs: 10_000 })).commit).toBe(first.commit)
    expect(countOf('ls-remote')).toBe(1)
    now += 10_000
    const found = await Promise.all(Array.from({ length: 50 }, () => source.resolve(url, 'main', { maxAgeMs: 10_000 })))
    expect(new Set(found.map(({ commit }) => commit))).toEqual(new Set([next]))
    expect([countOf('ls-remote'), countOf('fetch')]).toEqual([2, 2])
  })

  it('of many repositories at once asks so many at a time', async () => {
    const git = await server()
    const repository = beds.repository(FILES)
    let most = 0
    git.answer(() => {
      most = Math.max(most, git.inFlight())
      return null
    })
    // Each project has an access of its own, and so asks for itself.
    const tls = trust(git.ca)
    const { source } = beds.open({ accessOf: async (_, project) => ({ ...NO_ACCESS, tls, version: `${project}` }) })
    const url = git.urlOf(repository)
    const found = await Promise.all(
      Array.from({ length: 40 }, (_, at) => source.resolve(url, 'HEAD', { project: `p${at}` })),
    )
    expect(new Set(found.map(({ subject }) => subject))).toEqual(new Set(['one']))
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(30)
  })

  it('needs one request where nothing moved', async () => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    const { source } = beds.open({ tls: trust(git.ca) })
    await source.resolve(url, 'main')
    const before = git.asked.length
    await source.resolve(url, 'main')
    expect(git.asked.length - before).toBe(1)
  })
})

describe('a repository on a server', () => {
  it('is asked for other refs than branches and tags only when one is wanted', async () => {
    const git = await server()
    const repository = beds.repository(FILES)
    repository.git('fetch', '--quiet', '.', ...Array.from({ length: 200 }, (_, at) => `HEAD:refs/pull/${at}/head`))
    const url = git.urlOf(repository)
    const { countOf, source } = beds.open({ tls: trust(git.ca) })
    const { commit } = await source.resolve(url, 'main')
    expect(countOf('ls-remote')).toBe(1)
    expect(await source.resolve(url, 'pull/7/head')).toMatchObject({ commit, ref: 'refs/pull/7/head' })
    expect(countOf('ls-remote')).toBe(3)
    expect((await source.resolve(url, commit.slice(0, 9))).commit).toBe(commit)
    repository.git('update-ref', `refs/${commit.slice(0, 7)}`, 'HEAD~0')
    expect((await source.resolve(url, commit.slice(0, 7))).ref).toBe(`refs/${commit.slice(0, 7)}`)
  })

  it('without commits, or without the branch any more, is a fault that says so', async () => {
    const git = await server()
    const { source } = beds.open({ tls: trust(git.ca) })
    const empty = await faultOf(source.resolve(git.urlOf(beds.repository(null)), 'main'))
    expect(empty).toMatchObject({ kind: 'not-found', why: 'the repository has no commits' })
    const repository = beds.repository(FILES)
    repository.git('branch', 'next')
    const url = git.urlOf(repository)
    const { commit } = await source.resolve(url, 'next')
    repository.git('branch', '--delete', '--force', 'next')
    expect((await faultOf(source.resolve(url, 'next'))).kind).toBe('not-found')
    expect((await source.resolve(url, commit)).commit).toBe(commit)
  })
})
