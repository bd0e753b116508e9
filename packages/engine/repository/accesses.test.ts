// How repositories are reached, by Secrets, by what this machine keeps, and by the tokens of GitHub Apps.
import { generateKeyPairSync } from 'node:crypto'
import { readKnownHosts } from '@mainstay/core/repository/known-hosts.ts'
import { entryOf, secretOf } from '@mainstay/core/repository/testing.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { FaultError } from '../fault.ts'
import { dropEntry, keepCertificate, keepEntry, keepHostKeys } from './kept.ts'
import { accessBed, FORBIDDEN, trustOf } from './testing/accesses.ts'
import { startGithub } from './testing/github.ts'

const URL = 'https://git.example.com/ops/shop'
const SSH = 'git@git.example.com:ops/shop'
const LINE = 'git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'

async function faultOf(call: Promise<unknown>) {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof FaultError) return error.fault
  throw error ?? new TypeError('it was to be refused')
}

const own = (parts: Parameters<typeof entryOf>[1] = {}, url = URL) => ({
  entry: entryOf(url, { from: 'machine', origin: 'mainstay repo add', ...parts }),
  at: '2026-03-01T12:00:00Z',
  by: 'ann',
})

describe('accesses by the control plane', () => {
  it('reads the Secret of the repository, the ConfigMaps of its host, and no credentials where there is no Secret', async () => {
    const { accesses, plane } = accessBed()
    const ca = { 'git.example.com': 'PEM' }
    plane.objects = [secretOf('shop', 'repository', { url: URL, username: 'a', password: 'p' }), ...trustOf(LINE, ca)]
    expect(await accesses.accessOf(URL, null)).toMatchObject({
      auth: { kind: 'basic', username: 'a', password: 'p' },
      ...{ tls: { ca: 'PEM' }, hostKeys: { knownHosts: LINE }, origin: 'Secret argocd/shop' },
    })
    const other = await accesses.accessOf('https://other.example.com/x', null)
    expect(other).toMatchObject({ auth: { kind: 'none' }, tls: { ca: null }, origin: 'no credentials' })
  })

  it('asks once, and again when the answer is old', async () => {
    const { accesses, plane, clock } = accessBed()
    await accesses.accessOf(URL, null)
    await accesses.accessOf(SSH, null)
    expect(plane.asked).toBe(3)
    clock.move(60_000)
    plane.objects = [secretOf('shop', 'repository', { url: URL, bearerToken: 't' })]
    expect(await accesses.accessOf(URL, null)).toMatchObject({ auth: { kind: 'bearer' } })
    expect(plane.asked).toBe(6)
  })

  it('takes a failed list for a fault, never for "no credentials", and asks again next time', async () => {
    const { accesses, plane } = accessBed()
    plane.failing = FORBIDDEN
    const fault = await faultOf(accesses.accessOf(URL, null))
    expect(fault).toMatchObject({ kind: 'forbidden', where: `repoURL: ${URL}` })
    expect(fault.fix.join()).toContain(`mainstay repo add ${URL}`)
    plane.failing = null
    expect(await accesses.accessOf(URL, null)).toMatchObject({ auth: { kind: 'none' } })
  })

  it('refuses a Secret that cannot be understood only for the repository it is about, without its values', async () => {
    const { accesses, plane } = accessBed()
    plane.objects = [
      secretOf('shop', 'repository', { url: URL, password: 's3cret', insecure: 's3cret' }),
      secretOf('cloud', 'repo-creds', { url: 'https://source.example.com', gcpServiceAccountKey: 's3cret' }),
    ]
    const fault = await faultOf(accesses.accessOf(URL, null))
    expect(fault).toMatchObject({ kind: 'invalid-input', why: expect.stringContaining('Secret argocd/shop: insecure') })
    const cloud = await faultOf(accesses.accessOf('https://source.example.com/x', null))
    expect(cloud.why).toContain('Secret argocd/cloud: gcpServiceAccountKey is not supported')
    expect(JSON.stringify([fault, cloud])).not.toContain('s3cret')
    expect(await accesses.accessOf('https://other.example.com/x', null)).toMatchObject({ auth: { kind: 'none' } })
  })

  it('has equal versions for equal accesses alone, and they tell nothing', async () => {
    const { accesses, plane, controlPlane } = accessBed()
    const secret = (password: string) => secretOf('shop', 'repository', { url: URL, password })
    plane.objects = [secret('one')]
    const first = await accesses.accessOf(URL, null)
    expect((await accesses.accessOf(`${URL}.git`, 'retail')).version).toBe(first.version)
    plane.objects = [secret('two')]
    controlPlane.forget()
    expect((await accesses.accessOf(URL, null)).version).not.toBe(first.version)
    plane.objects = [secret('one')]
    controlPlane.forget()
    expect((await accesses.accessOf(URL, null)).version).toBe(first.version)
  })
})

