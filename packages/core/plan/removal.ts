// Decides the fate of every object that nobody wants any more: deleted, kept, or already on its way out.
import { syncWave } from '../app/wave.ts'
import type { Drift } from '../compare/drift.ts'
import { kindRank } from '../desired/order.ts'
import { definedKind, destroys } from '../impact/needs.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import type { KubeObject } from '../object/object.ts'
import { isTerminating } from '../object/object.ts'
import type { ObjectRef } from '../object/ref.ts'
import { compareRefs, kindKey, refKey } from '../object/ref.ts'
import { BUCKETS, bucketOf } from './groups.ts'
import type { PlanInput } from './input.ts'
import { keepReason, otherOwner } from './keep.ts'
import type { RecordChange } from './plan.ts'
import { replacementOf } from './replacement.ts'
import { isSelected } from './select.ts'

type Surplus = Extract<Drift, { kind: 'surplus' }>

/** An object that the plan deletes. */
export interface Doomed {
  readonly drift: Surplus
  /** Wave in which it was applied; deletion takes waves backwards. */
  readonly wave: number
}

/** An object that stays although it is not wanted. */
export interface Kept {
  readonly ref: ObjectRef
  readonly live: KubeObject
  readonly why: string
  /** True where its removal was asked for and something keeps it; false where nobody asked. */
  readonly asked: boolean
}

/** The fate of everything that is not wanted. */
export interface Removals {
  /** In the order of deletion. */
  readonly doomed: readonly Doomed[]
  /** Deleted and created again, because they cannot be changed in place. */
  readonly replaced: readonly Doomed[]
  readonly kept: readonly Kept[]
  /** A DELETE was accepted earlier; finalizers are still running. */
  readonly terminating: readonly Surplus[]
  readonly releases: readonly RecordChange[]
}

/** Decides for every object of the comparison that is not wanted. */
export function decideRemovals(input: PlanInput, drifts: readonly Drift[]): Removals {
  const doomed: Surplus[] = []
  const kept: Kept[] = []
  const terminating: Surplus[] = []
  const replaced = drifts.flatMap((drift) => {
    const replacement = replacementOf(drift, input)
    return replacement.kind === 'replace' ? [{ drift: replacement.drift, wave: replacement.wave }] : []
  })
  if (input.intent.kind === 'restore') return { doomed: [], replaced, kept, terminating, releases: [] }
  for (const drift of drifts) {
    if (drift.kind !== 'surplus' || !isSelected(input.intent, drift.ref)) continue
    const stays = destroys(input.intent) ? keepReason(drift.live, drift.recorded, input) : notAsked(input)
    if (stays !== null) {
      kept.push({ ref: drift.ref, live: drift.live, why: stays, asked: destroys(input.intent) })
    } else if (isTerminating(drift.live)) terminating.push(drift)
    else doomed.push(drift)
  }
  return { doomed: inOrder(doomed), replaced, kept, terminating, releases: releases(input, drifts, kept) }
}

function notAsked(input: PlanInput): string {
  return input.intent.kind === 'delete' ? 'the application is forgotten and its objects are kept' : 'pruning is off'
}

/**
 * Entries that leave although their object stays. Deleting an application lets go of whatever it does not delete; a
 * sync only lets go of objects that turn out not to be ours.
 */
function releases(input: PlanInput, drifts: readonly Drift[], kept: readonly Kept[]): readonly RecordChange[] {
  const reasons = new Map(kept.map((each) => [refKey(each.ref), each]))
  return drifts.flatMap((drift) => {
    if (drift.recorded === null || !isSelected(input.intent, drift.ref)) return []
    const why = releaseReason(drift, reasons.get(refKey(drift.ref)), input)
    return why === null ? [] : [{ kind: 'release', ref: drift.ref, why } as const]
  })
}

function releaseReason(drift: Drift, kept: Kept | undefined, input: PlanInput): string | null {
  const { intent } = input
  switch (drift.kind) {
    case 'surplus':
      if (kept === undefined) return null
      return intent.kind === 'delete' || (kept.asked && otherOwner(kept.live, input) !== null) ? kept.why : null
    case 'foreign':
      // A sync keeps the record: without it, a mark that the new object carries would be taken for proof.
      return intent.kind === 'delete' ? 'the object there is not the one that was recorded' : null
    case 'unseen':
      return intent.kind === 'delete' && intent.cascade === 'none' ? `forgotten without a look: ${drift.reason}` : null
    default:
      return null
  }
}

/** The recorded order backwards. What others depend on (Namespaces, definitions) never goes before its dependants. */
function inOrder(doomed: readonly Surplus[]): readonly Doomed[] {
  const first = firstWaves(doomed)
  return doomed
    .map((drift) => ({ drift, wave: Math.min(waveOf(drift), first.get(provides(drift)) ?? Number.POSITIVE_INFINITY) }))
    .sort(
      (a, b) =>
        b.wave - a.wave ||
        BUCKETS.indexOf(bucketOf(b.drift.ref)) - BUCKETS.indexOf(bucketOf(a.drift.ref)) ||
        kindRank(b.drift.ref.kind) - kindRank(a.drift.ref.kind) ||
        orderOf(b.drift.recorded) - orderOf(a.drift.recorded) ||
        compareRefs(b.drift.ref, a.drift.ref),
    )
}

/** The earliest wave of the deleted objects inside each Namespace and of each defined kind. */
function firstWaves(doomed: readonly Surplus[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>()
  for (const drift of doomed) {
    const wave = waveOf(drift)
    const needs = [`kind ${kindKey(drift.ref)}`]
    if (drift.ref.namespace !== null) needs.push(`namespace ${drift.ref.namespace}`)
    for (const need of needs) first.set(need, Math.min(wave, first.get(need) ?? wave))
  }
  return first
}

function provides({ ref, live }: Surplus): string {
  if (ref.kind === 'Namespace' && ref.group === '') return `namespace ${ref.name}`
  const kind = definedKind(live)
  return kind === null ? '' : `kind ${kindKey(kind)}`
}

/** The wave that was recorded when it was applied, else the one its live annotation names. */
function waveOf({ live, recorded }: Surplus): number {
  if (recorded !== null) return recorded.wave
  const read = syncWave(live, '')
  return read.kind === 'wave' ? read.wave : 0
}

function orderOf(recorded: InventoryEntry | null): number {
  return recorded?.order ?? 0
}
