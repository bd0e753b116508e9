// The steps that make the cluster as wanted: applies in waves with barriers between what depends on each other.
import { claims, readMark } from '../app/tracking.ts'
import type { Drift } from '../compare/drift.ts'
import type { DesiredObject } from '../desired/desired.ts'
import { orderDesired } from '../desired/order.ts'
import { hasHealth } from '../health/kinds.ts'
import type { Impact } from '../impact/impact.ts'
import type { ImpactWorld } from '../impact/of.ts'
import { recordedUid } from '../inventory/inventory.ts'
import { isTerminating, stringAt, uidOf } from '../object/object.ts'
import type { RefKey } from '../object/ref.ts'
import { refKey } from '../object/ref.ts'
import type { Barrier } from './chain.ts'
import { Chain } from './chain.ts'
import type { Bucket } from './groups.ts'
import { BUCKETS, bucketOf, groupId, replacedId, retainedId } from './groups.ts'
import type { PlanInput } from './input.ts'
import type { ApplyStep, RebindStep, Step } from './plan.ts'
import { addGoneWait, deleteStep } from './prune.ts'
import { rebindSteps } from './rebind.ts'
import type { Doomed } from './removal.ts'
import { addRetains } from './retain.ts'
import { isSelected } from './select.ts'

/** A difference that an apply removes. */
export type Wanted = Extract<Drift, { kind: 'missing' | 'changed' }>

/** One object of a wave: to be applied, or as it should be. */
interface Placed {
  readonly desired: DesiredObject
  readonly drift: Extract<Drift, { kind: 'missing' | 'changed' | 'same' }>
  readonly wave: number
  readonly bucket: Bucket
}

/** What the sync phase needs to know of deletions. */
export interface Deletions {
  /** Deletions come after the sync phase. */
  readonly followed: boolean
  /** Objects that are deleted and created again, by ref, with what goes with them. */
  readonly replaced: ReadonlyMap<RefKey, { readonly doomed: Doomed; readonly impact: readonly Impact[] }>
  /** The cluster around the deletions. */
  readonly world: ImpactWorld
}

/** The steps of the sync phase in the order of application. */
export function applySteps(input: PlanInput, drifts: readonly Drift[], deletions: Deletions): readonly Step[] {
  const { followed } = deletions
  const placed = place(input, drifts)
  const applied = placed.filter((each) => isWanted(each.drift))
  if (applied.length === 0 && !followed) return []
  const lastWave = Math.max(...applied.map((each) => each.wave))
  const chain = new Chain(null)
  for (const wave of wavesOf(placed)) {
    addWave(
      chain,
      input,
      placed.filter((each) => each.wave === wave),
      wave,
      { ...deletions, followed: followed || wave < lastWave },
    )
  }
  return chain.steps
}

/** True for a difference that becomes an apply step: not for an object that is on its way out. */
export function isWanted(drift: Drift): drift is Wanted {
  return drift.kind === 'missing' || (drift.kind === 'changed' && !isTerminating(drift.live))
}

function place(input: PlanInput, drifts: readonly Drift[]): readonly Placed[] {
  const byKey = new Map<RefKey, Placed['drift']>()
  for (const drift of drifts) {
    if (drift.kind !== 'missing' && drift.kind !== 'changed' && drift.kind !== 'same') continue
    if (isSelected(input.intent, drift.ref)) byKey.set(refKey(drift.desired.ref), drift)
  }
  return orderDesired(input.desired.objects).flatMap((desired) => {
    const drift = byKey.get(refKey(desired.ref))
    return drift === undefined ? [] : [{ desired, drift, wave: desired.wave, bucket: bucketOf(desired.ref) }]
  })
}

function wavesOf(placed: readonly Placed[]): readonly number[] {
  return [...new Set(placed.map((each) => each.wave))].sort((a, b) => a - b)
}

/** One wave: its buckets in order, the wait for new definitions, and the wait for health at its end. */
function addWave(
  chain: Chain,
  input: PlanInput,
  placed: readonly Placed[],
  wave: number,
  { followed, replaced, world }: Deletions,
): void {
  const rebinds = rebindSteps(
    input,
    placed.flatMap((each) => (each.drift.kind === 'missing' ? [each.drift] : [])),
  )
  for (const bucket of BUCKETS) {
    const steps = placed.filter((each) => each.bucket === bucket && isWanted(each.drift))
    if (bucket === 'config')
      chain.add(
        rebinds.map((rebind) => (base) => rebindStep(rebind, wave, base)),
        groupId('sync', wave, 'rebind'),
      )
    const going = steps.flatMap((each) => replaced.get(refKey(each.desired.ref)) ?? [])
    const group = groupId('sync', wave, bucket)
    const impacts = going.flatMap(({ impact }) => impact)
    addRetains(chain, impacts, world, { group: retainedId(replacedId(group)), phase: 'sync', wave })
    addReplaced(chain, input, going, group)
    chain.add(
      steps.map((each) => (base) => applyStep(each, input, base, replaced.has(refKey(each.desired.ref)))),
      group,
    )
    if (bucket === 'definitions' && steps.length > 0) addWait(chain, input, steps, wave, 'established')
  }
  const waiting = placed.filter((each) => each.bucket !== 'definitions' && waitsFor(each, followed))
  addWait(chain, input, waiting, wave, 'wait')
}

