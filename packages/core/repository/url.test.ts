// Which URLs are one repository for credentials, and which host a URL leads to.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostOf, isPrefix, isSshUrl, normalizedUrl } from './url.ts'

describe('normalizedUrl', () => {
  it.each([
    ['https://GitHub.com/Acme/Shop.git', 'https://github.com/acme/shop'],
    ['  https://github.com/acme/shop ', 'https://github.com/acme/shop'],
    ['git@github.com:acme/shop.git', 'git@github.com/acme/shop'],
    ['ssh://git@github.com/acme/shop', 'git@github.com/acme/shop'],
    ['ssh://git@github.com:2222/acme/shop.git', 'git@github.com:2222/acme/shop'],
    ['oci://ghcr.io/acme/shop', 'oci://ghcr.io/acme/shop'],
    ['ghcr.io/acme', 'ghcr.io/acme'],
  ])('reads %s as %s', (url, expected) => {
    expect(normalizedUrl(url)).toBe(expected)
  })

  it('keeps HTTPS and SSH apart: they take other credentials', () => {
    expect(normalizedUrl('https://github.com/acme/shop')).not.toBe(normalizedUrl('git@github.com:acme/shop'))
  })

  it('does not mind case, white space around it and one ".git"', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){1,3}$/), (path) => {
        const plain = `https://git.example.com/${path}`
        expect(normalizedUrl(` ${plain.toUpperCase()}.GIT `)).toBe(normalizedUrl(plain))
      }),
    )
  })
})

describe('hostOf', () => {
  it.each([
    ['https://ana@Git.example.com:8443/x', 'git.example.com', 8443],
    ['git@git.example.com:ops/x', 'git.example.com', null],
    ['ssh://git@[2001:DB8::1]:2222/x', '2001:db8::1', 2222],
    ['registry.example.com:5000/charts', 'registry.example.com', 5000],
    ['oci://ghcr.io/acme', 'ghcr.io', null],
  ])('of %s is %s', (url, host, port) => {
    expect(hostOf(url)).toEqual({ host, port })
  })

  it('is none for a folder', () => {
    expect(hostOf('/srv/git/shop')).toBeNull()
  })
})

describe('isSshUrl', () => {
  it.each(['git@github.com:a/b', 'ssh://github.com/a', 'github.com:a/b', 'SSH://git@x/y'])('is true for %s', (url) => {
    expect(isSshUrl(url)).toBe(true)
  })
  it.each(['https://git@github.com:443/a', '/srv/git', 'ghcr.io/acme', 'oci://ghcr.io/a'])('is false for %s', (url) => {
    expect(isSshUrl(url)).toBe(false)
  })
})

describe('isPrefix', () => {
  const of = (prefix: string, url: string): boolean => isPrefix(normalizedUrl(prefix), normalizedUrl(url))

  it.each([
    ['https://github.com', 'https://github.com/acme/shop'],
    ['https://github.com/', 'https://github.com/acme/shop'],
    ['https://github.com/acme', 'https://github.com/acme-two/shop'],
    ['git@github.com:acme', 'ssh://git@github.com/acme/shop.git'],
    ['git@github.com', 'git@github.com:acme/shop'],
    ['https://git.example.com', 'https://git.example.com:8443/x'],
  ])('%s is one of %s', (prefix, url) => {
    expect(of(prefix, url)).toBe(true)
  })

  it.each([
    ['https://github.com', 'https://github.com.evil.test/acme/shop'],
    ['https://github.com', 'https://github.com@evil.test/acme/shop'],
    ['https://github.com', 'https://github.com:x@evil.test/acme/shop'],
    ['https://git.example.com:84', 'https://git.example.com:8443/x'],
    ['https://', 'https://evil.test/x'],
    ['https:/', 'https://evil.test/x'],
    ['http', 'https://evil.test/x'],
    ['', 'https://evil.test/x'],
    ['https://github.com/acme', 'git@github.com:acme/shop'],
  ])('%s is none of %s: the credentials would go to another host', (prefix, url) => {
    expect(of(prefix, url)).toBe(false)
  })
})
