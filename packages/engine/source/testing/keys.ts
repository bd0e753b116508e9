// Key pairs for SSH in tests.
import { generateKeyPairSync } from 'node:crypto'

/** A key pair: the private half in PEM, the public one as a line of OpenSSH. */
export interface KeyPair {
  readonly private: string
  readonly public: string
}

const TYPE = 'ecdsa-sha2-nistp256'

/** A new key pair. */
export function newKey(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  const blob = Buffer.concat([Buffer.from(TYPE), Buffer.from('nistp256'), point].map(counted))
  return {
    private: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    public: `${TYPE} ${blob.toString('base64')}`,
  }
}

/** Bytes after their number, as RFC 4251 writes strings. */
function counted(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
