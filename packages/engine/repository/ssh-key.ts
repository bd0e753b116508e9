// Takes the passphrase off a private key, so that OpenSSH can be given the key alone; it stays in memory.
import { createDecipheriv, createPrivateKey, type KeyObject } from 'node:crypto'
import { pbkdf } from 'bcrypt-pbkdf'
import { FaultError } from '../fault.ts'

const BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----'
const END = '-----END OPENSSH PRIVATE KEY-----'
const MAGIC = Buffer.from('openssh-key-v1\0')
/** Rounds of bcrypt; ssh-keygen makes 16 (24 in later versions). More would be made to keep us busy. */
const MAX_ROUNDS = 256
const MAX_BYTES = 64 * 1024

/** Ciphers that ssh-keygen writes: name, bytes of key and of vector, block. */
const CIPHERS: ReadonlyMap<string, { readonly name: string; readonly key: number; readonly iv: number }> = new Map([
  ['aes256-ctr', { name: 'aes-256-ctr', key: 32, iv: 16 }],
  ['aes128-ctr', { name: 'aes-128-ctr', key: 16, iv: 16 }],
  ['aes256-cbc', { name: 'aes-256-cbc', key: 32, iv: 16 }],
  ['aes128-cbc', { name: 'aes-128-cbc', key: 16, iv: 16 }],
])

/**
 * A key that OpenSSH takes without a question: without a passphrase, and in a form that all its versions read.
 * @param where who wrote it, for the fault
 * @throws FaultError `unauthorized` for a missing or wrong passphrase, `invalid-input` for what is no key
 */
export function usableKey(
  { privateKey, passphrase }: { readonly privateKey: string; readonly passphrase: string | null },
  where: string,
): string {
  if (privateKey.length > MAX_BYTES) throw refused(where, 'it is larger than any key')
  const text = privateKey.replaceAll('\r\n', '\n').trim()
  return text.startsWith(BEGIN) ? openedOpenSsh(text, passphrase, where) : openedPem(text, passphrase, where)
}

/** PEM as OpenSSL writes it. OpenSSH reads RSA and ECDSA in their own forms; Ed25519 not everywhere, so it gets OpenSSH's. */
function openedPem(text: string, passphrase: string | null, where: string): string {
  const encrypted = /^(?:-----BEGIN ENCRYPTED |Proc-Type: 4,ENCRYPTED)/m.test(text)
  if (encrypted && passphrase === null) throw missingPassphrase(where)
  const key = parsedPem(text, passphrase)
  if (key === null) throw encrypted ? wrongPassphrase(where) : refused(where, 'it is neither a PEM nor an OpenSSH key')
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }).toString()
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }).toString()
    case 'ed25519':
      return armoredEd25519(key)
    default:
      throw refused(where, 'its kind is neither RSA, ECDSA nor Ed25519')
  }
}

function parsedPem(text: string, passphrase: string | null): KeyObject | null {
  try {
    return createPrivateKey(passphrase === null ? text : { key: text, passphrase })
  } catch {
    // What Node says may quote the key.
    return null
  }
}

function armoredEd25519(key: KeyObject): string {
  const { d = '', x = '' } = key.export({ format: 'jwk' })
  const [secret, open] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]
  const name = field(Buffer.from('ssh-ed25519'))
  const body = Buffer.concat([uint32(0), uint32(0), name, field(open), field(Buffer.concat([secret, open])), uint32(0)])
  // Padded to the block of the cipher "none" with 1, 2, 3, …
  const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, index) => index + 1))
  return armored(Buffer.concat([name, field(open)]), Buffer.concat([body, padding]))
}

