// A real API server as a subject, whoever started it.

import { setTimeout as delay } from 'node:timers/promises'
import { Agent, fetch } from 'undici'
import type { ClusterFacts } from '../cluster/cluster.ts'
import { linesOf } from './lines.ts'
import type { Subject } from './subject.ts'

/** Between two looks at what controllers do, in ms. */
const lookMs = 25

/** What of a cluster a subject needs. */
export interface RealCluster extends Pick<ClusterFacts, 'url' | 'authority' | 'tokens' | 'kubeconfig'> {
  /** Creates a namespace whose name begins so. */
  readonly namespace: (prefix: string) => Promise<string>
}

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
