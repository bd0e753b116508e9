// One thing that was written down about repositories: of one repository, or of all whose URL begins alike.
import type { RepositoryAuth } from './access.ts'

/** Credentials as they were written, with those that are not supported by name. */
export type WrittenAuth = RepositoryAuth | { readonly kind: 'unsupported'; readonly what: string }

/** What kind of repository it is. */
export type RepositoryType = 'git' | 'helm' | 'oci'

/** What a `repository` or `repo-creds` Secret of Argo CD says, or `mainstay repo add`. */
export interface RepositoryEntry {
  /** `repository`: of exactly this URL. `prefix`: of every URL that begins with it. */
  readonly scope: 'repository' | 'prefix'
  /** As it was written. */
  readonly url: string
  readonly type: RepositoryType
  readonly name: string | null
  /** Null: for every project. */
  readonly project: string | null
  readonly auth: WrittenAuth
  readonly client: { readonly cert: string; readonly key: string } | null
  /** `insecure`: the server's certificate is not checked. */
  readonly insecure: boolean
  /** `insecureIgnoreHostKey`. */
  readonly ignoreHostKey: boolean
  readonly proxy: string | null
  readonly noProxy: string | null
  readonly enableOci: boolean
  readonly plainHttp: boolean
  readonly forceBasicAuth: boolean
  /** `Secret argocd/repo-shop` or `mainstay repo add`. */
  readonly origin: string
}

/** An entry that says nothing but where it is of. */
export function emptyEntry(scope: RepositoryEntry['scope'], url: string, origin: string): RepositoryEntry {
  return {
    scope,
    url,
    type: 'git',
    name: null,
    project: null,
    auth: { kind: 'none' },
    client: null,
    insecure: false,
    ignoreHostKey: false,
    proxy: null,
    noProxy: null,
    enableOci: false,
    plainHttp: false,
    forceBasicAuth: false,
    origin,
  }
}

/** True where an entry says who we are. */
export function hasCredentials({ auth, client }: RepositoryEntry): boolean {
  return auth.kind !== 'none' || client !== null
}
