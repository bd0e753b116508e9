// What can go wrong over SSH, told apart by what can be looked at: each is a fault that says what to do.

import { execFileSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { NO_ACCESS } from './access.ts'
import { faultOf } from './contract.ts'
import { Beds, inCopy, readFrom } from './testing/bed.ts'
import { newKey } from './testing/keys.ts'
import { type SshAnswer, type SshServer, startSshServer } from './testing/ssh-server.ts'

const FILES = { 'a.yaml': 'a: 1\n' }
const KEY = newKey()

const beds = new Beds()
afterEach(() => beds.end())

async function server(options: Partial<Parameters<typeof startSshServer>[0]> = {}): Promise<SshServer> {
  return beds.keep(await startSshServer({ letIn: [KEY.public], ...options }))
}

const known = (knownHosts: string) => ({ kind: 'known', knownHosts }) as const
const accessTo = (git: SshServer, change: Partial<RepositoryAccess> = {}): Partial<RepositoryAccess> => ({
  auth: { kind: 'ssh-key', privateKey: KEY.private, passphrase: null },
  hostKeys: known(git.knownHosts),
  ...change,
})

describe('a host', () => {
  it('that nobody has trusted yet is refused, with the fingerprint it shows and the way to trust it', async () => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    const fault = await faultOf(beds.open(accessTo(git, { hostKeys: known('') })).source.resolve(url, 'main'))
    expect(fault.kind).toBe('unauthorized')
    expect(fault.why).toContain(git.fingerprint)
    expect(fault.fix.join()).toContain(`ssh-keyscan -p ${git.port} 127.0.0.1 | mainstay cert add-ssh --batch`)
    expect(git.logins()).toBe(0)
  })

  it('that shows another key than before is refused, with both fingerprints', async () => {
    const old = await server()
    const { fingerprint, knownHosts, port } = old
    await old.close()
    const git = await server({ port })
    const url = git.urlOf(beds.repository(FILES))
    const fault = await faultOf(beds.open(accessTo(git, { hostKeys: known(knownHosts) })).source.resolve(url, 'main'))
    expect(fault.kind).toBe('unauthorized')
    expect(fault.why).toContain(git.fingerprint)
    expect(fault.why).toContain(fingerprint)
    expect(fault.fix.join()).toContain('mainstay cert rm 127.0.0.1')
    expect(git.logins()).toBe(0)
  })

  it('is known by a hashed name, too', async () => {
    const git = await server()
    const file = join(beds.folder(), 'known_hosts')
    writeFileSync(file, `${git.knownHosts}\n`)
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' })
    const hashed = execFileSync('cat', [file], { encoding: 'utf8' })
    expect(hashed).not.toContain('127.0.0.1')
    const { source } = beds.open(accessTo(git, { hostKeys: known(hashed) }))
    expect(await readFrom(source, git.urlOf(beds.repository(FILES)), 'a.yaml')).toBe('a: 1\n')
  })

  it('is not looked at where somebody said so', async () => {
    const git = await server()
    const { source } = beds.open(accessTo(git, { hostKeys: { kind: 'unchecked' } }))
    expect(await readFrom(source, git.urlOf(beds.repository(FILES)), 'a.yaml')).toBe('a: 1\n')
  })

  it('that is not there, or where something else listens, is out of reach', async () => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    const access = accessTo(git)
    await git.close()
    const gone = await faultOf(beds.open(access).source.resolve(url, 'main'))
    expect(gone).toMatchObject({ kind: 'unreachable', why: expect.stringContaining('ECONNREFUSED') })
    const other = createServer((socket) => {
      socket.on('error', () => {})
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n', () => socket.destroy())
    })
    await new Promise<void>((resolve) => other.listen(git.port, '127.0.0.1', resolve))
    beds.keep({ close: () => new Promise((resolve) => other.close(() => resolve())) })
    const silent = await faultOf(beds.open(access).source.resolve(url, 'main'))
    expect(silent).toMatchObject({ kind: 'unreachable', why: expect.stringContaining('no SSH host key') })
  })
})

