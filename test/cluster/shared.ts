// The cluster that all test files of a run share: API server, controllers, kubelet stand-in. It starts when the first
// test asks for it. Each test takes namespaces of its own; cluster-scoped names carry one of those in theirs.

import { request } from 'node:http'
import { describe, inject } from 'vitest'
import { type Api, openApi } from './api.ts'
import type { ClusterFacts } from './cluster.ts'

/** The shared cluster as a test sees it. */
export interface SharedCluster extends ClusterFacts {
  /** Talks to the API server as the administrator. */
  readonly api: Api
  /** Creates a namespace with a fresh name that begins with `prefix`, and returns the name. */
  readonly namespace: (prefix: string) => Promise<string>
}

const provided = inject('sharedCluster')

/** Why there is no shared cluster on this machine; null where there is one. */
export const clusterMissing: string | null = 'missing' in provided ? provided.missing : null

let shared: Promise<SharedCluster> | null = null

/** The shared cluster; the first call in a run starts it (some seconds). */
export function sharedCluster(): Promise<SharedCluster> {
  shared ??= connect()
  return shared
}

/**
 * A `describe` for tests that need the real API server: skipped, with the reason in its name, where the programs are
 * not on this machine. `cluster()` inside a test gives the shared cluster.
 */
export function describeCluster(name: string, body: (cluster: () => Promise<SharedCluster>) => void): void {
  const title = clusterMissing === null ? name : `${name} (skipped: ${clusterMissing})`
  describe.skipIf(clusterMissing !== null)(title, () => body(sharedCluster))
}

async function connect(): Promise<SharedCluster> {
  if ('missing' in provided) throw new Error(provided.missing)
  const facts = await ask(provided.socket)
  const api = openApi(facts.url, facts.authority.certificate, facts.tokens.admin)
  return { ...facts, api, namespace: (prefix) => createNamespace(api, prefix) }
}

function ask(socketPath: string): Promise<ClusterFacts> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path: '/' }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        if (response.statusCode === 200)
          resolve(JSON.parse(text) as ClusterFacts) // Written by test/run/setup.ts.
        else reject(new Error(text))
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

async function createNamespace(api: Api, prefix: string): Promise<string> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { generateName: `${prefix}-` } }
  const answer = await api.request('POST', '/api/v1/namespaces', body)
  const created = answer.body as { readonly metadata?: { readonly name?: string } } // A Namespace, or a Status without a name.
  const name = created.metadata?.name
  if (answer.status !== 201 || name === undefined) throw new Error(`cannot create a namespace: ${answer.status}`)
  return name
}
