// Entries and Secrets for tests.
import { base64OfText } from '../object/base64.ts'
import type { KubeObject } from '../object/object.ts'
import { NO_CREDENTIALS, type RepositoryEntry } from './entry.ts'

/** An entry with a password. */
export function entryOf(url: string, parts: Partial<RepositoryEntry> = {}): RepositoryEntry {
  return {
    ...{ scope: 'exact', url, type: 'git', name: null, project: null, insecure: false, lfs: false },
    credentials: { ...NO_CREDENTIALS, username: 'ana', password: `password of ${url}` },
    ...{ oci: { enabled: false, plainHttp: false }, forceBasicAuth: false, proxy: null, noProxy: null },
    ...{ from: 'control-plane', origin: 'Secret argocd/repo', problems: [] },
    ...parts,
  }
}

/** A Secret as the API server answers it. */
export function secretOf(
  name: string,
  type: string,
  values: Readonly<Record<string, string>>,
  namespace = 'argocd',
): KubeObject {
  const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64OfText(value)]))
  const metadata = { name, namespace, labels: { 'argocd.argoproj.io/secret-type': type } }
  return { apiVersion: 'v1', kind: 'Secret', metadata, data }
}
