// Patches, right and wrong, of a ConfigMap and a Deployment: what a real API server makes of them and what ours does.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import { describeRealCluster, type SharedCluster } from '../../../test/cluster/shared.ts'
import { sampled } from '../../../test/run/whole.ts'
import { stored } from '../ownership/testing/normal.ts'
import { StatusError } from '../registry/status.ts'
import { typeOf } from '../schema/lookup.ts'
import type { StructType } from '../schema/type.ts'
import { jsonPatch } from './json.ts'
import { mergePatch } from './merge.ts'
import { strategicMerge } from './strategic.ts'
import { CONFIG_MAP, DEPLOYMENT, PATCH_CASES, type PatchCase } from './testing/cases.ts'

const TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const

describeRealCluster('patches beside a real API server', (cluster) => {
  it.each(['ConfigMap', 'Deployment'] as const)(
    'do the same to a %s, and are refused in the same words',
    async (target) => {
      const shared = await cluster()
      const namespace = await shared.namespace('patch')
      const cases = PATCH_CASES.filter((each) => each.target === target)
      for (const [at, each] of sampled(cases, 3).entries()) {
        const { real, ours } = await both(shared, namespace, `o${at}`, each)
        expect(ours, each.name).toEqual(real)
      }
    },
  )

  it('refuses too many operations', async () => {
    const shared = await cluster()
    const namespace = await shared.namespace('patch')
    const patch = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/data/a', value: '1' }))
    const { real, ours } = await both(shared, namespace, 'many', {
      name: 'many',
      kind: 'json',
      target: 'ConfigMap',
      patch,
    })
    expect(ours).toEqual(real)
  })
})

async function both(
  { api }: SharedCluster,
  namespace: string,
  name: string,
  each: PatchCase,
): Promise<{ real: Json; ours: Json }> {
  const { target, kind, patch } = each
  const deployed = target === 'Deployment'
  const path = deployed
    ? `/apis/apps/v1/namespaces/${namespace}/deployments`
    : `/api/v1/namespaces/${namespace}/configmaps`
  const fields = deployed ? DEPLOYMENT : CONFIG_MAP
  const metadata = { ...(isObject(fields.metadata) ? fields.metadata : {}), name, namespace }
  const object = { apiVersion: deployed ? 'apps/v1' : 'v1', kind: target, ...fields, metadata }
  const live = (await api.request('POST', path, object)).body as KubeObject
  // Nothing is stored: controllers may write at any time.
  const answer = await api.request('PATCH', `${path}/${name}?dryRun=All`, patch, TYPES[kind])
  const type = deployed ? typeOf('apps', 'v1', 'Deployment') : typeOf('', 'v1', 'ConfigMap')
  if (type === null) throw new Error('both are built in')
  await released(api, `${path}/${name}`)
  return { real: shown(answer.body as JsonObject, type), ours: made(live, each, type) }
}

/** The cluster must not wait for finalizers at the end. */
async function released(api: SharedCluster['api'], path: string): Promise<void> {
  await api.request('PATCH', path, { metadata: { finalizers: null } }, TYPES.merge)
}

function made(live: KubeObject, { kind, patch }: PatchCase, type: StructType): Json {
  try {
    if (kind === 'json') return shown(jsonPatch(live, patch) as JsonObject, type)
    if (kind === 'merge') return shown(mergePatch(live, patch) as JsonObject, type)
    return shown(strategicMerge(live, patch as JsonObject, type), type)
  } catch (error) {
    if (error instanceof StatusError) return shown(error.body, type)
    throw error
  }
}

function shown(body: JsonObject, type: StructType): Json {
  if (body.kind === 'Status') {
    const { reason = '', code = 0, message = '' } = body
    return { reason, code, message }
  }
  if (isList(body) || !isObject(body.metadata)) return 'no object'
  const { status: _, ...object } = stored(body, type, true)
  const metadata = isObject(object.metadata) ? object.metadata : {}
  // Controllers number Deployments.
  const { 'deployment.kubernetes.io/revision': __, ...annotations } = isObject(metadata.annotations)
    ? metadata.annotations
    : {}
  return { ...object, metadata: { ...metadata, annotations } }
}
