// Kinds that moved to another API group: one object in storage, one uid, reachable under two names.
import type { GroupKind, ObjectRef, RefKey } from './ref.ts'
import { refKey } from './ref.ts'

/**
 * Old group and kind → group it lives in today. Only kinds whose objects kept their identity: the API server served
 * both groups from the same storage.
 * Source: https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
const MOVED: ReadonlyMap<string, string> = new Map([
  ['extensions/Deployment', 'apps'],
  ['extensions/DaemonSet', 'apps'],
  ['extensions/ReplicaSet', 'apps'],
  ['extensions/Ingress', 'networking.k8s.io'],
  ['extensions/NetworkPolicy', 'networking.k8s.io'],
  ['extensions/PodSecurityPolicy', 'policy'],
  ['extensions/HorizontalPodAutoscaler', 'autoscaling'],
  ['extensions/Job', 'batch'],
  // Both are still served; the core group is the older name and the one every tool knows.
  ['events.k8s.io/Event', ''],
])

/** The group under which a kind lives today; its own group for every kind that never moved. */
export function canonicalGroup(group: string, kind: string): string {
  return MOVED.get(`${group}/${kind}`) ?? group
}

/** True when both name one kind, under its old or its new group. */
export function sameKind(a: GroupKind, b: GroupKind): boolean {
  return a.kind === b.kind && canonicalGroup(a.group, a.kind) === canonicalGroup(b.group, b.kind)
}

/** The ref under today's group: two refs of one object become one. */
export function canonicalRef(ref: ObjectRef): ObjectRef {
  const group = canonicalGroup(ref.group, ref.kind)
  return group === ref.group ? ref : { ...ref, group }
}

/** Key of a table by object in which a kind's old and new group are one. */
export function canonicalKey(ref: ObjectRef): RefKey {
  return refKey(canonicalRef(ref))
}
