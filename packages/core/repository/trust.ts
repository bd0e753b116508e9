// Which certificates and host keys are trusted: Argo CD's ConfigMaps, and what this machine keeps.
import { isObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import type { UrlHost } from './url.ts'

/** Names of Argo CD's ConfigMaps about hosts. */
export const TRUST_CONFIG_MAPS = { ssh: 'argocd-ssh-known-hosts-cm', tls: 'argocd-tls-certs-cm' } as const

const KNOWN_HOSTS_KEY = 'ssh_known_hosts'

/** What is trusted of hosts. */
export interface HostTrust {
  /** Lines in the form of OpenSSH's `known_hosts`. */
  readonly knownHosts: string
  /** PEM certificates by `host`, or `host:port`, in lower case. */
  readonly certificates: Readonly<Record<string, string>>
}

/** Nothing but what the system trusts. */
export const NO_TRUST: HostTrust = { knownHosts: '', certificates: {} }

/** What the two ConfigMaps say; null for one that is not there. */
export function readTrust(ssh: KubeObject | null, tls: KubeObject | null): HostTrust {
  const certificates = textsOf(tls).flatMap(([host, pem]) => (pem.trim() === '' ? [] : [[host.toLowerCase(), pem]]))
  const knownHosts = textsOf(ssh).find(([key]) => key === KNOWN_HOSTS_KEY)?.[1] ?? ''
  return { knownHosts, certificates: Object.fromEntries(certificates) }
}

/** Two trusts as one: all host keys; of certificates for the same host those of `own`. */
export function joinTrust(own: HostTrust, other: HostTrust): HostTrust {
  const knownHosts = [own.knownHosts, other.knownHosts].map((each) => each.trim()).filter((each) => each !== '')
  return { knownHosts: knownHosts.join('\n'), certificates: { ...other.certificates, ...own.certificates } }
}

/** The certificates that are trusted for a host in place of the system's: those for its port before those for all. */
export function tlsCertificateFor({ host, port }: UrlHost, { certificates }: HostTrust): string | null {
  const own = (name: string): string | undefined => (Object.hasOwn(certificates, name) ? certificates[name] : undefined)
  return own(`${host}:${port ?? 443}`) ?? own(host) ?? null
}

function textsOf(config: KubeObject | null): readonly (readonly [string, string])[] {
  const data = config !== null && isObject(config.data) ? Object.entries(config.data) : []
  return data.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : []))
}
