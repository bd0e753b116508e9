// Repositories behind a proxy: our own questions and Git go the same way, and the proxy's password is shown to it alone.
import { afterEach, describe, expect, it } from 'vitest'
import { createAuthority, issue } from '../tls/x509.ts'
import { NO_ACCESS } from './access.ts'
import { faultOf } from './contract.ts'
import { Beds, readFrom } from './testing/bed.ts'
import { startGitServer } from './testing/https-server.ts'
import { newKey } from './testing/keys.ts'
import { startProxy } from './testing/proxy.ts'
import { startSshServer } from './testing/ssh-server.ts'

const beds = new Beds()
afterEach(() => beds.end())

/** A host whose name only the proxy can resolve. */
const HOST = 'git.example.com'

async function stage() {
  const authority = createAuthority('proxied')
  const identity = () => issue(authority, { commonName: HOST, use: 'server', names: [HOST, '127.0.0.1'] })
  const git = beds.keep(await startGitServer({ identity }))
  const proxy = beds.keep(await startProxy(Number(new URL(git.origin).port), 'ana:proxy-secret'))
  const repository = beds.repository({ 'a.yaml': 'a: 1\n' })
  return { git, proxy, repository, tls: { ...NO_ACCESS.tls, ca: authority.certificate } }
}

describe('HTTPS through a proxy', () => {
  it('is how a repository is asked and fetched', async () => {
    const { proxy, repository, tls } = await stage()
    const bed = beds.open({ tls, proxy: proxy.url })
    expect(await readFrom(bed.source, `https://${HOST}${repository.path}`, 'a.yaml')).toBe('a: 1\n')
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([`${HOST}:443`]))
    // One connection of ours, and one each time Git ran.
    expect(proxy.asked.filter(({ authorization }) => authorization !== null).length).toBeGreaterThanOrEqual(3)
    expect(JSON.stringify(bed.commands)).not.toContain('proxy-secret')
  })

  it('is not used for hosts that are excepted', async () => {
    const { git, proxy, repository, tls } = await stage()
    const { source } = beds.open({ tls, proxy: proxy.url, noProxy: 'other.example.com,127.0.0.1' })
    expect(await readFrom(source, git.urlOf(repository), 'a.yaml')).toBe('a: 1\n')
    expect(proxy.asked).toEqual([])
  })

  it('that does not let us through is out of reach, and its password is not shown', async () => {
    const { proxy, repository, tls } = await stage()
    const { source } = beds.open({ tls, proxy: proxy.url.replace('proxy-secret', 'proxy-guess') })
    const fault = await faultOf(source.resolve(`https://${HOST}${repository.path}`, 'main'))
    expect(fault.kind).toBe('unreachable')
    expect(JSON.stringify(fault)).not.toContain('proxy-guess')
  })
})

describe('SSH through a proxy', () => {
  const key = newKey()
  const auth = { kind: 'ssh-key', privateKey: key.private, passphrase: null } as const

  async function behind(kind: 'http' | 'socks5') {
    const ssh = beds.keep(await startSshServer({ letIn: [key.public] }))
    const proxy = beds.keep(await startProxy(ssh.port, 'ana:proxy-secret', kind))
    const [, type, blob] = ssh.knownHosts.split(' ')
    const hostKeys = { kind: 'known', knownHosts: `${HOST} ${type} ${blob}` } as const
    const repository = beds.repository({ 'a.yaml': 'a: 1\n' })
    return { hostKeys, proxy, repository, ssh, url: `git@${HOST}:${repository.path}` }
  }

  it.each(['http', 'socks5'] as const)('of %s is how a repository is asked and fetched', async (kind) => {
    const { hostKeys, proxy, ssh, url } = await behind(kind)
    const bed = beds.open({ auth, hostKeys, proxy: proxy.url })
    expect(await readFrom(bed.source, url, 'a.yaml')).toBe('a: 1\n')
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([`${HOST}:22`]))
    expect(ssh.logins()).toBe(proxy.asked.length)
    expect(JSON.stringify(bed.commands)).not.toContain('proxy-secret')
  })

  it('tells an unknown host, with its fingerprint, and a proxy that does not let us through', async () => {
    const { hostKeys, proxy, ssh, url } = await behind('http')
    const none = { kind: 'known', knownHosts: '' } as const
    const unknown = await faultOf(beds.open({ auth, hostKeys: none, proxy: proxy.url }).source.resolve(url, 'main'))
    expect(unknown).toMatchObject({ kind: 'unauthorized', why: expect.stringContaining(ssh.fingerprint) })
    const guess = proxy.url.replace('proxy-secret', 'proxy-guess')
    const shut = await faultOf(beds.open({ auth, hostKeys, proxy: guess }).source.resolve(url, 'main'))
    expect(shut).toMatchObject({ kind: 'unreachable', why: expect.stringContaining('through the proxy') })
    expect(JSON.stringify(shut)).not.toContain('proxy-guess')
    expect(ssh.logins()).toBe(0)
  })

  it('is not used for hosts that are excepted', async () => {
    const { proxy, repository, ssh } = await behind('http')
    const hostKeys = { kind: 'known', knownHosts: ssh.knownHosts } as const
    const { source } = beds.open({ auth, hostKeys, proxy: proxy.url, noProxy: '127.0.0.1' })
    expect(await readFrom(source, ssh.urlOf(repository), 'a.yaml')).toBe('a: 1\n')
    expect(proxy.asked).toEqual([])
  })
})
