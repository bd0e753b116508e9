// The steps that delete: waves backwards, each group gone before the next one goes, every step with proof and impact.
import { shortRevision } from '../desired/revision.ts'
import type { Impact } from '../impact/impact.ts'
import type { ImpactWorld } from '../impact/of.ts'
import { impactOf } from '../impact/of.ts'
import { uidOf } from '../object/object.ts'
import type { ObjectRef } from '../object/ref.ts'
import { refKey } from '../object/ref.ts'
import type { Barrier } from './chain.ts'
import { Chain } from './chain.ts'
import { bucketOf, goneId, groupId, retainedId } from './groups.ts'
import type { PlanInput } from './input.ts'
import type { DeleteStep, Step } from './plan.ts'
import type { Doomed } from './removal.ts'
import { addRetains } from './retain.ts'

/** The steps of the prune phase. `before`: those of the sync phase, so that nothing goes before all is well. */
export function pruneSteps(
  input: PlanInput,
  doomed: readonly Doomed[],
  world: ImpactWorld,
  before: readonly Step[],
): readonly Step[] {
  const chain = new Chain(before.at(-1)?.group ?? null)
  const groups = inGroups(doomed)
  for (const [index, [group, members]] of groups.entries()) {
    const last = index === groups.length - 1
    const steps = members.map((each) => ({ each, impact: impactOf(each.drift, world) }))
    const impacts = steps.flatMap(({ impact }) => impact)
    const place = { group: retainedId(group), phase: 'prune', wave: members[0]?.wave ?? 0 } as const
    addRetains(chain, impacts, world, place, before)
    chain.add(
      steps.map(
        ({ each, impact }) =>
          (barrier: Barrier) =>
            deleteStep(each, impact, input, barrier, 'prune'),
      ),
      group,
    )
    addGone(chain, input, members, group, last)
  }
  return chain.steps
}

/** Groups in the order of deletion; the doomed come sorted. */
function inGroups(doomed: readonly Doomed[]): readonly (readonly [string, readonly Doomed[]])[] {
  const groups = new Map<string, Doomed[]>()
  for (const each of doomed) {
    const group = groupId('prune', each.wave, bucketOf(each.drift.ref))
    const members = groups.get(group)
    if (members === undefined) groups.set(group, [each])
    else members.push(each)
  }
  return [...groups]
}

/** A DELETE that was accepted is not yet a deletion: finalizers and Namespaces take their time. */
function addGone(chain: Chain, input: PlanInput, members: readonly Doomed[], group: string, last: boolean): void {
  const why = last ? 'only what is seen gone is deleted' : 'what they depended on goes only after them'
  addGoneWait(chain, input, members, { group, phase: 'prune', why })
}

/** Waits until the objects of a group are gone. */
export function addGoneWait(
  chain: Chain,
  input: PlanInput,
  members: readonly Doomed[],
  { group, phase, why }: { readonly group: string; readonly phase: DeleteStep['phase']; readonly why: string },
): void {
  const gone = goneId(group)
  chain.add(
    [
      (barrier) => ({
        kind: 'wait',
        id: `wait ${gone}`,
        ...barrier,
        phase,
        wave: members[0]?.wave ?? 0,
        why,
        refs: members.map((each) => each.drift.ref),
        until: 'gone',
        timeoutS: input.settings.waitTimeoutS,
      }),
    ],
    gone,
  )
}

/** One deletion; in the sync phase it is the first half of a replacement. */
export function deleteStep(
  { drift, wave }: Doomed,
  impact: readonly Impact[],
  input: PlanInput,
  barrier: Barrier,
  phase: DeleteStep['phase'],
): DeleteStep {
  return {
    kind: 'delete',
    id: `delete ${refKey(drift.ref)}`,
    ...barrier,
    phase,
    wave,
    why: phase === 'sync' ? 'it cannot be changed in place' : whyDelete(input, drift.ref),
    ref: drift.ref,
    // The version it was read in is served now; the recorded one may be no more.
    apiVersion: drift.live.apiVersion,
    uid: uidOf(drift.live) ?? drift.proof.uid,
    proof: drift.proof,
    cascade: cascadeOf(input),
    impact,
  }
}

/** What the garbage collector does with dependants: as the deletion says, else as the application's option says. */
export function cascadeOf({ intent, application }: PlanInput): DeleteStep['cascade'] {
  if (intent.kind === 'delete' && intent.cascade !== 'none') return intent.cascade
  return application.syncPolicy.options.propagation
}

function whyDelete({ intent, desired, causes }: PlanInput, ref: ObjectRef): string {
  if (intent.kind === 'delete') return 'the application is deleted'
  const cause = causes.get(refKey(ref))
  if (cause !== undefined) {
    const how = cause.movedTo === null ? 'removed from Git' : `moved to ${cause.movedTo}`
    if (cause.commit !== null) return `${how} in ${shortRevision(cause.commit)}`
    if (cause.movedTo !== null) return how
  }
  const commits = desired.revisions.map((revision) => shortRevision(revision.commit))
  return commits.length === 0 ? 'no longer wanted' : `no longer in Git at ${commits.join(' + ')}`
}