/** https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key */
function openedOpenSsh(text: string, passphrase: string | null, where: string): string {
  const end = text.indexOf(END)
  const bytes = Buffer.from(text.slice(BEGIN.length, end < 0 ? undefined : end), 'base64')
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw refused(where, 'it is damaged')
  const reader = new Reader(bytes.subarray(MAGIC.length), where)
  const cipher = reader.text()
  const kdf = reader.text()
  const options = reader.bytes()
  const count = reader.number()
  const publicKey = reader.bytes()
  const sealed = reader.bytes()
  if (cipher === 'none') return `${text}\n`
  const known = CIPHERS.get(cipher)
  if (known === undefined || kdf !== 'bcrypt' || count !== 1)
    throw refused(where, `it is encrypted with ${cipher.slice(0, 40)}`)
  if (passphrase === null || passphrase === '') throw missingPassphrase(where)
  const key = derived(passphrase, options, known.key + known.iv, where)
  // A block cipher takes whole blocks only.
  if (sealed.length % 16 !== 0) throw refused(where, 'it is cut off')
  const decipher = createDecipheriv(known.name, key.subarray(0, known.key), key.subarray(known.key))
  const opened = Buffer.concat([decipher.setAutoPadding(false).update(sealed), decipher.final()])
  // Two equal numbers at the beginning tell the right passphrase from a wrong one.
  if (opened.length < 8 || opened.readUInt32BE(0) !== opened.readUInt32BE(4)) throw wrongPassphrase(where)
  return armored(publicKey, opened)
}

function derived(passphrase: string, options: Buffer, length: number, where: string): Buffer {
  const reader = new Reader(options, where)
  const salt = reader.bytes()
  const rounds = reader.number()
  if (rounds < 1 || rounds > MAX_ROUNDS) throw refused(where, `its passphrase takes ${rounds} rounds to check`)
  const key = Buffer.alloc(length)
  const word = Buffer.from(passphrase)
  if (salt.length === 0 || pbkdf(word, word.length, salt, salt.length, key, key.length, rounds) !== 0) {
    throw refused(where, 'it is damaged')
  }
  return key
}

function armored(publicKey: Buffer, opened: Buffer): string {
  const none = field(Buffer.from('none'))
  const whole = Buffer.concat([MAGIC, none, none, field(Buffer.alloc(0)), uint32(1), field(publicKey), field(opened)])
  const lines = whole.toString('base64').match(/.{1,70}/g) ?? []
  return [BEGIN, ...lines, END, ''].join('\n')
}

function field(bytes: Buffer): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

class Reader {
  readonly #bytes: Buffer
  readonly #where: string
  #at = 0

  constructor(bytes: Buffer, where: string) {
    this.#bytes = bytes
    this.#where = where
  }

  number(): number {
    if (this.#at + 4 > this.#bytes.length) throw refused(this.#where, 'it is cut off')
    this.#at += 4
    return this.#bytes.readUInt32BE(this.#at - 4)
  }

  bytes(): Buffer {
    const length = this.number()
    if (this.#at + length > this.#bytes.length) throw refused(this.#where, 'it is cut off')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  text(): string {
    return this.bytes().toString('latin1')
  }
}

function refused(where: string, why: string): FaultError {
  return new FaultError({
    kind: 'invalid-input',
    what: 'the private key cannot be read',
    where,
    why,
    fix: ['write a key that ssh-keygen made: mainstay repo add <url> --upsert --ssh-private-key-path <file>'],
  })
}

function missingPassphrase(where: string): FaultError {
  return new FaultError({
    kind: 'unauthorized',
    what: 'the private key is encrypted, and its passphrase is not written down',
    where,
    fix: [
      'write it beside the key: mainstay repo add <url> --upsert --ssh-private-key-path <file> --ssh-passphrase-stdin',
      'or write a key without a passphrase, made for this alone',
    ],
  })
}

function wrongPassphrase(where: string): FaultError {
  return new FaultError({
    kind: 'unauthorized',
    what: 'the passphrase of the private key is wrong',
    where,
    fix: ['write the right one: mainstay repo add <url> --upsert --ssh-private-key-path <file> --ssh-passphrase-stdin'],
  })
}
