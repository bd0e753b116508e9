// Reads PEM certificates that somebody wants to trust: each is named, and a private key among them is refused.
import { X509Certificate } from 'node:crypto'
import { FaultError } from '../fault.ts'

/** One certificate as it is listed. */
export interface CertificateInfo {
  readonly subject: string
  /** RFC 3339. */
  readonly validTo: string
  /** `SHA256:…` of the certificate in hexadecimal digits. */
  readonly fingerprint: string
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g

/**
 * The certificates of a PEM text.
 * @param where file or flag, for the fault
 * @throws FaultError `invalid-input` where there is none, or anything else than certificates
 */
export function readCertificates(pem: string, where: string): readonly CertificateInfo[] {
  const blocks = [...pem.matchAll(BLOCK)]
  if (blocks.length === 0) throw refused(where, 'it holds no certificate in PEM form')
  return blocks.map(([block, type = '']) => {
    if (type !== 'CERTIFICATE') throw refused(where, `it holds a ${type}, which is nothing to trust a host by`)
    return infoOf(block, where)
  })
}

function infoOf(block: string, where: string): CertificateInfo {
  try {
    const { subject, validTo, fingerprint256 } = new X509Certificate(block)
    const shown = subject.replaceAll('\n', ', ')
    return {
      subject: shown,
      validTo: new Date(validTo).toISOString(),
      fingerprint: `SHA256:${fingerprint256.replaceAll(':', '').toLowerCase()}`,
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw refused(where, 'one of its certificates cannot be read')
  }
}

function refused(where: string, why: string): FaultError {
  return new FaultError({
    kind: 'invalid-input',
    what: 'the certificates cannot be trusted',
    where,
    why,
    fix: ['give the certificate of the host or of its authority: a file that begins with -----BEGIN CERTIFICATE-----'],
  })
}
