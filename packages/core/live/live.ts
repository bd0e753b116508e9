// What the cluster holds, and what could not be seen: a failed list is a gap, never an empty list.
import type { KubeObject } from '../object/object.ts'
import type { GroupKind, ObjectRef, RefKey } from '../object/ref.ts'
import { refKey } from '../object/ref.ts'

/** A part of the cluster that could not be read. Nothing may be concluded about objects in it. */
export interface Gap {
  /** Null: every kind of the group. */
  readonly kind: string | null
  readonly group: string
  /** Null: every namespace and cluster scope. */
  readonly namespace: string | null
  /** The server's own words, free of secrets. */
  readonly reason: string
}

/** A part of the cluster that was read completely: only there is "not found" the same as "does not exist". */
export interface Seen extends GroupKind {
  /** Null: every namespace and cluster scope. */
  readonly namespace: string | null
}

/** The observed cluster. An object in neither `objects` nor a `seen` scope is unseen. */
export interface LiveSet {
  readonly objects: ReadonlyMap<RefKey, KubeObject>
  readonly seen: readonly Seen[]
  /** Single objects that were asked for by name and answered with NotFound. */
  readonly absent: ReadonlySet<RefKey>
  readonly gaps: readonly Gap[]
}

/** The answer to "is this object there?". */
export type LiveAnswer =
  | { readonly kind: 'present'; readonly object: KubeObject }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unseen'; readonly reason: string }

/** Looks an object up. Absence needs a complete list (or a NotFound) that covers it, and no gap. */
export function findLive(live: LiveSet, ref: ObjectRef): LiveAnswer {
  const object = live.objects.get(refKey(ref))
  if (object !== undefined) return { kind: 'present', object }
  const gap = live.gaps.find((each) => covers(each, ref))
  if (gap !== undefined) return { kind: 'unseen', reason: gap.reason }
  if (live.absent.has(refKey(ref)) || live.seen.some((each) => covers(each, ref))) return { kind: 'absent' }
  return { kind: 'unseen', reason: 'this part of the cluster was not read' }
}

function covers(area: Gap | Seen, ref: ObjectRef): boolean {
  return (
    area.group === ref.group &&
    (area.kind === null || area.kind === ref.kind) &&
    (area.namespace === null || area.namespace === ref.namespace)
  )
}
