// What kustomize takes for another host.
import { expect, it } from 'vitest'
import { isRemoteFile, isRemoteFolder } from './remote.ts'

it.each([
  ['../base', false],
  ['base.git', false],
  ['example.com/base', false],
  ['/etc', false],
  ['./github.com/acme/base', false],
  ['github.com/acme/base', true],
  ['GitHub.com:acme/base', true],
  ['https://example.com/a', true],
  ['HTTP://example.com/a', true],
  ['ssh://git@example.com/a', true],
  ['git::https://example.com/a', true],
  ['git@example.com:a/b', true],
  ['org-1@example.com/a/b', true],
  ['file:///srv/git/a', true],
])('%s is a folder elsewhere: %s', (reference, remote) => {
  expect(isRemoteFolder(reference)).toBe(remote)
})

it('takes only http and https for files', () => {
  expect(['https://a/b.yaml', 'HTTPS://a', 'http:b', 'ssh://a', 'a.yaml', 'https.yaml'].map(isRemoteFile)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ])
})
