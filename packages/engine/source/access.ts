// How repositories are reached where nobody wrote anything about them: without credentials, with the system's trust.
import type { RepositoryAccess } from '@mainstay/core/repository/access.ts'
import type { RepositoryAccesses } from '../ports.ts'

/** The access of a repository that nobody wrote anything about. No SSH host is known to it. */
export const NO_ACCESS: RepositoryAccess = {
  auth: { kind: 'none' },
  tls: { insecure: false, ca: null, client: null },
  hostKeys: { kind: 'known', knownHosts: '' },
  proxy: null,
  noProxy: null,
  oci: { enabled: false, plainHttp: false },
  forceBasicAuth: false,
  origin: 'no credentials',
  version: 'none',
}

/** Every repository without credentials. */
export function anonymousAccesses(): RepositoryAccesses {
  return { accessOf: () => Promise.resolve(NO_ACCESS) }
}
