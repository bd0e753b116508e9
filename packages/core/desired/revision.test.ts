// Revisions where there is little room.
import { expect, it } from 'vitest'
import { shortRevision } from './revision.ts'

it.each([
  ['0123456789abcdef0123456789abcdef01234567', '0123456'],
  [`sha256:${'ab'.repeat(32)}`, 'sha256:abababa'],
  ['ab'.repeat(32), 'abababa'],
  ['1.2.1+build.5', '1.2.1+build.5'],
  ['12.0.0-rc.1.2026', '12.0.0-rc.1.2026'],
])('%s is shown as %s', (revision, short) => {
  expect(shortRevision(revision)).toBe(short)
})