/** The first half of replacing: what cannot be changed is deleted and seen gone before its group creates it again. */
function addReplaced(
  chain: Chain,
  input: PlanInput,
  going: readonly { readonly doomed: Doomed; readonly impact: readonly Impact[] }[],
  applied: string,
): void {
  if (going.length === 0) return
  const group = replacedId(applied)
  chain.add(
    going.map(
      ({ doomed, impact }) =>
        (barrier) =>
          deleteStep(doomed, impact, input, barrier, 'sync'),
    ),
    group,
  )
  const members = going.map((each) => each.doomed)
  addGoneWait(chain, input, members, { group, phase: 'sync', why: 'it can be created again only when it is gone' })
}

function addWait(
  chain: Chain,
  input: PlanInput,
  placed: readonly Placed[],
  wave: number,
  part: 'established' | 'wait',
): void {
  if (placed.length === 0) return
  const group = groupId('sync', wave, part)
  const why = part === 'established' ? 'their objects can be applied only then' : 'the next step builds on them'
  chain.add(
    [
      (base) => ({
        kind: 'wait',
        id: `wait ${group}`,
        ...base,
        phase: 'sync',
        wave,
        why,
        refs: placed.map((each) => each.desired.ref),
        until: 'healthy',
        timeoutS: input.settings.waitTimeoutS,
      }),
    ],
    group,
  )
}

/**
 * Whether a wave waits for an object: whatever it applied, and what was right already only where something follows.
 * A claim is not waited for: with a class that binds on first use it becomes healthy only when a later pod uses it.
 */
function waitsFor({ desired, drift }: Placed, followed: boolean): boolean {
  if (
    desired.options.ignoreHealth ||
    (drift.kind === 'same' && !followed) ||
    !(isWanted(drift) || drift.kind === 'same')
  ) {
    return false
  }
  const { group, kind } = desired.ref
  if (kind === 'PersistentVolumeClaim' || kind === 'PodDisruptionBudget' || kind === 'CronJob') return false
  if (kind === 'Service' && group === '') return stringAt(desired.manifest, 'spec', 'type') === 'LoadBalancer'
  return hasHealth(group, kind)
}

function applyStep({ desired, drift, wave }: Placed, input: PlanInput, base: Barrier, replaced: boolean): ApplyStep {
  const live = drift.kind === 'missing' || replaced ? null : drift.live
  return {
    kind: 'apply',
    id: `apply ${refKey(desired.ref)}`,
    ...base,
    phase: 'sync',
    wave,
    why: replaced ? 'created again, because it cannot be changed in place' : whyApply(drift, input),
    ref: desired.ref,
    apiVersion: desired.manifest.apiVersion,
    origin: desired.origin,
    digest: desired.digest,
    verb: live === null ? 'create' : isOurs(drift, input) ? 'update' : 'adopt',
    uid: live === null ? null : uidOf(live),
    changes: drift.kind === 'changed' ? drift.changes : [],
  }
}

/** True for an object that we recorded, or that carries our mark. */
function isOurs(drift: Placed['drift'], input: PlanInput): boolean {
  if (drift.kind === 'missing') return false
  const uid = uidOf(drift.live)
  if (drift.recorded !== null && recordedUid(drift.recorded) === uid) return true
  return claims(readMark(drift.live, input.settings.tracking), input.application.key)
}

function whyApply(drift: Placed['drift'], input: PlanInput): string {
  if (input.intent.kind === 'restore') {
    return drift.kind === 'missing' ? 'brought back from the trash' : 'differs from its copy in the trash'
  }
  if (drift.kind !== 'missing') return 'differs from Git'
  const lost = drift.recorded !== null && drift.recorded.state.kind !== 'intended'
  return lost ? 'was applied before and is gone from the cluster' : 'not in the cluster yet'
}

function rebindStep(
  rebind: Omit<RebindStep, 'group' | 'after' | 'wave' | 'phase'>,
  wave: number,
  base: Barrier,
): RebindStep {
  return { ...rebind, ...base, phase: 'sync', wave }
}
