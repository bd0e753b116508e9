// What the key is for: sealing records so that only it can read them, and marking secret values.
import type { KeyObject } from 'node:crypto'
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto'
import { FaultError } from '../fault.ts'

/** Sealed: one byte of format, the nonce, the tag, the text. */
const FORMAT = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES

/** How many hex digits of the HMAC a mark shows: enough that a change is seen, too few to check guesses of others. */
const MARK_DIGITS = 6

/** Seals, opens and marks with keys that are derived from one. */
export interface Vault {
  /** Encrypts a text for one record: it opens under the same identity alone. */
  seal(text: string, identity: readonly string[]): Uint8Array
  /** The text again. Fails with `record-failed` where key, record or bytes are not the ones it was sealed with. */
  open(sealed: Uint8Array, identity: readonly string[]): string
  /** `••••3fa9c1`: equal for equal values, different from key to key. */
  mask(value: string): string
  /** Tells one key from another without telling anything of it. */
  readonly fingerprint: string
}

/** A vault for the key of a folder. Each purpose has its own key (HKDF, RFC 5869). */
export function openVault(key: Uint8Array): Vault {
  const sealing = derive(key, 'seal')
  const marking = derive(key, 'mark')
  const fingerprint = createHmac('sha256', derive(key, 'fingerprint')).update('').digest('hex').slice(0, 16)
  return {
    fingerprint,
    seal(text, identity) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(bound(identity))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.from([FORMAT]), nonce, cipher.getAuthTag(), body])
    },
    open(sealed, identity) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      if (bytes[0] !== FORMAT || bytes.length < HEAD_BYTES) throw unreadable(identity)
      const nonce = bytes.subarray(1, 1 + NONCE_BYTES)
      const cipher = createDecipheriv('aes-256-gcm', sealing, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(bound(identity)).setAuthTag(bytes.subarray(1 + NONCE_BYTES, HEAD_BYTES))
      try {
        return Buffer.concat([cipher.update(bytes.subarray(HEAD_BYTES)), cipher.final()]).toString('utf8')
      } catch (error) {
        throw unreadable(identity, error)
      }
    },
    mask(value) {
      return `••••${createHmac('sha256', marking).update(value).digest('hex').slice(0, MARK_DIGITS)}`
    },
  }
}

/** As a key object: given bytes, Node would make one anew for each value that is marked or opened. */
function derive(key: Uint8Array, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, new Uint8Array(), `mainstay records ${purpose} v1`, 32)))
}

/** JSON keeps the parts apart: `['a','b']` and `['ab']` are two identities. */
function bound(identity: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify(identity))
}

function unreadable(identity: readonly string[], cause?: unknown): FaultError {
  return new FaultError(
    {
      kind: 'record-failed',
      what: 'cannot decrypt a record',
      where: identity.join(' '),
      why: 'the key is not the one it was written with, or the record was changed outside Mainstay',
      fix: ['Put back the key file, or the database, that belongs to the other.'],
    },
    { cause },
  )
}
