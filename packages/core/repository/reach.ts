// Makes of what is written about a repository the way to reach it, or says what of it cannot be used.
import type { Problem } from '../object/problem.ts'
import type { RepositoryAccess, RepositoryAuth } from './access.ts'
import type { EntryCredentials, RepositoryEntry } from './entry.ts'
import { credentialsOf, type RepositoryMatch } from './match.ts'
import { type HostTrust, tlsCertificateFor } from './trust.ts'
import { hostOf, isSshUrl } from './url.ts'

/** How a repository is reached, but for the version, which needs a digest. */
export type Reach =
  | { readonly kind: 'access'; readonly access: Omit<RepositoryAccess, 'version'> }
  /** What was written cannot be used. Never read as "no credentials". */
  | { readonly kind: 'problems'; readonly origin: string; readonly problems: readonly Problem[] }

/** The user name that Git hosts take beside a token, where nobody wrote one (Argo CD sends the same). */
const TOKEN_USER = 'x-access-token'

/** How a repository is reached by what is written about it and its host. */
export function reach(url: string, match: RepositoryMatch, trust: HostTrust): Reach {
  const { entry, credentials } = match
  const used = [entry, credentials].filter((each) => each !== null)
  const origin = [...new Set(used.map((each) => each.origin))].join(', ') || 'no credentials'
  const problems = [...new Set(used)].flatMap((each) => each.problems)
  if (problems.length > 0) return { kind: 'problems', origin, problems }
  const secret = credentialsOf(match)
  const auth = secret === null ? ({ kind: 'none' } as const) : authOf(url, secret, entry ?? credentials)
  if (auth === null) return { kind: 'problems', origin, problems: unsupportedProblems(origin, secret) }
  const host = hostOf(url)
  const insecure = (entry ?? credentials)?.insecure ?? false
  const access = {
    auth,
    tls: {
      insecure,
      ca: host === null ? null : tlsCertificateFor(host, trust),
      client: clientOf(secret),
    },
    hostKeys: insecure ? ({ kind: 'unchecked' } as const) : ({ kind: 'known', knownHosts: trust.knownHosts } as const),
    proxy: entry?.proxy ?? credentials?.proxy ?? null,
    noProxy: entry?.noProxy ?? credentials?.noProxy ?? null,
    oci: {
      enabled: used.some((each) => each.oci.enabled) || isRegistryUrl(url),
      plainHttp: used.some((each) => each.oci.plainHttp),
    },
    forceBasicAuth: used.some((each) => each.forceBasicAuth),
    origin,
  }
  return { kind: 'access', access }
}

/**
 * Who we are, by the first of what is written: password, token, key, GitHub App, as Argo CD chooses. Over SSH only a key
 * is of use, so there it comes first. Null where only identities are written that are not supported.
 */
function authOf(url: string, secret: EntryCredentials, entry: RepositoryEntry | null): RepositoryAuth | null {
  const { username, password, bearerToken, sshPrivateKey, sshPassphrase, githubApp, unsupported } = secret
  const key = sshPrivateKey === null ? null : { privateKey: sshPrivateKey, passphrase: sshPassphrase }
  if (key !== null && isSshUrl(url)) return { kind: 'ssh-key', ...key }
  if (password !== null) {
    const assumed = entry?.type === 'git' && !/^[a-z]+:\/\/[^/@]+@/i.test(url) ? TOKEN_USER : ''
    return { kind: 'basic', username: username ?? assumed, password }
  }
  if (bearerToken !== null) return { kind: 'bearer', token: bearerToken }
  if (key !== null) return { kind: 'ssh-key', ...key }
  if (githubApp !== null) return { kind: 'github-app', ...githubApp }
  if (unsupported.length > 0) return null
  return username === null ? { kind: 'none' } : { kind: 'basic', username, password: '' }
}

/** Charts of a URL without a scheme are in a registry, as in Argo CD, whether somebody wrote so or not. */
function isRegistryUrl(url: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:\/\/|^\//i.test(url) && !isSshUrl(url)
}

function clientOf(secret: EntryCredentials | null): { readonly cert: string; readonly key: string } | null {
  if (secret === null || secret.tlsClientCert === null || secret.tlsClientKey === null) return null
  return { cert: secret.tlsClientCert, key: secret.tlsClientKey }
}

function unsupportedProblems(origin: string, secret: EntryCredentials | null): readonly Problem[] {
  return (secret?.unsupported ?? []).map((field) => ({
    where: origin,
    field,
    what: `${field} is not supported: identities of clouds cannot be used to read repositories`,
    fix: 'write a token, an SSH key or a GitHub App instead',
  }))
}
