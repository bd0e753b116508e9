// The real API server as a subject: the shared cluster of the run.

import { setTimeout as delay } from 'node:timers/promises'
import { Agent, fetch } from 'undici'
import { realClusterMissing, type SharedCluster, sharedCluster } from '../cluster/shared.ts'
import { linesOf } from './lines.ts'
import type { Subject } from './subject.ts'

/** Why there is no real API server on this machine; null where there is one. */
export const realMissing: string | null = realClusterMissing

/** Between two looks at what controllers do, in ms. */
const lookMs = 25

let opened: Promise<Subject> | null = null

/** The shared cluster as a subject; the first call of a run starts it. */
export function openReal(): Promise<Subject> {
  opened ??= sharedCluster('real').then(subjectOf)
  return opened
}

/** What of a cluster a subject needs. */
export type RealCluster = Pick<SharedCluster, 'url' | 'authority' | 'tokens' | 'kubeconfig' | 'namespace'>

/** Any real cluster as a subject. */
export function subjectOf(cluster: RealCluster): Subject {
  const dispatcher = new Agent({ connect: { ca: cluster.authority.certificate }, bodyTimeout: 0, connections: 32 })
  const authorization = `Bearer ${cluster.tokens.admin}`
  const subject: Subject = {
    name: 'real',
    fetch: (path, init = {}) =>
      fetch(`${cluster.url}${path}`, { ...init, dispatcher, headers: { authorization, ...init.headers } }),
    async watch(path, signal, accept = 'application/json') {
      const headers = { authorization, accept, 'user-agent': 'conform/1.0' }
      const response = await fetch(`${cluster.url}${path}`, { dispatcher, headers, signal })
      if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`)
      return linesOf(response.body)
    },
    settle: () => delay(lookMs),
    namespace: async () => {
      const name = await cluster.namespace('conform')
      await Promise.all(
        ['serviceaccounts/default', 'configmaps/kube-root-ca.crt'].map((path) =>
          untilThere(subject, `/api/v1/namespaces/${name}/${path}`),
        ),
      )
      return name
    },
    kubeconfig: async () => cluster.kubeconfig,
  }
  return subject
}

async function untilThere(subject: Subject, path: string): Promise<void> {
  const deadline = performance.now() + 20_000
  while ((await subject.fetch(path)).status !== 200) {
    if (performance.now() > deadline) throw new Error(`${path} does not come`)
    await delay(lookMs)
  }
}
