// Makes certificates: node:crypto reads X.509 but cannot sign it, and openssl need not be there.

import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** A certificate with its key, both as PEM. */
export interface Identity {
  readonly certificate: string
  readonly key: string
}

/** An authority that can sign for others. */
export interface Authority extends Identity {
  readonly commonName: string
}

/** What a certificate is for. */
export interface Subject {
  /** `CN`: the user name that Kubernetes sees. */
  readonly commonName: string
  /** `O`: the groups that Kubernetes sees. */
  readonly organizations?: readonly string[]
  readonly use: 'server' | 'client'
  /** DNS names and IPv4 addresses a server answers for. */
  readonly names?: readonly string[]
  /** Validity relative to now, in seconds; an end in the past makes an expired certificate. */
  readonly validSeconds?: readonly [number, number]
}

const day = 86_400

/** A new self-signed authority, valid for ten years. */
export function createAuthority(commonName: string): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const extensions = [
    extension([2, 5, 29, 19], true, sequence(boolean(true))),
    extension([2, 5, 29, 15], true, tagged(0x03, Buffer.from([1, 0x06]))),
  ]
  const validity = [-day, 3650 * day] as const
  const certificate = signed(
    { subject: name(commonName, []), issuer: name(commonName, []), validity, extensions },
    publicKey,
    privateKey,
  )
  return { commonName, certificate, key: pem(privateKey) }
}

/** A new key with a certificate signed by the authority. */
export function issue(authority: Authority, subject: Subject): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const usage = subject.use === 'server' ? [1, 3, 6, 1, 5, 5, 7, 3, 1] : [1, 3, 6, 1, 5, 5, 7, 3, 2]
  const extensions = [
    extension([2, 5, 29, 15], true, tagged(0x03, Buffer.from([7, 0x80]))),
    extension([2, 5, 29, 37], false, sequence(objectId(usage))),
  ]
  if (subject.names !== undefined && subject.names.length > 0) {
    extensions.push(extension([2, 5, 29, 17], false, sequence(...subject.names.map(alternativeName))))
  }
  const certificate = signed(
    {
      subject: name(subject.commonName, subject.organizations ?? []),
      issuer: name(authority.commonName, []),
      validity: subject.validSeconds ?? [-day, 365 * day],
      extensions,
    },
    publicKey,
    createPrivateKey(authority.key),
  )
  return { certificate, key: pem(privateKey) }
}

interface Body {
  readonly subject: Buffer
  readonly issuer: Buffer
  readonly validity: readonly [number, number]
  readonly extensions: readonly Buffer[]
}

const ecdsaWithSha256 = [1, 2, 840, 10045, 4, 3, 2]

function signed(body: Body, subjectKey: KeyObject, issuerKey: KeyObject): string {
  const algorithm = sequence(objectId(ecdsaWithSha256))
  const now = Date.now()
  const [from, until] = body.validity
  const content = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    algorithm,
    body.issuer,
    sequence(time(now + from * 1000), time(now + until * 1000)),
    body.subject,
    subjectKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...body.extensions)),
  )
  const signature = sign('sha256', content, issuerKey)
  const der = sequence(content, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function name(commonName: string, organizations: readonly string[]): Buffer {
  const part = (id: readonly number[], value: string): Buffer =>
    tagged(0x31, sequence(objectId(id), tagged(0x0c, Buffer.from(value, 'utf8'))))
  return sequence(
    ...organizations.map((organization) => part([2, 5, 4, 10], organization)),
    part([2, 5, 4, 3], commonName),
  )
}

function alternativeName(value: string): Buffer {
  const octets = value.split('.').map(Number)
  const isAddress = octets.length === 4 && octets.every((octet) => octet >= 0 && octet <= 255)
  return isAddress ? tagged(0x87, Buffer.from(octets)) : tagged(0x82, Buffer.from(value, 'latin1'))
}

function extension(id: readonly number[], critical: boolean, value: Buffer): Buffer {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), tagged(0x04, value))
}

/** UTCTime with its two-digit year up to 2049, GeneralizedTime after that (RFC 5280, 4.1.2.5). */
function time(ms: number): Buffer {
  const text = `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
  return text < '2050' ? tagged(0x17, Buffer.from(text.slice(2), 'latin1')) : tagged(0x18, Buffer.from(text, 'latin1'))
}

function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]))
}

function objectId(parts: readonly number[]): Buffer {
  const [first = 0, second = 0, ...rest] = parts
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const digits = [part & 0x7f]
    for (let left = part >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80)
    bytes.push(...digits)
  }
  return tagged(0x06, Buffer.from(bytes))
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

/** One DER value: tag, length, content. */
function tagged(tag: number, content: Buffer): Buffer {
  const length: number[] = []
  if (content.length < 0x80) length.push(content.length)
  else {
    for (let left = content.length; left > 0; left >>>= 8) length.unshift(left & 0xff)
    length.unshift(0x80 | length.length)
  }
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
