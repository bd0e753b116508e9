// How a repository is reached: credentials, certificates, host keys, proxy. Its values are secrets and are never shown.

/** Who we are to a repository. */
export type RepositoryAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }
  /** A private key in PEM or OpenSSH form; `passphrase` where it is encrypted. */
  | { readonly kind: 'ssh-key'; readonly privateKey: string; readonly passphrase: string | null }
  /** `installationId` null: the installation of the repository's owner is looked up. `baseUrl` null: github.com. */
  | {
      readonly kind: 'github-app'
      readonly appId: number
      readonly installationId: number | null
      readonly privateKey: string
      readonly baseUrl: string | null
    }

/** How the server's certificate is judged, and ours. PEM texts. */
export interface RepositoryTls {
  /** True where somebody wrote `insecure: "true"`: any certificate is taken. */
  readonly insecure: boolean
  /** Certificates that are trusted for this host in place of the system's; null: the system's. */
  readonly ca: string | null
  readonly client: { readonly cert: string; readonly key: string } | null
}

/** Which SSH host keys are taken. There is no way to trust a host without somebody having said so. */
export type HostKeys =
  /** Lines in the form of OpenSSH's `known_hosts`. */
  | { readonly kind: 'known'; readonly knownHosts: string }
  /** `insecureIgnoreHostKey: "true"`. */
  | { readonly kind: 'unchecked' }

/** Everything that is needed to reach one repository. */
export interface RepositoryAccess {
  readonly auth: RepositoryAuth
  readonly tls: RepositoryTls
  readonly hostKeys: HostKeys
  /** URL of a proxy, and hosts that are reached without it (`NO_PROXY` form). */
  readonly proxy: string | null
  readonly noProxy: string | null
  /** `enableOCI` and `insecureOCIForceHttp`. */
  readonly oci: { readonly enabled: boolean; readonly plainHttp: boolean }
  /** `forceHttpBasicAuth`: credentials go with the first request, before the server asks. */
  readonly forceBasicAuth: boolean
  /** Where it was written, for messages: `Secret argocd/repo-shop`, `mainstay repo add`, or `no credentials`. */
  readonly origin: string
  /** Equal versions, equal access: whatever was opened with another version is opened anew. Not a secret. */
  readonly version: string
}
