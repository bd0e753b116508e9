// One repository, many spellings.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repositoryIdentity, tidySourcePath } from './repository.ts'

describe('the identity of a repository', () => {
  it.each([
    'https://git.example.com/ops/shop.git',
    'https://git.example.com/ops/shop',
    'https://git.example.com/ops/shop/',
    'https://git.example.com/ops/shop.git/',
    'https://GIT.Example.com:443/ops//shop.git',
    'https://user:token@git.example.com/ops/shop.git',
    'http://git.example.com/ops/shop.git',
    'ssh://git@git.example.com/ops/shop.git',
    'SSH://git@git.example.com:22/ops/shop',
    'git@git.example.com:ops/shop.git',
    'git@git.example.com:/ops/shop.git',
    'git.example.com:ops/shop',
    ' git@GIT.example.com:ops/shop.git ',
  ])('is the same for %s', (url) => {
    expect(repositoryIdentity(url)).toBe('git.example.com/ops/shop')
  })

  it.each([
    ['another port', 'https://git.example.com:8443/ops/shop', 'git.example.com:8443/ops/shop'],
    ['another letter case of the path', 'https://git.example.com/Ops/shop', 'git.example.com/Ops/shop'],
    ['a local repository', 'file:///srv/git/shop.git/', 'file:/srv/git/shop'],
    ['a local path', '/srv/git/shop.git', 'file:/srv/git/shop'],
    ['an address of IPv6', 'git@[::1]:ops/shop.git', '[::1]/ops/shop'],
    ['a registry', 'oci://ghcr.io/ops/shop', 'oci:ghcr.io/ops/shop'],
  ])('keeps %s apart', (_, url, identity) => {
    expect(repositoryIdentity(url)).toBe(identity)
  })

  it('never holds a password', () => {
    const password = fc.stringMatching(/^[A-Za-z0-9@:]{6,20}$/)
    fc.assert(
      fc.property(password, (secret) => {
        const identity = repositoryIdentity(`https://user:${secret}@git.example.com/ops/shop`)
        expect(identity).toBe('git.example.com/ops/shop')
      }),
    )
  })
})

it.each([
  ['apps/shop', 'apps/shop'],
  ['./apps//shop/', 'apps/shop'],
  ['.', ''],
])('writes the path %j as %j', (path, tidy) => {
  expect(tidySourcePath(path)).toBe(tidy)
})
