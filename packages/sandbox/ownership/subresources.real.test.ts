// Writes through status and scale, done by a real API server and by ownership: who owns what afterwards.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import { describeRealCluster } from '../../../test/cluster/shared.ts'
import { definition, typeOf } from '../schema/lookup.ts'
import { applyPatch } from './apply.ts'
import { resetFieldsOf } from './reset-table.ts'
import { entriesOfScale, entriesOfScaled } from './scale.ts'
import { entriesOf, newest } from './testing/normal.ts'
import type { RealAnswer } from './testing/play.ts'
import { trackUpdate } from './track.ts'

interface Kind {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  readonly fields: JsonObject
  readonly status: JsonObject
}

const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'x' }] } }
const condition = {
  type: 'Ready',
  status: 'True',
  lastTransitionTime: '2026-01-01T00:00:00Z',
  reason: 'R',
  message: 'm',
}

const KINDS: readonly Kind[] = [
  {
    group: 'apps',
    version: 'v1',
    kind: 'ReplicaSet',
    plural: 'replicasets',
    namespaced: true,
    fields: { spec: { replicas: 0, selector: { matchLabels: { a: 'b' } }, template } },
    status: { replicas: 0, conditions: [{ type: 'Mine', status: 'True' }] },
  },
  {
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    plural: 'deployments',
    namespaced: true,
    fields: { spec: { replicas: 0, paused: true, selector: { matchLabels: { a: 'b' } }, template } },
    status: { conditions: [{ type: 'Mine', status: 'True' }] },
  },
  {
    group: '',
    version: 'v1',
    kind: 'PersistentVolume',
    plural: 'persistentvolumes',
    namespaced: false,
    fields: {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/x' },
        // Of a class of its own: claims of other tests must not be bound to it.
        storageClassName: 'subresources',
      },
    },
    status: { message: 'm' },
  },
  {
    group: 'flowcontrol.apiserver.k8s.io',
    version: 'v1',
    kind: 'FlowSchema',
    plural: 'flowschemas',
    namespaced: false,
    fields: { spec: { priorityLevelConfiguration: { name: 'catch-all' }, matchingPrecedence: 9000 } },
    status: { conditions: [condition] },
  },
]

describeRealCluster('ownership through subresources beside a real API server', (cluster) => {
  it.each(KINDS)('counts what can be written through the status of a $kind', async (kind) => {
    const { api, namespace } = await cluster()
    const space = await namespace('sub')
    const { path, object } = placed(kind, space)
    const created = await api.request('POST', path, object)
    expect(created.status).toBe(201)
    const at = `${path}/${space}`
    const patch = { ...object, status: kind.status, metadata: { ...object.metadata, labels: { mine: 'yes' } } }
    const merge = { metadata: { labels: { theirs: 'yes' } }, status: kind.status }
    for (const subresource of [null, 'status']) {
      const applied = await retried(async () => applyBoth(kind, at, subresource, patch, api.request))
      expect(applied.ours, `${subresource}`).toEqual(applied.real)
      const merged = await retried(async () => mergeBoth(kind, at, subresource, merge, api.request))
      expect(merged.ours, `${subresource}`).toEqual(merged.real)
    }
  })

  it('gives the replicas to whoever scales', async () => {
    const { api, namespace } = await cluster()
    const space = await namespace('scale')
    const { path, object } = placed(KINDS[0] ?? fail(), space)
    await api.request('POST', path, object)
    for (const [manager, replicas] of [
      ['ana', 1],
      ['ben', 2],
      ['ben', 2],
      ['ana', 3],
    ] as const) {
      const sides = await retried(() => scaleBoth(`${path}/${space}`, manager, replicas, api.request))
      expect(sides.ours).toEqual(sides.real)
    }
    const apply = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: space }, spec: { replicas: 5 } }
    await api.request('PATCH', `${path}/${space}?fieldManager=ana&force=true`, apply, 'application/apply-patch+yaml')
    const last = await retried(() => scaleBoth(`${path}/${space}`, 'ben', 0, api.request))
    expect(last.ours).toEqual(last.real)
  })
})

function fail(): never {
  throw new Error('there is one')
}

interface Sides {
  readonly real: Json
  readonly ours: Json
}

type Request = (method: string, path: string, body?: unknown, type?: string) => Promise<RealAnswer>

/** Controllers write as well; a step that they came between is played again. */
async function retried(play: () => Promise<Sides | null>): Promise<Sides> {
  for (;;) {
    const sides = await play()
    if (sides !== null) return sides
  }
}

