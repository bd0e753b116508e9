// The order in which desired objects are applied: waves, then kinds in the order they depend on each other, then names.
import { isCrd } from '../app/tracking.ts'
import { stringAt } from '../object/object.ts'
import { compareRefs, compareText, kindKey } from '../object/ref.ts'
import type { DesiredObject } from './desired.ts'

/** Kinds in the order they are applied within a wave; every other kind comes after them. Known by kind name alone. */
const KIND_ORDER = [
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleList',
  'ClusterRoleBinding',
  'ClusterRoleBindingList',
  'Role',
  'RoleList',
  'RoleBinding',
  'RoleBindingList',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
] as const

const RANKS: ReadonlyMap<string, number> = new Map(KIND_ORDER.map((kind, rank) => [kind, rank]))

/** Place of a kind within a wave, from 0; the same number for all kinds without a place of their own: they come last. */
export function kindRank(kind: string): number {
  return RANKS.get(kind) ?? KIND_ORDER.length
}

/**
 * Orders desired objects by wave, kind rank, namespace and name. A Namespace comes before its contents and a
 * CustomResourceDefinition before its objects: where they stand in a later wave, they take the wave of the first
 * object that needs them (the returned objects carry it). The result does not depend on the order of the input.
 */
export function orderDesired(objects: readonly DesiredObject[]): readonly DesiredObject[] {
  const first = firstDependants(objects)
  return objects
    .map((object) => place(object, first))
    .sort(
      (a, b) =>
        a.object.wave - b.object.wave ||
        a.rank - b.rank ||
        compareText(a.object.ref.namespace ?? '', b.object.ref.namespace ?? '') ||
        compareText(a.object.ref.name, b.object.ref.name) ||
        compareRefs(a.object.ref, b.object.ref),
    )
    .map((placed) => placed.object)
}

/** The earliest place of anything that needs a dependency. */
interface Place {
  readonly wave: number
  readonly rank: number
}

/** By what is needed (`namespace shop`, `kind example.com/Widget`): the earliest place of an object that needs it. */
function firstDependants(objects: readonly DesiredObject[]): ReadonlyMap<string, Place> {
  const first = new Map<string, Place>()
  for (const { ref, wave } of objects) {
    const here = { wave, rank: kindRank(ref.kind) }
    for (const need of [`kind ${kindKey(ref)}`, ...(ref.namespace === null ? [] : [`namespace ${ref.namespace}`])]) {
      const known = first.get(need)
      if (known === undefined || wave < known.wave || (wave === known.wave && here.rank < known.rank)) {
        first.set(need, here)
      }
    }
  }
  return first
}

/** An object with its final wave, and the rank that puts it before whatever needs it in that wave. */
function place(object: DesiredObject, first: ReadonlyMap<string, Place>): { object: DesiredObject; rank: number } {
  const rank = kindRank(object.ref.kind)
  const need = provides(object)
  const dependant = need === null ? undefined : first.get(need)
  if (dependant === undefined || dependant.wave > object.wave) return { object, rank }
  const wave = dependant.wave
  // Half a rank: right before the first dependant, after everything that was before it anyway.
  return { object: wave === object.wave ? object : { ...object, wave }, rank: Math.min(rank, dependant.rank - 0.5) }
}

/** What other objects of the set may need of this one; null for most objects. */
function provides(object: DesiredObject): string | null {
  if (object.ref.kind === 'Namespace' && object.ref.group === '') return `namespace ${object.ref.name}`
  if (!isCrd(object.manifest)) return null
  const group = stringAt(object.manifest, 'spec', 'group')
  const kind = stringAt(object.manifest, 'spec', 'names', 'kind')
  return group === undefined || kind === undefined ? null : `kind ${kindKey({ group, kind })}`
}
