// What somebody wrote down about a repository: in a Secret of the control plane, or on this machine.
import type { Problem } from '../object/problem.ts'

/** What a repository holds, as Argo CD names it. */
export type RepositoryType = 'git' | 'helm' | 'oci'

/** A GitHub App as it was written down. */
export interface GithubApp {
  readonly appId: number
  /** Null: looked up by the repository. */
  readonly installationId: number | null
  readonly privateKey: string
  /** API of a GitHub Enterprise server: `https://github.example.com/api/v3`; null: github.com. */
  readonly baseUrl: string | null
}

/** Everything secret of an entry; null is not written. An empty text counts as not written, as in Argo CD. */
export interface EntryCredentials {
  readonly username: string | null
  readonly password: string | null
  readonly bearerToken: string | null
  readonly sshPrivateKey: string | null
  /** Argo CD has no key for it; only a machine's own entry does. */
  readonly sshPassphrase: string | null
  readonly githubApp: GithubApp | null
  readonly tlsClientCert: string | null
  readonly tlsClientKey: string | null
  /** Ways of logging in that are written and not supported, by the names of their keys. */
  readonly unsupported: readonly string[]
}

/** One entry: a repository (`exact`), or credentials for all URLs that begin alike (`prefix`, Argo CD's `repo-creds`). */
export interface RepositoryEntry {
  readonly scope: 'exact' | 'prefix'
  readonly url: string
  readonly type: RepositoryType
  readonly name: string | null
  /** The only project that may use it; null: all. */
  readonly project: string | null
  readonly credentials: EntryCredentials
  /** `insecure` or `insecureIgnoreHostKey`: neither certificates nor host keys are checked, as in Argo CD. */
  readonly insecure: boolean
  readonly lfs: boolean
  readonly oci: { readonly enabled: boolean; readonly plainHttp: boolean }
  readonly forceBasicAuth: boolean
  readonly proxy: string | null
  readonly noProxy: string | null
  /** Who keeps it: an entry of this machine wins over a Secret for the same URL. */
  readonly from: 'machine' | 'control-plane'
  /** For messages: `Secret argocd/repo-shop`, `mainstay repo add`. */
  readonly origin: string
  /** What could not be understood; an entry with problems is never used as if they were not there. */
  readonly problems: readonly Problem[]
}

/** No credentials at all. */
export const NO_CREDENTIALS: EntryCredentials = {
  username: null,
  password: null,
  bearerToken: null,
  sshPrivateKey: null,
  sshPassphrase: null,
  githubApp: null,
  tlsClientCert: null,
  tlsClientKey: null,
  unsupported: [],
}

/** True where an entry says who we are; without that, it inherits from the longest prefix. */
export function hasCredentials({ credentials }: RepositoryEntry): boolean {
  const { username, password, bearerToken, sshPrivateKey, githubApp, unsupported } = credentials
  const written = [username, password, bearerToken, sshPrivateKey, githubApp].some((each) => each !== null)
  return written || unsupported.length > 0
}
