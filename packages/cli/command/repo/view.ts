// How an entry about a repository is shown: whom we are to it, never with what.
import { hasCredentials, type RepositoryEntry } from '@mainstay/core/repository/entry.ts'
import { shownAddress } from '@mainstay/engine/source/address.ts'

/** An entry without its secrets. */
export interface RepositoryView {
  readonly url: string
  /** `prefix`: credentials for every URL that begins so. */
  readonly scope: RepositoryEntry['scope']
  readonly type: RepositoryEntry['type']
  readonly name: string | null
  readonly project: string | null
  /** `password`, `token`, `SSH key`, `GitHub App 12`, …; empty: none. */
  readonly credentials: readonly string[]
  readonly username: string | null
  readonly insecure: boolean
  readonly lfs: boolean
  readonly oci: RepositoryEntry['oci']
  readonly forceBasicAuth: boolean
  readonly proxy: string | null
  readonly noProxy: string | null
  readonly from: RepositoryEntry['from']
  readonly origin: string
  readonly problems: readonly string[]
}

/** What may be shown of an entry. */
export function viewOf(entry: RepositoryEntry): RepositoryView {
  const { credentials, problems, proxy, url, ...rest } = entry
  return {
    ...{ url: shownAddress(url), scope: rest.scope, type: rest.type, name: rest.name, project: rest.project },
    ...{ credentials: kindsOf(entry), username: credentials.username },
    ...{ insecure: rest.insecure, lfs: rest.lfs, oci: rest.oci, forceBasicAuth: rest.forceBasicAuth },
    ...{ proxy: proxy === null ? null : shownAddress(proxy), noProxy: rest.noProxy },
    ...{ from: rest.from, origin: rest.origin, problems: problems.map(({ what }) => what) },
  }
}

function kindsOf(entry: RepositoryEntry): readonly string[] {
  const { password, bearerToken, sshPrivateKey, sshPassphrase, githubApp, tlsClientCert, unsupported } =
    entry.credentials
  return [
    ...(password === null ? [] : ['password']),
    ...(bearerToken === null ? [] : ['token']),
    ...(sshPrivateKey === null ? [] : [sshPassphrase === null ? 'SSH key' : 'SSH key with passphrase']),
    ...(githubApp === null ? [] : [`GitHub App ${githubApp.appId}`]),
    ...(tlsClientCert === null ? [] : ['client certificate']),
    ...unsupported.map((key) => `${key} (not supported)`),
  ]
}

/** In one cell. */
export function credentialsText(entry: RepositoryEntry): string {
  const kinds = kindsOf(entry)
  if (!hasCredentials(entry)) return kinds.length === 0 ? 'none' : `none, ${kinds.join(', ')}`
  return kinds.join(', ')
}

/** The URL, with a star where it is a beginning. */
export function urlText({ scope, url }: RepositoryEntry): string {
  return scope === 'prefix' ? `${shownAddress(url)}*` : shownAddress(url)
}
