// `mainstay cert`: trusting hosts, listing whom, taking it back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { trustOf } from '@mainstay/engine/repository/testing/accesses.ts'
import { createAuthority } from '@mainstay/engine/tls/x509.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run, type TestIoOptions } from '../../testing/io.ts'
import { type RepositoryBench, repositoryBench } from '../../testing/repositories.ts'

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
const FINGERPRINT = 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU'
/** What `ssh-keygen -H` makes of `git.example.com`. */
const HASHED = `|1|MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=|F0ZRfRYRwQ1GVk6ta2FAYwNnuBU= ${KEY}`

let bench: RepositoryBench
let folder: string
beforeEach(() => {
  bench = repositoryBench()
  folder = mkdtempSync(join(tmpdir(), 'mainstay-cert-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const mainstay = (line: string, options: TestIoOptions = {}) =>
  run(line, { session: bench.session, cwd: folder, ...options })

const rows = async (line = 'cert list') =>
  (await mainstay(line)).out
    .trim()
    .split('\n')
    .slice(1)
    .map((each) => each.split(/ {2,}/))

describe('cert add-ssh', () => {
  it('trusts the lines of standard input or of a file, and says their fingerprints', async () => {
    const { code, out } = await mainstay('cert add-ssh --batch', { input: `# scanned\ngit.example.com ${KEY}\n` })
    expect({ code, out }).toEqual({ code: 0, out: `git.example.com: ssh-ed25519 ${FINGERPRINT} is trusted.\n` })
    writeFileSync(join(folder, 'hosts'), `[other.example.com]:2222 ${KEY}\n`)
    expect((await mainstay('cert add-ssh --batch --from hosts')).code).toBe(0)
    expect(await rows()).toEqual([
      ['[other.example.com]:2222', 'ssh', 'ssh-ed25519', FINGERPRINT, 'machine'],
      ['git.example.com', 'ssh', 'ssh-ed25519', FINGERPRINT, 'machine'],
    ])
  })

  it('says of a key that was taken back that it is refused', async () => {
    const { out } = await mainstay('cert add-ssh --batch', { input: `@revoked git.example.com ${KEY}` })
    expect(out).toBe(`git.example.com: ssh-ed25519 ${FINGERPRINT} is refused from now on.\n`)
  })

  it('takes all lines or none', async () => {
    const { code, err } = await mainstay('cert add-ssh --batch', { input: `git.example.com ${KEY}\nbroken\n` })
    expect({ code, said: err.includes('line 2') }).toEqual({ code: 2, said: true })
    expect((await mainstay('cert add-ssh --batch', { input: '\n' })).code).toBe(2)
    expect((await mainstay('cert add-ssh', { input: KEY })).code).toBe(2)
    expect((await mainstay('cert list')).out).toContain('No host is trusted')
  })
})

describe('cert add-tls', () => {
  const [one, other] = [createAuthority('One').certificate, createAuthority('Other').certificate]

  it('trusts certificates for a host in place of the system’s, and replaces them only with --upsert', async () => {
    writeFileSync(join(folder, 'ca.pem'), one)
    expect((await mainstay('cert add-tls Git.Example.com --from ca.pem')).out).toContain('CN=One is trusted')
    expect((await mainstay('cert add-tls git.example.com', { input: other })).err).toContain('--upsert')
    expect((await mainstay('cert add-tls git.example.com --upsert', { input: other })).code).toBe(0)
    expect((await mainstay('repo add https://git.example.com/x')).code).toBe(0)
    expect(bench.tried[0]?.tls.ca).toBe(other)
  })

  it.each([
    ['git.example.com', 'nothing', 'no certificate'],
    ['git.example.com', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'PRIVATE KEY'],
    ['https://git.example.com/', one, 'is no host'],
  ])('refuses %s with what cannot be trusted', async (host, input, said) => {
    const { code, err } = await mainstay(`cert add-tls ${host}`, { input })
    expect({ code, said: err.includes(said) }).toEqual({ code: 2, said: true })
  })
})

describe('cert list and rm', () => {
  it('tell this machine’s hosts from those of the control plane, and read what is broken there', async () => {
    bench.plane.objects = trustOf(`*.example.org ${KEY}\n@revoked bad.example.com ${KEY}`, {
      'x.example.com': 'broken',
    })
    expect(await rows()).toEqual([
      ['*.example.org', 'ssh', 'ssh-ed25519', FINGERPRINT, 'control-plane'],
      ['bad.example.com', 'ssh', '@revoked ssh-ed25519', FINGERPRINT, 'control-plane'],
      ['x.example.com', 'https', 'x509', expect.stringContaining('cannot be read'), 'control-plane'],
    ])
    expect(await rows('cert list --cert-type https')).toHaveLength(1)
  })

  it('take back host keys and certificates of this machine, by kind, hashed names too', async () => {
    await mainstay('cert add-ssh --batch', { input: `git.example.com ${KEY}\n${HASHED}\n*.example.com ${KEY}` })
    await mainstay('cert add-tls git.example.com', { input: createAuthority('One').certificate })
    expect((await mainstay('cert rm git.example.com --cert-type ssh')).out).toContain('2 entries')
    expect((await rows()).map(([host]) => host)).toEqual(['*.example.com', 'git.example.com'])
    expect((await mainstay('cert rm git.example.com')).out).toContain('1 entry')
    expect((await mainstay('cert rm git.example.com')).code).toBe(2)
    expect((await mainstay('cert rm *.example.com')).code).toBe(0)
    await mainstay('cert add-tls git.example.com:8443', { input: createAuthority('One').certificate })
    expect((await mainstay('cert rm [git.example.com]:8443')).code).toBe(0)
  })
})