describe('a key', () => {
  it('that the host does not take is named by where it was written, and never shown', async () => {
    const git = await server({ letIn: [newKey().public] })
    const url = git.urlOf(beds.repository(FILES))
    const fault = await faultOf(
      beds.open(accessTo(git, { origin: 'Secret argocd/repo-shop' })).source.resolve(url, 'main'),
    )
    expect(fault.kind).toBe('unauthorized')
    expect(fault.why).toContain('does not take this key of git: Secret argocd/repo-shop')
    expect(JSON.stringify(fault)).not.toContain('PRIVATE KEY')
  })

  it('is wanted where none is written down', async () => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    const fault = await faultOf(beds.open(accessTo(git, { auth: { kind: 'none' } })).source.resolve(url, 'main'))
    expect(fault).toMatchObject({ kind: 'unauthorized', why: expect.stringContaining('wants a key') })
  })

  it('that is damaged is told apart from one that is not let in', async () => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    const auth = { kind: 'ssh-key', privateKey: KEY.private.slice(0, 90), passphrase: null } as const
    const fault = await faultOf(beds.open(accessTo(git, { auth })).source.resolve(url, 'main'))
    expect(fault).toMatchObject({ kind: 'invalid-input', why: expect.stringContaining('cannot be read') })
  })

  it('with the line breaks of Windows is taken', async () => {
    const git = await server()
    const auth = { kind: 'ssh-key', privateKey: KEY.private.trim().replaceAll('\n', '\r\n'), passphrase: null } as const
    const { source } = beds.open(accessTo(git, { auth }))
    expect(await readFrom(source, git.urlOf(beds.repository(FILES)), 'a.yaml')).toBe('a: 1\n')
  })

  it('is on the disk only while it is needed, and nothing stays', async () => {
    const git = await server()
    const temporary = beds.folder()
    const { source } = beds.open(accessTo(git), { temporary })
    expect(await readFrom(source, git.urlOf(beds.repository(FILES)), 'a.yaml')).toBe('a: 1\n')
    const left = readdirSync(temporary, { recursive: true, encoding: 'utf8' }).map((path) => path.split('/').slice(1))
    // The socket of the shared connection and whose folder it is.
    expect(left.map(([name]) => name).filter((name) => name !== undefined && name !== 'owner.json')).toHaveLength(1)
    await source.close()
    expect(readdirSync(temporary)).toEqual([])
  })
})

describe('a session', () => {
  it.each<[string, SshAnswer, string]>([
    ['that never answers', { kind: 'hang' }, 'timeout'],
    ['that is cut off before its first word', { kind: 'cut', bytes: 0 }, 'unreachable'],
    ['that is cut off in its first words', { kind: 'cut', bytes: 20 }, 'unreachable'],
    ['that is told to go away', { kind: 'exit', code: 1, stderr: 'ERROR: Repository not found.\n' }, 'not-found'],
  ])('%s is a fault, never a repository without branches', async (_, answer, kind) => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    git.answer(() => answer)
    const limits = answer?.kind === 'hang' ? { timeoutMs: 2000 } : {}
    const fault = await faultOf(beds.open(accessTo(git), limits).source.resolve(url, 'main'))
    expect(fault.kind).toBe(kind)
    expect(fault.fix.length).toBeGreaterThan(0)
    if (answer?.kind === 'exit') expect(fault.why).toContain('Repository not found.')
  })

  it('that hung does not make the next one hang', async () => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    const { source } = beds.open(accessTo(git), { timeoutMs: 5000 })
    git.answer(() => ({ kind: 'hang' }))
    expect((await faultOf(source.resolve(url, 'main'))).kind).toBe('timeout')
    git.answer(() => null)
    expect((await source.resolve(url, 'main')).subject).toBe('one')
  })

  it('for a folder that is no repository says so', async () => {
    const git = await server()
    const fault = await faultOf(
      beds.open(accessTo(git)).source.resolve(`${git.urlOf(beds.repository(FILES))}/nothing`, 'main'),
    )
    expect(fault.kind).toBe('not-found')
  })

  it('shares one login with those after it', async () => {
    const git = await server()
    const { source } = beds.open(accessTo(git))
    for (let round = 0; round < 3; round++) await readFrom(source, git.urlOf(beds.repository(FILES)), 'a.yaml')
    expect(git.logins()).toBe(1)
  })

  it('that breaks in the middle of a fetch does not cost the copy', async () => {
    const git = await server()
    const repository = beds.repository(FILES)
    const url = git.urlOf(repository)
    const { cache, source } = beds.open(accessTo(git))
    await source.resolve(url, 'main')
    const next = repository.commit('two', { 'b.yaml': 'b: 1\n' })
    let sessions = 0
    git.answer(() => (++sessions % 2 === 0 ? { kind: 'cut', bytes: 300 } : null))
    expect(['source-unreadable', 'unreachable']).toContain((await faultOf(source.resolve(url, 'main'))).kind)
    expect(inCopy(cache).filter((name) => name.startsWith('damaged-'))).toEqual([])
    git.answer(() => null)
    expect((await source.resolve(url, 'main')).commit).toBe(next)
  })
})

describe('a repository', () => {
  it('is read with the credentials that are written now', async () => {
    const git = await server()
    const url = git.urlOf(beds.repository(FILES))
    let access: RepositoryAccess = { ...NO_ACCESS, ...accessTo(git, { auth: { kind: 'none' } }), version: '1' }
    const { source } = beds.open({ accessOf: async () => access })
    expect((await faultOf(source.resolve(url, 'main'))).kind).toBe('unauthorized')
    access = { ...access, ...accessTo(git), version: '2' }
    expect((await source.resolve(url, 'main')).subject).toBe('one')
  })
})
