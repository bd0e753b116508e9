// The verdict on one object that exists: the local answer, corrected by what the API server's dry run said.
import type { DesiredObject } from '../desired/desired.ts'
import type { RawChange } from '../diff/draft.ts'
import { coverage } from '../diff/fields.ts'
import { printPath } from '../diff/path.ts'
import { diffObjects } from '../diff/structural.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import type { Json } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { refKey } from '../object/ref.ts'
import { isSecret } from '../object/secret.ts'
import { describeChanges } from './changes.ts'
import type { Context } from './context.ts'
import type { Drift, DryRun, Refusal } from './drift.ts'
import { leftToManager, withoutIgnored } from './ignore.ts'
import { valueAtPath } from './leftovers.ts'
import type { LocalAnswer } from './local.ts'
import { compareLocally, deletionChange } from './local.ts'
import { fieldsOf } from './ownership.ts'

/** A drift, and whether the API server should still be asked about it. */
export interface Judged {
  readonly drift: Drift
  readonly uncertain: boolean
}

/** Judges a desired object that is in the cluster. */
export function judgePresent(
  context: Context,
  desired: DesiredObject,
  live: KubeObject,
  recorded: InventoryEntry | null,
): Judged {
  const { ref } = desired
  const local = compareLocally(context, desired, live, recorded)
  const ending = deletionChange(live)
  const nothing = local.changes.length === 0 && local.leftovers.length === 0 && ending.length === 0
  if (nothing && local.certain) return { drift: { kind: 'same', ref, desired, live, recorded }, uncertain: false }

  const answer = context.dryRuns.get(refKey(ref)) ?? null
  const raw = [...changesAfter(local, answer), ...ending]
  const refusal = refusalOf(answer)
  const uncertain = answer === null || answer.kind === 'unavailable'
  if (raw.length === 0 && refusal === null) {
    return { drift: { kind: 'same', ref, desired, live, recorded }, uncertain }
  }
  const changes = describeChanges(raw, local.evidence, isSecret(ref) ? context.mask : null)
  const warnings = warningsOf(answer)
  return { drift: { kind: 'changed', ref, desired, live, recorded, changes, refusal, warnings }, uncertain }
}

/** The refusal in an answer, or null. */
export function refusalOf(answer: DryRun | null): Refusal | null {
  return answer?.kind === 'refused' ? answer.refusal : null
}

/** The warnings that came with an answer. */
export function warningsOf(answer: DryRun | null): readonly string[] {
  return answer?.kind === 'accepted' ? answer.warnings : []
}

/** What an apply would change, by the best knowledge there is. */
function changesAfter(local: LocalAnswer, answer: DryRun | null): readonly RawChange[] {
  const localChanges = [...local.changes, ...local.leftovers]
  if (answer === null || answer.kind !== 'accepted') return localChanges
  // An answer in another version names other fields: it proves that the manifest is good, and nothing about fields.
  if (answer.object.apiVersion !== local.live.apiVersion) return localChanges
  const applied = withoutIgnored(answer.object, local.rules)
  const { ownership } = local.evidence
  const diff = diffObjects({ schema: local.schema, wanted: applied, live: local.live, scope: 'whole' })
  const changes = diff.changes.filter((change) => {
    return isWanted(change, local) && !leftToManager(local.rules, ownership, change.path)
  })
  const shown = new Set(changes.map((change) => printPath(change.path)))
  const leftovers = local.leftovers.filter((change) => {
    return !shown.has(printPath(change.path)) && valueAtPath(applied, change.path) !== undefined
  })
  return [...changes, ...leftovers]
}

/**
 * True for a change of something that the manifest says or that we had applied before. What the dry run changes beside
 * that (a time stamp of an admission webhook, a counter) is nobody's intent and would never come to rest.
 */
function isWanted(change: RawChange, local: LocalAnswer): boolean {
  const path = change.atomicAt === null ? change.path : change.path.slice(0, change.atomicAt)
  if (reaches(local.manifest, path)) return true
  const { applied } = local.evidence.ownership
  return applied.some((entry) => coverage(fieldsOf(entry), change.path) !== 'nothing')
}

/** True when the manifest has a value at the path, or one above it that is no container (it replaces the whole). */
function reaches(manifest: Json, path: RawChange['path']): boolean {
  for (let length = path.length; length > 0; length--) {
    const value = valueAtPath(manifest, path.slice(0, length))
    if (value !== undefined) return length === path.length || !(isObject(value) || isList(value))
  }
  return false
}