function placed(
  { group, version, kind, plural, namespaced, fields }: Kind,
  space: string,
): { path: string; object: KubeObject } {
  const apiVersion = group === '' ? version : `${group}/${version}`
  const root = group === '' ? `/api/${version}` : `/apis/${apiVersion}`
  const metadata = { name: space, ...(namespaced ? { namespace: space } : {}) }
  return {
    path: `${root}${namespaced ? `/namespaces/${space}` : ''}/${plural}`,
    object: { apiVersion, kind, ...fields, metadata },
  }
}

function options({ group, version, kind, plural }: Kind, apiVersion: string, subresource: string | null) {
  return {
    subresource,
    typeOf: () => typeOf(group, version, kind),
    resetFields: resetFieldsOf({ group, plural, custom: false, status: true }, subresource, apiVersion),
  }
}

function addressed(path: string, subresource: string | null): string {
  return subresource === null ? path : `${path}/${subresource}`
}

async function applyBoth(
  kind: Kind,
  at: string,
  subresource: string | null,
  patch: KubeObject,
  request: Request,
): Promise<Sides | null> {
  const live = (await request('GET', at)).body as KubeObject
  const locked = { ...patch, metadata: { ...patch.metadata, resourceVersion: live.metadata.resourceVersion ?? '' } }
  const path = `${addressed(at, subresource)}?fieldManager=ana&force=true`
  const answer = await request('PATCH', path, locked, 'application/apply-patch+yaml')
  if (answer.status === 409) return null
  const real = answer.body as KubeObject
  const outcome = applyPatch({
    ...options(kind, patch.apiVersion, subresource),
    live,
    patch: locked,
    manager: 'ana',
    force: true,
    now: newest(real),
  })
  return { real: entriesOf(real), ours: outcome.kind === 'applied' ? entriesOf(outcome.object) : outcome.kind }
}

async function mergeBoth(
  kind: Kind,
  at: string,
  subresource: string | null,
  patch: JsonObject,
  request: Request,
): Promise<Sides | null> {
  const live = (await request('GET', at)).body as KubeObject
  const { resourceVersion } = live.metadata
  const locked = { ...patch, metadata: { ...(isObject(patch.metadata) ? patch.metadata : {}), resourceVersion } }
  const path = `${addressed(at, subresource)}?fieldManager=ben`
  const answer = await request('PATCH', path, locked, 'application/merge-patch+json')
  if (answer.status === 409) return null
  const real = answer.body as KubeObject
  const made = trackUpdate({
    ...options(kind, live.apiVersion, subresource),
    before: live,
    after: { ...real, metadata: { ...real.metadata, managedFields: entriesOf(live) } },
    manager: 'ben',
    apiVersion: live.apiVersion,
    now: newest(real),
  })
  return { real: entriesOf(real), ours: entriesOf(made) }
}

async function scaleBoth(at: string, manager: string, replicas: number, request: Request): Promise<Sides | null> {
  const live = (await request('GET', at)).body as KubeObject
  const { resourceVersion } = live.metadata
  const sent = { spec: { replicas }, metadata: { resourceVersion } }
  const path = `${at}/scale?fieldManager=${manager}`
  const answer = await request('PATCH', path, sent, 'application/merge-patch+json')
  const now = (await request('GET', at)).body as KubeObject
  const generation = Number(now.metadata.generation) - Number(live.metadata.generation)
  const entries = entriesOf(now).filter(({ subresource }) => subresource !== 'status')
  if (answer.status === 409 || generation > 1) return null
  const replicasAt = (): readonly string[] => ['spec', 'replicas']
  const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: live.metadata.name } }
  const owners = entriesOfScale(entriesOf(live), replicasAt)
  const before = { ...scale, metadata: { ...scale.metadata, managedFields: owners }, spec: specOf(live) }
  const made = trackUpdate({
    before,
    after: { ...before, spec: specOf({ spec: { replicas } }) },
    manager,
    subresource: 'scale',
    apiVersion: 'autoscaling/v1',
    now: '2026-01-01T00:00:00Z',
    typeOf: () => definition('io.k8s.api.autoscaling.v1.Scale'),
  })
  const ours = entriesOfScaled(entriesOf(live), entriesOf(made), 'apps/v1', replicasAt)
  return { real: entries, ours: ours.filter(({ subresource }) => subresource !== 'status') }
}

/** The spec of a Scale: no replicas are not written. */
function specOf(object: JsonObject): JsonObject {
  const replicas = isObject(object.spec) ? (object.spec.replicas ?? 0) : 0
  return replicas === 0 ? {} : { replicas }
}
