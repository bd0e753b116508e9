// The clusters that all test files of a run share: the sandbox, or API server, controllers and kubelet stand-in. Each starts
// when the first test asks for it. Each test takes namespaces of its own; cluster-scoped names carry one of those in theirs.

import { request } from 'node:http'
import { afterAll, describe, inject } from 'vitest'
import type { ClusterKind } from '../run/which.ts'
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

/** The cluster that tests run on which do not ask for the real one: see test/run/which.ts. */
export const chosen: ClusterKind = provided.chosen

/** Why there is no real shared cluster on this machine; null where there is one. */
export const realClusterMissing: string | null = provided.realMissing

const shared = new Map<ClusterKind, Promise<SharedCluster>>()

/** The cluster of a kind that all share who ask here; the first call starts it (some seconds where it is the real one). */
export function sharedCluster(kind: ClusterKind = chosen): Promise<SharedCluster> {
  const known = shared.get(kind) ?? connect(kind)
  shared.set(kind, known)
  return known
}

type Body = (cluster: () => Promise<SharedCluster>) => void

/**
 * A `describe` for tests that need a Kubernetes API: on a sandbox of its own, and in the real run on the real API server,
 * which all share. `cluster()` inside a test gives the cluster.
 */
export function describeCluster(name: string, body: Body): void {
  describeOn(chosen, name, body)
}

/**
 * A `describe` for tests whose subject is the real API server itself: skipped, with the reason in its name, where the
 * programs are not on this machine.
 */
export function describeRealCluster(name: string, body: Body): void {
  describeOn('real', name, body)
}

/** A `describe` for tests of what both kinds of shared clusters have in common: once on each. */
export function describeBothClusters(name: string, body: Body): void {
  describeOn('sandbox', `${name} (the sandbox)`, body)
  describeOn('real', `${name} (the real one)`, body)
}

function describeOn(kind: ClusterKind, name: string, body: Body): void {
  const missing = kind === 'real' ? realClusterMissing : null
  const title = missing === null ? name : `${name} (skipped: ${missing})`
  describe.skipIf(missing !== null)(title, () => {
    if (kind === 'real') return body(() => sharedCluster('real'))
    const { cluster, close } = ownSandbox()
    afterAll(close)
    body(cluster)
  })
}

/** A sandbox for one group of tests: it costs next to nothing, and what others do is not in it. */
function ownSandbox(): { readonly cluster: () => Promise<SharedCluster>; readonly close: () => Promise<void> } {
  let opened: Promise<SharedCluster> | null = null
  return {
    cluster: () => {
      opened ??= connect('sandbox')
      return opened
    },
    close: async () => {
      const cluster = await opened?.catch(() => null)
      if (cluster == null) return
      await cluster.api.close()
      await ask(provided.socket, `/?close=${encodeURIComponent(cluster.url)}`)
    },
  }
}

async function connect(kind: ClusterKind): Promise<SharedCluster> {
  if (kind === 'real' && realClusterMissing !== null) throw new Error(realClusterMissing)
  const facts = (await ask(provided.socket, `/${kind}`)) as ClusterFacts // Written by test/run/setup.ts.
  const api = openApi(facts.url, facts.authority.certificate, facts.tokens.admin)
  return { ...facts, api, namespace: (prefix) => createNamespace(api, prefix) }
}

function ask(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text))
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
