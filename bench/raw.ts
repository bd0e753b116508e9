// The reference: server-side applies sent as fast as a bare HTTP client can, without anything that Mainstay adds.
import { Agent, fetch } from 'undici'
import type { Manifest } from './objects.ts'

/** Where and as whom. */
export interface RawTarget {
  readonly url: string
  readonly ca: string
  readonly token: string
  readonly namespace: string
}

const COLLECTIONS: Readonly<Record<string, string>> = {
  ConfigMap: 'api/v1/namespaces/NS/configmaps',
  Secret: 'api/v1/namespaces/NS/secrets',
  ServiceAccount: 'api/v1/namespaces/NS/serviceaccounts',
  Role: 'apis/rbac.authorization.k8s.io/v1/namespaces/NS/roles',
}

/** Applies all manifests, `concurrency` at a time; returns milliseconds. */
export async function rawApply(
  target: RawTarget,
  manifests: readonly Manifest[],
  concurrency: number,
): Promise<number> {
  const agent = new Agent({ connect: { ca: target.ca }, connections: concurrency })
  const queue = manifests.values()
  const startedAt = performance.now()
  const worker = async (): Promise<void> => {
    for (const manifest of queue) await rawPatch(target, agent, manifest)
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  const took = performance.now() - startedAt
  await agent.close()
  return took
}

async function rawPatch(target: RawTarget, agent: Agent, manifest: Manifest): Promise<void> {
  const collection = (COLLECTIONS[manifest.kind] ?? '').replace('NS', target.namespace)
  const url = `${target.url}/${collection}/${manifest.metadata.name}?fieldManager=raw&force=true`
  const response = await fetch(url, {
    method: 'PATCH',
    dispatcher: agent,
    headers: {
      authorization: `Bearer ${target.token}`,
      'content-type': 'application/apply-patch+yaml',
      accept: 'application/json',
    },
    body: JSON.stringify(manifest),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`the reference was refused: ${response.status} ${text.slice(0, 200)}`)
}
