// The real server for stories: JSON over HTTPS with the warnings that came along, and the world that a Behaviour sees.
import { Agent, request } from 'node:https'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Surroundings } from '../../registry/kind.ts'
import type { Real } from './differential.ts'

/** Where to ask. */
export interface Access {
  readonly url: string
  readonly ca: string
  readonly token: string
}

/** Opens a client. */
export function openReal({ url, ca, token }: Access): Real & { readonly close: () => void } {
  const agent = new Agent({ ca, keepAlive: true })
  return {
    request: (method, path, body, accept = 'application/json') =>
      new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept }
        const sent = request(`${url}${path}`, { method, agent, headers }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8')
            const warnings = warningsOf(String(response.headers.warning ?? ''))
            resolve({ status: response.statusCode ?? 0, body: text === '' ? null : JSON.parse(text), warnings })
          })
        })
        sent.on('error', reject)
        sent.end(body === undefined ? undefined : JSON.stringify(body))
      }),
    close: () => agent.destroy(),
  }
}

/** `299 - "text", 299 - "text"`. */
function warningsOf(header: string): readonly string[] {
  const found = [...header.matchAll(/299 - ("(?:[^"\\]|\\.)*")/g)]
  return found.map(([, text]) => JSON.parse(text ?? '""') as string)
}

const LISTS: readonly (readonly [string, string])[] = [
  ['/services', '/api/v1/services'],
  ['/serviceaccounts', '/api/v1/serviceaccounts'],
  ['node.k8s.io/runtimeclasses', '/apis/node.k8s.io/v1/runtimeclasses'],
  ['storage.k8s.io/storageclasses', '/apis/storage.k8s.io/v1/storageclasses'],
  ['scheduling.k8s.io/priorityclasses', '/apis/scheduling.k8s.io/v1/priorityclasses'],
]

/** What is in the cluster now, as a Behaviour asks for it. */
export async function surroundings(real: Real, uid: () => string): Promise<Surroundings> {
  const lists = new Map<string, readonly KubeObject[]>()
  for (const [key, path] of LISTS) {
    const answer = (await real.request('GET', path)).body as { readonly items: readonly KubeObject[] }
    lists.set(key, answer.items)
  }
  const list: Surroundings['list'] = ({ group, plural }) => lists.get(`${group}/${plural}`) ?? []
  return {
    now: Date.now(),
    dryRun: false,
    uid,
    random: Math.random,
    list,
    get: (resource, namespace, name) =>
      list(resource, namespace).find(
        ({ metadata }) => metadata.name === name && (namespace === null || metadata.namespace === namespace),
      ) ?? null,
  }
}