describe('accesses by this machine', () => {
  it('wins over the Secret for the same URL and asks the control plane for nothing', async () => {
    const { accesses, plane, records } = accessBed()
    plane.failing = FORBIDDEN
    await keepEntry(records, own())
    await keepCertificate(records, { host: 'git.example.com', pem: 'OWN' })
    expect(await accesses.accessOf(`${URL}.git`, null)).toMatchObject({
      ...{ auth: { kind: 'basic', username: 'ana' }, tls: { ca: 'OWN' }, origin: 'mainstay repo add' },
    })
    expect(plane.asked).toBe(0)
  })

  it('asks for host keys of the control plane only where it knows none of the host', async () => {
    const { accesses, clock, plane, records } = accessBed()
    await keepEntry(records, own({}, SSH))
    plane.objects = trustOf(LINE)
    expect(await accesses.accessOf(SSH, null)).toMatchObject({ hostKeys: { kind: 'known', knownHosts: LINE } })
    plane.failing = FORBIDDEN
    clock.move(60_000)
    expect((await faultOf(accesses.accessOf(SSH, null))).fix.join()).toContain('mainstay cert add-ssh')
    await keepHostKeys(records, readKnownHosts(LINE).hosts)
    clock.move(1_000)
    expect(await accesses.accessOf(SSH, null)).toMatchObject({ hostKeys: { kind: 'known', knownHosts: LINE } })
  })

  it('is gone when it was removed, in any spelling', async () => {
    const { accesses, clock, records } = accessBed()
    await keepEntry(records, own({ project: 'retail' }))
    expect(await accesses.accessOf(URL, 'retail')).toMatchObject({ auth: { kind: 'basic' } })
    expect(await dropEntry(records, { scope: 'exact', url: URL, project: null })).toBe(false)
    expect(await dropEntry(records, { scope: 'exact', url: `${URL.toUpperCase()}.git`, project: 'retail' })).toBe(true)
    // Another process did it: that is seen within a second.
    clock.move(1_000)
    expect(await accesses.accessOf(URL, 'retail')).toMatchObject({ auth: { kind: 'none' } })
  })
})

describe('accesses for many', () => {
  it('are asked of the control plane once, and one who gives up ends only the own wait', async () => {
    const { accesses, plane } = accessBed()
    plane.objects = [secretOf('shop', 'repository', { url: URL, bearerToken: 't' })]
    const stop = new AbortController()
    const first = faultOf(accesses.accessOf(URL, null, stop.signal))
    const others = Array.from({ length: 20 }, () => accesses.accessOf(URL, null))
    stop.abort()
    expect((await first).kind).toBe('cancelled')
    expect((await Promise.all(others)).map(({ auth }) => auth.kind)).toEqual(others.map(() => 'bearer'))
    expect(plane.asked).toBe(3)
  })
})

describe('accesses by a GitHub App', () => {
  const servers: { close(): Promise<void> }[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close()
  })

  async function bedWithApp(name: string, values: Readonly<Record<string, string>> = {}) {
    const bed = accessBed()
    const github = await startGithub(bed.clock.now)
    servers.push(github)
    bed.plane.objects = [github.secret(name, values), ...trustOf('', { '127.0.0.1': github.ca })]
    return { ...bed, github, url: `${github.origin}/ops/${name}` }
  }

  it('are a user and a token; it finds the installation, keeps the token, and renews it before it ends', async () => {
    const { accesses, clock, github, url } = await bedWithApp('shop')
    const first = await accesses.accessOf(url, null)
    expect(first.auth).toEqual({ kind: 'basic', username: 'x-access-token', password: 'ghs_2' })
    expect(github.asked).toEqual([
      'GET /api/v3/repos/ops/shop/installation',
      'POST /api/v3/app/installations/34/access_tokens',
    ])
    clock.move(45 * 60_000)
    expect(await accesses.accessOf(url, null)).toEqual(first)
    clock.move(10 * 60_000)
    const [second, third] = await Promise.all([accesses.accessOf(url, null), accesses.accessOf(url, null)])
    expect(second.version).not.toBe(first.version)
    expect(third).toEqual(second)
    expect(github.asked).toHaveLength(4)
  })

  it('ask nothing but the token where the installation is written', async () => {
    const { accesses, github, url } = await bedWithApp('shop', { githubAppInstallationID: '34' })
    await accesses.accessOf(url, null)
    expect(github.asked).toEqual(['POST /api/v3/app/installations/34/access_tokens'])
  })

  it('say whose App it is that is not installed, or whose key is not taken, and do not keep the failure', async () => {
    const { accesses, controlPlane, github, plane, url } = await bedWithApp('other')
    expect(await faultOf(accesses.accessOf(url, null))).toMatchObject({ kind: 'not-found' })
    const values = { githubAppID: '13', url, githubAppInstallationID: '34' }
    plane.objects = [github.secret('other', values), ...trustOf('', { '127.0.0.1': github.ca })]
    controlPlane.forget()
    const fault = await faultOf(accesses.accessOf(url, null))
    expect(fault.kind).toBe('unauthorized')
    expect(JSON.stringify(fault)).not.toContain('PRIVATE')
  })

  it('are never given to whoever knows the numbers of an App and not its key', async () => {
    const { accesses, controlPlane, github, plane, url } = await bedWithApp('shop', { githubAppInstallationID: '34' })
    await accesses.accessOf(url, null)
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const githubAppPrivateKey = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
    const values = { githubAppInstallationID: '34', githubAppPrivateKey }
    plane.objects = [github.secret('shop', values), ...trustOf('', { '127.0.0.1': github.ca })]
    controlPlane.forget()
    expect((await faultOf(accesses.accessOf(url, null))).kind).toBe('unauthorized')
  })

  it('never send the statement over plain HTTP, nor to a server with a certificate that is not trusted', async () => {
    const { accesses, controlPlane, github, plane, url } = await bedWithApp('shop', {
      githubAppEnterpriseBaseUrl: 'http://127.0.0.1:1/api/v3',
    })
    expect(await faultOf(accesses.accessOf(url, null))).toMatchObject({
      kind: 'invalid-input',
      why: 'it is not an https URL',
    })
    plane.objects = [github.secret('shop')]
    controlPlane.forget()
    expect((await faultOf(accesses.accessOf(url, null))).fix.join()).toContain('mainstay cert add-tls')
    expect(github.asked).toEqual([])
  })
})
