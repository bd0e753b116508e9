// The same questions, asked of a real API server.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import type { Api } from '../../../../test/cluster/api.ts'
import type { Cause } from '../../registry/kind.ts'
import { isTrue } from '../conditions.ts'
import type { Outcome } from './local.ts'

/** Where the definitions of a real server are. */
export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

/** Creates a definition and waits until it is served. */
export async function install(api: Api, crd: KubeObject): Promise<KubeObject> {
  const made = await api.request('POST', DEFINITIONS, crd)
  if (made.status !== 201) throw new Error(`the real server refuses ${crd.metadata.name}: ${JSON.stringify(made.body)}`)
  return waitFor(api, crd.metadata.name, (found) => isTrue(found, 'Established'))
}

/** Changes the spec of a definition, and waits until the server works by it. */
export async function replace(api: Api, crd: KubeObject): Promise<void> {
  const name = crd.metadata.name
  const before = await waitFor(api, name, () => true)
  const answer = await api.request('PUT', `${DEFINITIONS}/${name}`, { ...before, spec: crd.spec })
  if (answer.status !== 200) throw new Error(`the real server refuses ${name}: ${JSON.stringify(answer.body)}`)
  // The definition is served anew as soon as its published schema is.
  const wanted = JSON.stringify((answer.body as KubeObject).metadata.generation)
  const group = stringAt(crd, 'spec', 'group') ?? ''
  for (let left = 200; left > 0; left--) {
    const probe = { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name: 'probe' }, spec: { probe: 1 } }
    const path = `/apis/${group}/v1/namespaces/default/things?dryRun=All`
    const asked = await api.request('POST', path, probe)
    if (valueAt(asked.body as JsonObject, 'spec', 'probe') === undefined && asked.status !== 404) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(`the real server does not work by generation ${wanted} of ${name}`)
}

/** Reads a definition until it is as wanted. */
export async function waitFor(api: Api, name: string, wanted: (crd: KubeObject) => boolean): Promise<KubeObject> {
  for (;;) {
    const answer = await api.request('GET', `${DEFINITIONS}/${name}`)
    const found = answer.body as KubeObject // A definition, or a Status that is none of the wanted.
    if (wanted(found)) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Sends one request; a resource that is not served yet is asked for again. */
export async function send(api: Api, method: string, path: string, body: JsonObject): Promise<Outcome> {
  for (;;) {
    const answer = await api.request(method, path, body)
    const told = answer.body as JsonObject | string // JSON, or plain text where nothing is served there.
    if (typeof told === 'string') continue
    if (answer.status < 300) return { kind: 'stored', object: told, unknown: [], warnings: [] }
    if (answer.status === 422) return { kind: 'invalid', causes: causesOf(told) }
    if (answer.status === 400) return { kind: 'unreadable', message: stringAt(told, 'message') ?? '' }
    throw new Error(`${method} ${path}: ${JSON.stringify(told)}`)
  }
}

/** The causes of a Status. */
export function causesOf(status: JsonObject): readonly Cause[] {
  const causes = valueAt(status, 'details', 'causes')
  // The API server writes causes of this shape.
  return isList(causes) ? (causes.filter(isObject) as unknown as readonly Cause[]) : []
}
