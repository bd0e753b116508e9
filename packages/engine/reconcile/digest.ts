// The digest that the core is given: SHA-256 by Node's cryptography.
import { createHash } from 'node:crypto'
import type { Digest } from '@mainstay/core/object/digest.ts'

/** SHA-256 of the UTF-8 bytes, as lower-case hex. */
export const sha256: Digest = (text) => createHash('sha256').update(text, 'utf8').digest('hex')
