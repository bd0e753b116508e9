// Protobuf against the real API server, which writes every object in both forms: what is read of one is the other.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { Agent, fetch } from 'undici'
import { afterAll, expect, it } from 'vitest'
import { describeRealCluster, type SharedCluster } from '../../../test/cluster/shared.ts'
import { builtInResources } from '../kinds/built-in.ts'
import { allStories } from '../kinds/testing/cases/all.ts'
import { resourceKey } from '../store/store.ts'
import { isProtobuf, parseProtobuf } from './protobuf.ts'

/** What two requests do not have in common. */
const OWN = new Set(['uid', 'creationTimestamp', 'time', 'clusterIP', 'clusterIPs', 'nodePort', 'healthCheckNodePort'])

const UID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/

let agent: Agent | null = null
afterAll(() => agent?.close())

describeRealCluster('protobuf', (cluster) => {
  for (const [key, stories] of allStories) {
    it(`of ${key} is read as the JSON that the server writes for the same object`, async () => {
      const real = await cluster()
      const path = pathOf(key, await real.namespace('wire'))
      let compared = 0
      for (const { object } of stories) {
        const [json, wire] = await Promise.all([
          create(real, path, object, 'application/json'),
          create(real, path, object, 'application/vnd.kubernetes.protobuf'),
        ])
        if (json.status !== 201 || wire.status !== 201) continue
        expect(isProtobuf(wire.bytes)).toBe(true)
        expect(comparable(parseProtobuf(wire.bytes))).toEqual(
          comparable(JSON.parse(new TextDecoder().decode(json.bytes))),
        )
        compared += 1
      }
      expect(compared).toBeGreaterThan(0)
    })
  }
})

function pathOf(key: string, namespace: string): string {
  const resource = builtInResources.find((each) => resourceKey(each) === key)
  const version = resource?.storage ?? ''
  const root = resource?.group === '' ? `/api/${version}` : `/apis/${resource?.group}/${version}`
  return `${root}${resource?.namespaced === true ? `/namespaces/${namespace}` : ''}/${resource?.plural}`
}

async function create(
  { url, authority, tokens }: SharedCluster,
  path: string,
  object: JsonObject,
  accept: string,
): Promise<{ readonly status: number; readonly bytes: Uint8Array }> {
  agent ??= new Agent({ connect: { ca: authority.certificate } })
  const headers = { authorization: `Bearer ${tokens.admin}`, 'content-type': 'application/json', accept }
  const body = JSON.stringify(object)
  const response = await fetch(`${url}${path}?dryRun=All`, { dispatcher: agent, method: 'POST', headers, body })
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) }
}

/** The same in both: names by chance apart, and an empty list of Go is null in JSON and nothing in protobuf. */
function comparable(value: Json): Json {
  if (isList(value)) return value.map(comparable)
  if (typeof value === 'string') return value.replace(UID, 'UID').replace(/^(kube-api-access)-\w{5}$/, '$1')
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([key, item]) => !OWN.has(key) && item !== null && !isHead(value, key))
  return Object.fromEntries(kept.map(([key, item]) => [key, comparable(item)]))
}

/** Protobuf has no kind for an object inside of another: the templates of claims. */
function isHead(object: JsonObject, key: string): boolean {
  return object.kind === 'PersistentVolumeClaim' && (key === 'kind' || key === 'apiVersion')
}
