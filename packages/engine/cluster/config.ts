// What is needed to talk to one cluster: server, trust, identity. The result of reading a kubeconfig.
import { FaultError } from '../fault.ts'

/** How to present oneself in one request. Values are secret: never log, never put into an error. */
export interface Credential {
  /** Value of the Authorization header, or null. */
  readonly authorization: string | null
  /** PEM of a client certificate with its key, or null. */
  readonly certificate: ClientCertificate | null
}

/** A client certificate and its private key, both PEM. */
export interface ClientCertificate {
  readonly cert: string
  readonly key: string
}

/** Where credentials come from; they may change while the process runs. */
export interface CredentialSource {
  /**
   * The credential to use now. The same object as long as nothing changed.
   * @throws FaultError when none can be had (plugin failed, token file unreadable)
   */
  current(): Promise<Credential>
  /** Tells that the server answered 401 to `credential`. True when another one may be had now, so a second try makes sense. */
  refused(credential: Credential): Promise<boolean>
}

/** Trust in the server. */
export interface ServerTrust {
  /** PEM of the only certificate authorities to trust; null: those of Node and of the system. */
  readonly ca: string | null
  /** Name to expect in the server's certificate instead of the host name; null: the host name. */
  readonly serverName: string | null
  /** True: any certificate is accepted. */
  readonly insecure: boolean
}

/** Act as somebody else (`as`, `as-uid`, `as-groups`, `as-user-extra`). */
export interface Impersonation {
  readonly user: string
  readonly uid: string | null
  readonly groups: readonly string[]
  readonly extra: ReadonlyMap<string, readonly string[]>
}

/** One cluster with one identity. */
export interface ClusterConfig {
  /** Name for people: the context, or `in-cluster`. */
  readonly name: string
  /** `https://host:port[/prefix]`, without a slash at the end. */
  readonly server: string
  readonly trust: ServerTrust
  /** Proxy for every request, with scheme http, https or socks5; null: none. May hold a password. */
  readonly proxy: string | null
  readonly credentials: CredentialSource
  readonly impersonate: Impersonation | null
  /** Namespace of the context; `default` where none is set. */
  readonly namespace: string
  /** True: never ask for compressed answers. */
  readonly disableCompression: boolean
}

/** A source whose one credential never changes. */
export function fixedCredential(credential: Credential): CredentialSource {
  return { current: async () => credential, refused: async () => false }
}

/** No credential at all. */
export const anonymous: Credential = { authorization: null, certificate: null }

/**
 * A header value that holds no control characters, so no header can be smuggled in by a credential.
 * @throws FaultError `invalid-input` naming `where` it stands, never the value
 */
export function checkedHeaderValue(value: string, where: string): string {
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at)
    if (code < 0x20 || code > 0x7e) {
      const why = 'it holds characters that an HTTP header cannot carry'
      throw new FaultError({ kind: 'invalid-input', what: 'the credential cannot be used', where, why })
    }
  }
  return value
}
