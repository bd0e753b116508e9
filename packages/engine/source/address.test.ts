// What a repoURL may be: every spelling of a repository is one, and what could be taken for something else is refused.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../fault.ts'
import { parseAddress, shownAddress } from './address.ts'

function refusal(url: string) {
  try {
    parseAddress(url)
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    throw error
  }
  throw new Error('nothing was refused')
}

describe('one repository', () => {
  it.each([
    'https://git.example.com/ops/shop',
    'https://git.example.com/ops/shop.git',
    'https://GIT.example.com:443/ops/shop.git/',
    'https://ana@git.example.com/ops/shop',
    'http://git.example.com/ops/shop',
    'ssh://git@git.example.com/ops/shop.git',
    'ssh://git@git.example.com:22/ops/shop',
    'git@git.example.com:ops/shop.git',
    'git@Git.Example.com:/ops/shop',
    'git.example.com:ops/shop',
  ])('has one copy, also as %s', (url) => {
    expect(parseAddress(url).id).toBe(parseAddress('https://git.example.com/ops/shop').id)
  })

  it.each([
    'https://git.example.com:8443/ops/shop',
    'https://git.example.com/ops/Shop',
    'https://git.example.com/ops/shops',
    'ssh://git@git.example.com:2222/ops/shop',
    'file:///git.example.com/ops/shop',
  ])('is another than %s', (url) => {
    expect(parseAddress(url).id).not.toBe(parseAddress('https://git.example.com/ops/shop').id)
  })
})

describe('an address over SSH', () => {
  it.each([
    ['git@h.example.com:a/b.git', { user: 'git', host: 'h.example.com', port: 22, path: 'a/b.git' }],
    ['h.example.com:/srv/a', { user: 'git', host: 'h.example.com', port: 22, path: '/srv/a' }],
    ['ssh://ana@h.example.com:2222/srv/a%20b', { user: 'ana', host: 'h.example.com', port: 2222, path: '/srv/a b' }],
    ['ssh://h.example.com/~ana/a', { user: 'git', host: 'h.example.com', port: 22, path: '~ana/a' }],
    ['ssh://git@[2001:db8::1]:2222/a', { user: 'git', host: '2001:db8::1', port: 2222, path: '/a' }],
    ['git@[2001:db8::1]:a', { user: 'git', host: '2001:db8::1', port: 22, path: 'a' }],
  ])('%s', (url, place) => {
    expect(parseAddress(url)).toMatchObject({ kind: 'ssh', ...place })
  })
})

describe('an address over HTTPS', () => {
  it('has a copy for each user whose home it is in', () => {
    const id = (url: string) => parseAddress(url).id
    expect(id('ana@nas.example.com:shop')).not.toBe(id('bob@nas.example.com:shop'))
    expect(id('git@nas.example.com:shop')).toBe(id('https://nas.example.com/shop.git'))
    expect(id('ssh://ana@nas.example.com/srv/shop')).toBe(id('ssh://bob@nas.example.com/srv/shop'))
  })

  it('keeps the user apart and gives Git a URL without it', () => {
    const address = parseAddress('https://org@dev.example.com/org/_git/shop/')
    expect(address).toMatchObject({ kind: 'https', user: 'org', url: 'https://dev.example.com/org/_git/shop' })
  })

  it('with a password in it is refused with the way to keep it, and shows it nowhere', () => {
    const fault = refusal('https://ana:s3cr3t%21@git.example.com/ops/shop.git')
    expect(fault).toMatchObject({ kind: 'invalid-input', what: 'the URL of the repository holds a password' })
    expect(fault.fix[0]).toBe(
      'keep it encrypted: mainstay repo add https://git.example.com/ops/shop.git --username ana --password-stdin',
    )
    expect(JSON.stringify(fault)).not.toContain('s3cr3t')
  })
})

describe('what is no repository of ours', () => {
  it.each([
    ['git://git.example.com/x', 'unsupported'],
    ['oci://registry.example.com/x', 'unsupported'],
    ['ftp://git.example.com/x', 'unsupported'],
    ['ext::sh -c id', 'unsupported'],
    ['fd::17', 'unsupported'],
    ['ssh://-oProxyCommand=x/y', 'invalid-input'],
    ['ssh://git@-oProxyCommand=x/y', 'invalid-input'],
    ['ssh://-oProxyCommand=x@host/y', 'invalid-input'],
    ['-oProxyCommand=x:y', 'invalid-input'],
    ['git@-host:y', 'invalid-input'],
    ['-user@host:y', 'invalid-input'],
    ['git@host:-oProxyCommand=x', 'invalid-input'],
    ['git@ho st:y', 'invalid-input'],
    ['git@host$(x):y', 'invalid-input'],
    ['ssh://git@ho%73t%0a/y', 'invalid-input'],
    ['ssh://git@host/y%0ax', 'invalid-input'],
    ['ssh://host', 'invalid-input'],
    ['https://host', 'invalid-input'],
    ['https:///x', 'invalid-input'],
    ['https://git.example.com/x?y=1', 'invalid-input'],
    ['https://git.example.com/x#y', 'invalid-input'],
    ['https://git.example.com/x\ny', 'invalid-input'],
    ['git@host:x\u0000y', 'invalid-input'],
    ['ssh://git:secret@host/x', 'invalid-input'],
    ['host:', 'invalid-input'],
    ['ana:secret@host:x', 'invalid-input'],
    ['https://ana:secret/with@host/x', 'invalid-input'],
    ['https://ana:s/secret@host/x', 'invalid-input'],
  ])('%j', (url, kind) => {
    const fault = refusal(url)
    expect(fault.kind).toBe(kind)
    expect(fault.fix.length).toBeGreaterThan(0)
    expect(JSON.stringify(fault)).not.toContain('secret')
  })

  it('whatever it is: no word that Git or OpenSSH is given begins like an option', () => {
    const part = fc.string({ unit: fc.constantFrom(..."-@:/.[]ag%2d ~'!$\n"), maxLength: 12 })
    const url = fc.oneof(
      fc.tuple(part, part).map(([a, b]) => `ssh://${a}/${b}`),
      fc.tuple(part, part).map(([a, b]) => `${a}@${b}`),
      fc.tuple(part, part).map(([a, b]) => `${a}:${b}`),
      fc.tuple(part, part).map(([a, b]) => `https://${a}/${b}`),
    )
    fc.assert(
      fc.property(url, (text) => {
        let address: ReturnType<typeof parseAddress>
        try {
          address = parseAddress(text)
        } catch (error) {
          expect(error).toBeInstanceOf(FaultError)
          return
        }
        const words = address.kind === 'ssh' ? [address.user, address.host, address.path, address.url] : [address.url]
        for (const word of words) expect(word).toMatch(/^[^-\p{Cc}]\P{Cc}*$/u)
      }),
      { numRuns: 2000 },
    )
  })
})

it('an address is shown without what could be a password', () => {
  expect(shownAddress('https://a:b@c@host/x')).toBe('https://a@host/x')
  expect(shownAddress('https://host/x')).toBe('https://host/x')
  expect(shownAddress('https://host:8443/x@y')).toBe('https://host:8443/x@y')
  expect(shownAddress('ssh://git@[::1]:22/x@y')).toBe('ssh://git@[::1]:22/x@y')
  expect(shownAddress('https://a:b/c@host/x')).toBe('https://a@host/x')
  expect(shownAddress('a:b@host:x')).toBe('a@host:x')
  expect(shownAddress('git@host:x')).toBe('git@host:x')
})
