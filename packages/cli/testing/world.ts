// The world of the engine in memory: Applications, objects as Git wants them and as the cluster has them.

import type { Revision } from '@mainstay/core/desired/desired.ts'
import type { HealthStatus } from '@mainstay/core/health/health.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refOf } from '@mainstay/core/object/object.ts'
import type { RefKey } from '@mainstay/core/object/ref.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { ClusterIdentity, Step } from '@mainstay/core/plan/plan.ts'
import type { ObjectDiff, ResourceState } from '@mainstay/engine/reconcile/session.ts'
import type { Repositories } from '@mainstay/engine/repository/repositories.ts'

/** Both sides of one object and its health. */
export interface WorldObject {
  readonly live: KubeObject | null
  readonly desired: KubeObject | null
  readonly health: HealthStatus | null
}

/** Everything a test sets up. */
export interface World {
  /** By file name, and by `namespace/name`. */
  readonly applications: Map<string, JsonObject>
  readonly objects: Map<RefKey, WorldObject>
  readonly cluster: ClusterIdentity
  readonly revision: Revision
  /** Step id → the server's reason to refuse it. */
  readonly failing: Map<string, string>
  /** Waits before a step does its work, so that a test may look, or press Ctrl-C, in between. */
  beforeStep: (step: Step) => Promise<void>
  now: () => number
  repositories?: Repositories
}

/** The instant at which tests take place. */
export const NOW = Date.parse('2026-11-23T10:42:00Z')

/** The Application "shop" of all tests. */
export const SHOP: JsonObject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: {
    project: 'default',
    source: { repoURL: 'https://git.example.com/shop.git', path: 'deploy', targetRevision: 'main' },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
  },
}

/** A ConfigMap of the shop; more fields by spreading. */
export function configMap(name: string, data: JsonObject): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data }
}

/** A world with one object to change, one to create and one that is the same. */
export function shopWorld(): World {
  const world: World = {
    applications: new Map([
      ['app.yaml', SHOP],
      ['argocd/shop', SHOP],
    ]),
    objects: new Map(),
    cluster: { id: 'c1', name: 'prod-tokyo', server: 'https://k8s.example.com' },
    revision: {
      commit: '4f1c2ab0000000000000000000000000000000aa',
      subject: 'raise the log level',
      author: 'Ana',
      committedAt: '2026-11-23T10:30:00Z',
    },
    failing: new Map(),
    beforeStep: async () => {},
    now: () => NOW,
  }
  put(world, configMap('web', { LEVEL: 'debug' }), configMap('web', { LEVEL: 'info' }))
  put(world, configMap('same', { A: '1' }), configMap('same', { A: '1' }))
  put(world, null, configMap('new', { B: '2' }))
  return world
}

/** Sets both sides of an object. */
export function put(world: World, live: KubeObject | null, desired: KubeObject | null): void {
  const object = live ?? desired
  if (object === null) throw new TypeError('an object needs at least one side')
  const health = object.kind === 'Deployment' ? (live === null ? 'Missing' : 'Healthy') : null
  world.objects.set(refKey(refOf(object)), { live, desired, health })
}

/** The kind of difference of one object. */
export function kindOf(object: WorldObject): 'missing' | 'surplus' | 'same' | 'changed' {
  if (object.live === null) return 'missing'
  if (object.desired === null) return 'surplus'
  return JSON.stringify(object.live) === JSON.stringify(object.desired) ? 'same' : 'changed'
}

/** The state of each object. */
export function resourcesOf(world: World): readonly ResourceState[] {
  return sides(world).map((object) => ({
    ref: refOf(object.live ?? object.desired ?? neverBoth()),
    sync: kindOf(object) === 'same' ? 'Synced' : 'OutOfSync',
    health: object.health === null ? null : { status: object.health, message: '' },
    wave: 0,
    requiresPruning: kindOf(object) === 'surplus',
    uid: object.live === null ? null : 'u',
  }))
}

/** Both sides of each object. */
export function diffsOf(world: World): readonly ObjectDiff[] {
  return sides(world).map((object) => ({
    ref: refOf(object.live ?? object.desired ?? neverBoth()),
    kind: kindOf(object),
    live: object.live,
    desired: object.desired,
    changes: [],
  }))
}

function sides(world: World): readonly WorldObject[] {
  return [...world.objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object)
}

function neverBoth(): never {
  throw new TypeError('an object needs at least one side')
}
