// Joins the parts of a kubeconfig user (token, token file, password, certificate, plugin) into one credential source.
import { createSecureContext } from 'node:tls'
import type { Clock } from '../ports.ts'
import {
  anonymous,
  type ClientCertificate,
  type Credential,
  type CredentialSource,
  checkedHeaderValue,
} from './config.ts'
import { type ExecClusterInfo, execCredentials } from './exec-credential.ts'
import { badField, below } from './kubeconfig-fields.ts'
import type { Inline, UserEntry } from './kubeconfig-file.ts'
import { type Rereadable, rereadable } from './rereadable.ts'

/** A value that may change, and what to do when the server refused it. */
interface Part<Value> {
  current(): Promise<Value>
  /** True when the value is another one now. */
  refused(): Promise<boolean>
}

/** What is around a user entry. */
export interface CredentialContext {
  readonly clock: Clock
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cluster: ExecClusterInfo
}

/**
 * The credential source of a user.
 * @throws FaultError `invalid-input` naming file and field when the parts exclude each other or cannot be read
 */
export async function credentialsOf(user: UserEntry, context: CredentialContext): Promise<CredentialSource> {
  refuseTwoMethods(user)
  const authorization = authorizationOf(user, context.clock)
  const certificate = await certificateOf(user, context.clock)
  const own = joined(authorization, certificate)
  if (user.exec === null) return own
  // As in kubectl: credentials that are written down win over the plugin's.
  if (authorization !== null || certificate !== null) return own
  const { entry, cluster } = { entry: user.exec, cluster: user.exec.provideClusterInfo ? context.cluster : null }
  return execCredentials({ entry, cluster, env: context.env, clock: context.clock })
}

/** PEM out of base64 or a file; null where neither is given. */
export async function pemOf(inline: Inline, clock: Clock): Promise<string | null> {
  if (inline.data !== null) return decoded(inline.data, inline)
  if (inline.path === null) return null
  const text = await rereadable(inline.path, placeText(inline.pathAt), clock).current()
  if (!text.includes('-----BEGIN ')) throw badField(inline.pathAt, 'the file it names holds no PEM')
  return text
}

function decoded(data: string, inline: Inline): string {
  const text = Buffer.from(data, 'base64').toString('utf8')
  if (!text.includes('-----BEGIN ')) throw badField(inline.dataAt, 'must be base64 of PEM')
  return text
}

function refuseTwoMethods(user: UserEntry): void {
  const methods = [
    ...(user.token !== null || user.tokenFile !== null ? ['token'] : []),
    ...(user.username !== null || user.password !== null ? ['username'] : []),
  ]
  if (methods.length > 1) throw badField(user.at, `has more than one way to log in: ${methods.join(', ')}`)
  if (user.password !== null && user.username === null) throw badField(below(user.at, 'username'), 'is missing')
}

function authorizationOf(user: UserEntry, clock: Clock): Part<string> | null {
  if (user.tokenFile !== null) {
    const at = below(user.at, 'tokenFile')
    return tokenFilePart(rereadable(user.tokenFile, placeText(at), clock), placeText(at))
  }
  if (user.token !== null) {
    return fixed(checkedHeaderValue(`Bearer ${user.token}`, placeText(below(user.at, 'token'))))
  }
  if (user.username === null) return null
  const pair = Buffer.from(`${user.username}:${user.password ?? ''}`, 'utf8').toString('base64')
  return fixed(`Basic ${pair}`)
}

/** A token that lives in a file, as in a pod: read again when it changed. */
export function tokenFilePart(file: Rereadable, where: string): Part<string> {
  return {
    current: async () => checkedHeaderValue(`Bearer ${(await file.current()).trim()}`, where),
    refused: () => file.reread(),
  }
}

async function certificateOf(user: UserEntry, clock: Clock): Promise<Part<ClientCertificate> | null> {
  const has = (inline: Inline) => inline.data !== null || inline.path !== null
  if (!has(user.cert) && !has(user.key)) return null
  if (!has(user.cert)) throw badField(user.cert.pathAt, 'is missing though a client key is given')
  if (!has(user.key)) throw badField(user.key.pathAt, 'is missing though a client certificate is given')
  const cert = textPart(user.cert, clock)
  const key = textPart(user.key, clock)
  let last: ClientCertificate | null = null
  const part: Part<ClientCertificate> = {
    current: async () => {
      const next = { cert: await cert.current(), key: await key.current() }
      if (last === null || last.cert !== next.cert || last.key !== next.key) last = checkedPair(next, user)
      return last
    },
    refused: async () => (await Promise.all([cert.refused(), key.refused()])).includes(true),
  }
  await part.current()
  return part
}

function textPart(inline: Inline, clock: Clock): Part<string> {
  if (inline.data !== null) return fixed(decoded(inline.data, inline))
  const file = rereadable(inline.path ?? '', placeText(inline.pathAt), clock)
  return { current: () => file.current(), refused: () => file.reread() }
}

function checkedPair(pair: ClientCertificate, user: UserEntry): ClientCertificate {
  try {
    createSecureContext(pair)
    return pair
  } catch (error) {
    const at = user.cert.data === null ? user.cert.pathAt : user.cert.dataAt
    throw badField(at, 'the client certificate and key cannot be used together or are not PEM', [], error)
  }
}

function fixed<Value>(value: Value): Part<Value> {
  return { current: async () => value, refused: async () => false }
}

/** One credential of an authorization and a certificate; the same object while both stay the same. */
export function joined(
  authorization: Part<string> | null,
  certificate: Part<ClientCertificate> | null,
): CredentialSource {
  let last: Credential = anonymous
  return {
    current: async () => {
      const next: Credential = {
        authorization: authorization === null ? null : await authorization.current(),
        certificate: certificate === null ? null : await certificate.current(),
      }
      if (next.authorization !== last.authorization || next.certificate !== last.certificate) last = next
      return last
    },
    refused: async () => {
      const changed = await Promise.all([authorization?.refused() ?? false, certificate?.refused() ?? false])
      return changed.includes(true)
    },
  }
}

function placeText(at: { readonly file: string; readonly field: string }): string {
  return `${at.file}: ${at.field}`
}
