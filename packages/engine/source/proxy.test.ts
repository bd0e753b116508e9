// Repositories behind a proxy: our own questions and Git go the same way, and the proxy's password is shown to it alone.
import { afterEach, describe, expect, it } from 'vitest'
import { createAuthority, issue } from '../tls/x509.ts'
import { NO_ACCESS } from './access.ts'
import { faultOf } from './contract.ts'
import { Beds, readFrom } from './testing/bed.ts'
import { startGitServer } from './testing/https-server.ts'
import { startProxy } from './testing/proxy.ts'

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
