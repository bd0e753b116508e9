// Makes short-lived certificates for tests, so that no private key lies in the repository and no program is needed.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** A certificate with its key, both PEM. */
export interface Issued {
  readonly cert: string
  readonly key: string
}

/** A certificate authority that lives as long as the test. */
export interface TestAuthority {
  /** PEM of the authority's own certificate. */
  readonly ca: string
  /** A certificate for 127.0.0.1, localhost and the given names; `user` becomes its common name. */
  issue(user: string, names?: readonly string[]): Issued
}

/** A new authority (ECDSA P-256, valid from a minute ago for a day). */
export function testAuthority(name = 'test authority'): TestAuthority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const own = certificate({ subject: name, issuer: name, publicKey, signer: privateKey, extensions: [caExtension()] })
  return {
    ca: own,
    issue: (user, names = []) => {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const extensions = [alternativeNames(['localhost', ...names])]
      const cert = certificate({
        subject: user,
        issuer: name,
        publicKey: pair.publicKey,
        signer: privateKey,
        extensions,
      })
      return { cert, key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
    },
  }
}

interface CertificateFields {
  readonly subject: string
  readonly issuer: string
  readonly publicKey: KeyObject
  readonly signer: KeyObject
  readonly extensions: readonly Buffer[]
}

/** RFC 5280, section 4.1. */
function certificate(fields: CertificateFields): string {
  const ecdsaSha256 = sequence(oid('1.2.840.10045.4.3.2'))
  const now = Date.now()
  const body = sequence(
    tagged(0xa0, integer(2)),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaSha256,
    distinguishedName(fields.issuer),
    sequence(time(now - 60_000), time(now + 86_400_000)),
    distinguishedName(fields.subject),
    fields.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...fields.extensions)),
  )
  const signature = sign('sha256', body, fields.signer)
  const whole = sequence(body, ecdsaSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(name)))))
}

function caExtension(): Buffer {
  const isCa = sequence(der(0x01, Buffer.from([0xff])))
  return sequence(oid('2.5.29.19'), der(0x01, Buffer.from([0xff])), der(0x04, isCa))
}

function alternativeNames(names: readonly string[]): Buffer {
  const dns = names.map((name) => der(0x82, Buffer.from(name)))
  return sequence(oid('2.5.29.17'), der(0x04, sequence(...dns, der(0x87, Buffer.from([127, 0, 0, 1])))))
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`))
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(value: number): number[] {
  const groups = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
  return groups
}

function integer(value: number): Buffer {
  return der(0x02, Buffer.from([value]))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function tagged(tag: number, content: Buffer): Buffer {
  return der(tag, content)
}

function der(tag: number, content: Buffer): Buffer {
  const length = content.length
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...bytes]), content])
}
