// Turns a connection that failed into a fault, by the error's code and never by its words.
import type { FaultKind } from '../fault.ts'
import { ClusterFault } from './cluster-fault.ts'

/** What is known of a request when its connection failed. */
export interface BrokenRequest {
  readonly what: string
  /** Server URL without credentials. */
  readonly server: string
  readonly viaProxy: boolean
}

/** The server's certificate is not one that we trust. Codes of OpenSSL as Node gives them. */
const untrusted: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** The connection was there and went away: whether the server saw the request is unknown. */
const resets: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'UND_ERR_SOCKET',
  'UND_ERR_INFO',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_STREAM_CANCEL',
])

const timeouts: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
])

/** The code of an error or of what caused it; empty where there is none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code !== '') return code
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  return error.cause === undefined ? '' : codeOf(error.cause)
}

/** True when a connection broke in the middle, so that a read may be sent again at once on another one. */
export function isReset(error: unknown): boolean {
  return resets.has(codeOf(error))
}

/** True when the server's certificate is not one that we trust. */
export function isUntrusted(error: unknown): boolean {
  return untrusted.has(codeOf(error))
}

/** The class of a broken connection. */
export function kindOfBreak(error: unknown): FaultKind {
  return timeouts.has(codeOf(error)) ? 'timeout' : 'unreachable'
}

/** The fault for a connection that failed. */
export function networkFault(error: unknown, request: BrokenRequest): ClusterFault {
  const kind = kindOfBreak(error)
  const fix = isUntrusted(error)
    ? ['check certificate-authority and tls-server-name of the cluster in the kubeconfig']
    : [
        `check that ${request.server} is the right server and can be reached${request.viaProxy ? ' through the proxy' : ''}`,
      ]
  const why = whyBroken(error)
  return new ClusterFault({ kind, what: request.what, where: request.server, why, fix }, {}, { cause: error })
}

/** Why a connection failed, in words of ours: those of the system may quote addresses with passwords. */
export function whyBroken(error: unknown): string {
  const code = codeOf(error)
  if (untrusted.has(code)) return `the server's certificate is not trusted (${code})`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host name cannot be resolved (${code})`
  if (code === 'ECONNREFUSED') return 'nothing listens there (ECONNREFUSED)'
  if (resets.has(code)) return `the connection was closed in the middle (${code})`
  if (timeouts.has(code)) return `no answer in time (${code})`
  return code === '' ? (error instanceof Error ? error.name : 'unknown error') : code
}
