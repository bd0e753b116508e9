// The configuration of a process that runs in a pod: its service account's token, CA and namespace.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FaultError } from '../fault.ts'
import type { Clock } from '../ports.ts'
import type { ClusterConfig } from './config.ts'
import { joined, tokenFilePart } from './credentials.ts'
import { rereadable } from './rereadable.ts'

/** Where Kubernetes mounts the service account. */
export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the pod's own configuration; null when this process runs in no pod.
 * @throws FaultError `source-unreadable` or `invalid-input` when it runs in one but the mount cannot be used
 */
export async function inClusterConfig(env: Environment, clock: Clock, folder: string): Promise<ClusterConfig | null> {
  const host = env.KUBERNETES_SERVICE_HOST
  const port = env.KUBERNETES_SERVICE_PORT
  if (!host || !port) return null
  const tokenPath = join(folder, 'token')
  const token = rereadable(tokenPath, tokenPath, clock)
  await token.current()
  return {
    name: 'in-cluster',
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    trust: { ca: await readMounted(join(folder, 'ca.crt')), serverName: null, insecure: false },
    proxy: null,
    credentials: joined(tokenFilePart(token, tokenPath), null),
    impersonate: null,
    namespace: (await readMounted(join(folder, 'namespace'))).trim(),
    disableCompression: false,
  }
}

async function readMounted(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new FaultError(
      {
        kind: 'source-unreadable',
        what: 'cannot read the service account of this pod',
        where: path,
        why: code,
        fix: ['check automountServiceAccountToken of the pod and its service account'],
      },
      { cause: error },
    )
  }
}
