// OpenSSH's known_hosts: lines, names, hashes, patterns, markers.
import { createHash, createHmac, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64, encodeUtf8 } from '../object/base64.ts'
import { fingerprintOf, type HostHashes, isAbout, knownHostName, readKnownHosts } from './known-hosts.ts'

const hashes: HostHashes = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest('base64'),
  hmacSha1: (key, text) => createHmac('sha1', key).update(text).digest('base64'),
}

/** A key as GitHub publishes it, with the fingerprint that it publishes. */
const GITHUB = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
const FINGERPRINT = 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU'

function only(line: string) {
  const [host] = readKnownHosts(line).hosts
  if (host === undefined) throw new TypeError('it was to be a line')
  return host
}

describe('readKnownHosts', () => {
  it('reads names, type, key and comment, and passes over comments and empty lines', () => {
    const { hosts, unreadable } = readKnownHosts(`# trusted\n\ngithub.com,gh ssh-ed25519 ${GITHUB} by ana\r\n`)
    expect(unreadable).toEqual([])
    expect(hosts).toEqual([
      {
        ...{ marker: null, hosts: ['github.com', 'gh'], keyType: 'ssh-ed25519', key: GITHUB, comment: 'by ana' },
        ...{ line: `github.com,gh ssh-ed25519 ${GITHUB} by ana`, number: 3 },
      },
    ])
  })

  it('shows the fingerprint that OpenSSH shows', () => {
    expect(fingerprintOf(only(`github.com ssh-ed25519 ${GITHUB}`), hashes)).toBe(FINGERPRINT)
  })

  it('reads markers', () => {
    expect(only(`@revoked * ssh-ed25519 ${GITHUB}`).marker).toBe('revoked')
    expect(only(`@cert-authority *.example.com ssh-ed25519 ${GITHUB}`).marker).toBe('cert-authority')
  })

  it.each([
    ['@trusted x ssh-ed25519 AAAA', 'marker'],
    ['github.com ssh-ed25519', 'a host, a type of key and a key'],
    [`github.com ssh-rsa ${GITHUB}`, 'not a key of the type ssh-rsa'],
    ['github.com ssh-ed25519 AAAAC3Nz', 'not a key of the type'],
    ['github.com -oProxyCommand=x AAAA', 'type of the key'],
  ])('says why %s is no line', (line, why) => {
    expect(readKnownHosts(`\n${line}`).unreadable).toEqual([{ number: 2, why: expect.stringContaining(why) }])
  })
})

describe('any text', () => {
  it('is read line by line: each says something, or why it says nothing', () => {
    const word = fc.constantFrom(
      '@revoked',
      '@x',
      'git.example.com',
      '|1|a|b',
      'ssh-ed25519',
      GITHUB,
      '#',
      '',
      '\t',
      'ü',
    )
    fc.assert(
      fc.property(fc.array(fc.array(word)), (lines) => {
        const text = lines.map((words) => words.join(' ')).join('\n')
        const { hosts, unreadable } = readKnownHosts(text)
        const said = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
        expect(hosts.length + unreadable.length).toBe(said.length)
        for (const host of hosts) expect(readKnownHosts(host.line).hosts).toEqual([{ ...host, number: 1 }])
      }),
    )
  })
})

describe('isAbout', () => {
  const about = (hosts: string, name: string) => isAbout({ hosts: hosts.split(',') }, name, hashes)

  it('knows names, ports and patterns', () => {
    expect(about('a.example.com,b.example.com', 'b.example.com')).toBe(true)
    expect(about('[git.example.com]:2222', knownHostName('git.example.com', 2222))).toBe(true)
    expect(about('[git.example.com]:2222', knownHostName('git.example.com', 22))).toBe(false)
    expect(about('*.example.com', 'git.example.com')).toBe(true)
    expect(about('git?.example.com', 'git1.example.com')).toBe(true)
    expect(about('*.example.com,!git.example.com', 'git.example.com')).toBe(false)
    expect(about('Git.Example.com', 'git.example.com')).toBe(true)
  })

  it('knows a host by the hash of its name', () => {
    const salt = encodeUtf8('12345678901234567890')
    const hashed = `|1|${encodeBase64(salt)}|${hashes.hmacSha1(salt, 'git.example.com')}`
    expect(about(hashed, 'git.example.com')).toBe(true)
    expect(about(hashed, 'other.example.com')).toBe(false)
    expect(about('|1|broken', 'git.example.com')).toBe(false)
  })

  it('matches patterns as a regular expression would', () => {
    const pattern = fc.stringMatching(/^[ab*?.]{1,8}$/)
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[ab.]{0,8}$/), (wanted, name) => {
        const source = wanted.replaceAll('.', '\\.').replaceAll('?', '.').replaceAll('*', '.*')
        expect(about(wanted, name)).toBe(new RegExp(`^${source}$`).test(name))
      }),
    )
  })

  it('takes no long time for a hostile pattern', () => {
    expect(about(`${'*a'.repeat(2000)}b`, 'a'.repeat(5000))).toBe(false)
  })
})

describe('any key', () => {
  it('that was written by OpenSSH’s rules is read again', () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
    const name = Buffer.from('ssh-ed25519')
    const blob = Buffer.concat([Buffer.from([0, 0, 0, name.length]), name, Buffer.from([0, 0, 0, 32]), raw])
    expect(only(`x ssh-ed25519 ${blob.toString('base64')}`).key).toBe(blob.toString('base64'))
  })
})
