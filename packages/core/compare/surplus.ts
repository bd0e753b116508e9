// Objects that nobody wants any more: ours with proof, or somebody else's and left alone.

import type { Mark } from '../app/tracking.ts'
import { claims, readMark } from '../app/tracking.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import { recordedUid } from '../inventory/inventory.ts'
import { findLive } from '../live/live.ts'
import { isList, isObject } from '../object/json.ts'
import { findKind } from '../object/kinds.ts'
import { canonicalKey } from '../object/moves.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf, refOf, stringAt, uidOf } from '../object/object.ts'
import type { RefKey } from '../object/ref.ts'
import { editsOfOthers } from './authors.ts'
import type { Context } from './context.ts'
import type { Drift, NotOurs, Proof } from './drift.ts'

/** What was found beside the desired objects. */
export interface Surplus {
  readonly drifts: readonly Drift[]
  readonly gone: readonly InventoryEntry[]
}

/** What the desired objects already account for. */
export interface Wanted {
  /** Refs of the desired objects, with moved groups folded into one. */
  readonly keys: ReadonlySet<RefKey>
  /** Uids of the live objects that are wanted: one uid has one fate. */
  readonly uids: ReadonlySet<string>
}

/** Judges everything recorded or marked that is not wanted. */
export function findSurplus(context: Context, wanted: Wanted): Surplus {
  const drifts: Drift[] = []
  const gone: InventoryEntry[] = []
  const recorded = new Set<RefKey>()
  for (const entry of context.inventory.entries) {
    recorded.add(canonicalKey(entry.ref))
    if (wanted.keys.has(canonicalKey(entry.ref))) continue
    const judged = judgeEntry(context, entry, wanted)
    if (judged === 'gone') gone.push(entry)
    else if (judged !== null) drifts.push(judged)
  }
  for (const object of context.live.objects.values()) {
    if (!mayBeMarked(object, context)) continue
    const key = canonicalKey(refOf(object))
    if (wanted.keys.has(key) || recorded.has(key) || wanted.uids.has(uidOf(object) ?? '')) continue
    const judged = judgeUnrecorded(context, object)
    if (judged !== null) drifts.push(judged)
  }
  return { drifts, gone }
}

/** One recorded object that is not wanted. Null: its uid is wanted under another name, so it is a transfer. */
function judgeEntry(context: Context, entry: InventoryEntry, wanted: Wanted): Drift | 'gone' | null {
  const { ref } = entry
  const found = findLive(context.live, ref)
  if (found.kind === 'present') {
    if (wanted.uids.has(uidOf(found.object) ?? '')) return null
    return judgeRecorded(context, entry, found.object)
  }
  // A uid that lives on under another name was not lost.
  if (wanted.uids.has(recordedUid(entry) ?? '')) return null
  if (found.kind === 'absent') return 'gone'
  const kind = findKind(context.kinds, ref)
  const reason = kind.kind === 'unseen' ? kind.reason : found.reason
  return { kind: 'unseen', ref, desired: null, recorded: entry, reason }
}

function judgeRecorded(context: Context, entry: InventoryEntry, live: KubeObject): Drift {
  const { ref, commit } = entry
  const recorded = recordedUid(entry)
  const uid = uidOf(live) ?? ''
  const mark = readMark(live, context.tracking)
  if (recorded === null) {
    if (isProof(mark, context)) return surplus(live, entry, { kind: 'tracking', uid, id: mark.text })
    return { kind: 'foreign', ref, live, recorded: entry, why: strangerBy(mark, context) }
  }
  if (recorded !== uid) {
    return {
      kind: 'foreign',
      ref,
      live,
      recorded: entry,
      why: { kind: 'recreated', recordedUid: recorded, liveUid: uid },
    }
  }
  const other = takenOver(mark, live, context)
  if (other !== null) return { kind: 'foreign', ref, live, recorded: entry, why: { kind: 'foreign-mark', mark: other } }
  return surplus(live, entry, { kind: 'inventory', uid, commit, origin: entry.origin.file })
}

/** A live object that carries a mark and was never recorded. Null: nothing worth saying about it. */
function judgeUnrecorded(context: Context, live: KubeObject): Drift | null {
  const mark = readMark(live, context.tracking)
  if (!claims(mark, context.app) || mark.kind !== 'app') return null
  const ref = refOf(live)
  const owner = ownerOf(live)
  const foreign = (why: NotOurs): Drift => ({ kind: 'foreign', ref, live, recorded: null, why })
  if (mark.self === 'yes') {
    if (owner !== null) return foreign({ kind: 'owned-by-object', owner })
    return surplus(live, null, { kind: 'tracking', uid: uidOf(live) ?? '', id: mark.text })
  }
  // Controllers copy labels and annotations to what they make: that is their object, and there are many of them.
  if (owner !== null) return null
  // A label names the application alone, and a release of the same name elsewhere has it too.
  if (mark.by === 'label') return foreign({ kind: 'foreign-mark', mark: `${context.tracking.labelKey}=${mark.text}` })
  return foreign({ kind: 'copied-mark', mark: mark.text })
}

function surplus(live: KubeObject, recorded: InventoryEntry | null, proof: Proof): Drift {
  return { kind: 'surplus', ref: recorded?.ref ?? refOf(live), live, recorded, proof, handEdits: editsOfOthers(live) }
}

type AppMark = Extract<Mark, { kind: 'app' }>

/** Only an annotation that names this application and describes the object that carries it proves anything. */
function isProof(mark: Mark, context: Context): mark is AppMark {
  return mark.kind === 'app' && mark.by === 'annotation' && mark.self === 'yes' && claims(mark, context.app)
}

function strangerBy(mark: Mark, context: Context): NotOurs {
  if (mark.kind === 'none') return { kind: 'unmarked' }
  if (mark.kind === 'app' && mark.self === 'other' && claims(mark, context.app)) {
    return { kind: 'copied-mark', mark: mark.text }
  }
  return { kind: 'foreign-mark', mark: mark.text }
}

/**
 * The mark of the application that has the object now; null while nobody else claims it. A mark without installation id
 * is from before ours had one.
 */
function takenOver(mark: Mark, live: KubeObject, context: Context): string | null {
  if (mark.kind === 'other-installation') {
    if (mark.installationId !== null) return mark.text
    return takenOver(readMark(live, { ...context.tracking, installationId: null }), live, context)
  }
  if (mark.kind !== 'app' || mark.self === 'other' || claims(mark, context.app)) return null
  return mark.text
}

/** Hooks are not part of the compared state, whether they are still there or not. */
const HOOKS = ['argocd.argoproj.io/hook', 'helm.sh/hook'] as const

/** A cheap look before anything is parsed: most objects of a namespace carry no mark at all. */
function mayBeMarked(object: KubeObject, context: Context): boolean {
  const { annotations, labels } = object.metadata
  if (context.tracking.method === 'label' ? !isObject(labels) : !isObject(annotations)) return false
  return HOOKS.every((name) => {
    const hook = annotationOf(object, name)
    return hook === undefined || (name === 'helm.sh/hook' && hook === 'crd-install')
  })
}

/** `ReplicaSet/web-7d`: the first owner of an object, or null. */
function ownerOf(object: KubeObject): string | null {
  const owners = object.metadata.ownerReferences
  if (!isList(owners) || owners.length === 0) return null
  const [first] = owners
  return `${stringAt(first, 'kind') ?? 'unknown'}/${stringAt(first, 'name') ?? 'unknown'}`
}
