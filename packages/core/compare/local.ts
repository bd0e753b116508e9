// The local answer for one object: which fields an apply would change, as far as schema and field ownership tell.
import type { DesiredObject } from '../desired/desired.ts'
import type { RawChange } from '../diff/draft.ts'
import { coverage } from '../diff/fields.ts'
import type { Path } from '../diff/path.ts'
import { removedFields } from '../diff/removal.ts'
import type { Schema } from '../diff/schema.ts'
import { diffObjects } from '../diff/structural.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import { recordedUid } from '../inventory/inventory.ts'
import type { JsonObject } from '../object/json.ts'
import { isObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf, isTerminating, uidOf } from '../object/object.ts'
import { foldStringData, LAST_APPLIED } from '../object/secret.ts'
import type { Evidence } from './authors.ts'
import type { Context } from './context.ts'
import type { CompiledRule } from './ignore.ts'
import { leftToManager, rulesFor, withoutIgnored } from './ignore.ts'
import { isTextOf, lastAppliedOf, leftoversOf } from './leftovers.ts'
import type { Ownership } from './ownership.ts'
import { fieldsOf, ownershipOf } from './ownership.ts'

/** One object made ready to be compared, and what was found without asking anybody. */
export interface LocalAnswer {
  /** The manifest and the live object without what the rules ignore. */
  readonly manifest: JsonObject
  readonly live: JsonObject
  readonly schema: Schema | null
  readonly rules: readonly CompiledRule[]
  readonly evidence: Evidence
  readonly changes: readonly RawChange[]
  /** Fields that client-side apply put there and that only their removal from Git explains: no dry run shows them. */
  readonly leftovers: readonly RawChange[]
  /** Nothing here depends on defaults, other spellings or types that are not known. */
  readonly certain: boolean
}

/** Compares a desired object with the live one. */
export function compareLocally(
  context: Context,
  desired: DesiredObject,
  live: KubeObject,
  recorded: InventoryEntry | null,
): LocalAnswer {
  const rules = context.rules.length === 0 ? [] : rulesFor(context.rules, desired.ref)
  const prepared = prepare(desired.manifest, live, rules)
  const sameVersion = desired.manifest.apiVersion === live.apiVersion
  const schema = sameVersion ? context.schemaOf(live.apiVersion, live.kind) : null
  const ownership = ownershipOf(live)
  const appliedThis = wasAppliedLast(desired, live, recorded)
  const diff = diffObjects({ schema, wanted: prepared.manifest, live: prepared.live, scope: 'fields' })
  const applied = appliedRemovals(prepared, schema, ownership)
  const last = lastAppliedOf(live, ownership)
  const evidence: Evidence = { ownership, appliedThis, lastApplied: last === null ? null : last.holds }
  const settled = appliedThis
    ? (path: Path): boolean => isOurs(ownership, path, desired.manifest)
    : (): boolean => false
  const changes = diff.changes.filter((change) => change.certain || !settled(change.path))
  const kept = (list: readonly RawChange[]): readonly RawChange[] =>
    list.filter((change) => !leftToManager(rules, ownership, change.path))
  return {
    ...prepared,
    schema,
    rules,
    evidence,
    changes: kept([...changes, ...applied.changes]),
    leftovers:
      last === null || isTextOf(last, desired.manifest)
        ? []
        : kept(leftoversOf({ last, ownership, schema, wanted: prepared.manifest, live: prepared.live })),
    certain: sameVersion && applied.readable && diff.doubts.every(settled),
  }
}

/** True for an object that is being deleted: whatever its fields say, it is not as Git wants it. */
export function deletionChange(live: KubeObject): readonly RawChange[] {
  if (!isTerminating(live)) return []
  const path = ['metadata', 'deletionTimestamp']
  const from = live.metadata.deletionTimestamp ?? null
  return [{ path, op: 'remove', from, to: null, certain: true, atomicAt: null }]
}

interface Prepared {
  readonly manifest: JsonObject
  readonly live: JsonObject
}

function prepare(manifest: KubeObject, live: KubeObject, rules: readonly CompiledRule[]): Prepared {
  const wanted = foldStringData(withoutLastApplied(manifest))
  if (rules.length === 0) return { manifest: wanted, live }
  return { manifest: withoutIgnored(wanted, rules), live: withoutIgnored(live, rules) }
}

/** A manifest that was exported from a cluster may carry the annotation; it is a copy, not a wish. */
function withoutLastApplied(manifest: KubeObject): KubeObject {
  if (annotationOf(manifest, LAST_APPLIED) === undefined || !isObject(manifest.metadata.annotations)) return manifest
  const { [LAST_APPLIED]: _, ...annotations } = manifest.metadata.annotations
  return { ...manifest, metadata: { ...manifest.metadata, annotations } }
}

/** This very manifest was applied to this very object, and nothing else by us since. */
function wasAppliedLast(desired: DesiredObject, live: KubeObject, recorded: InventoryEntry | null): boolean {
  if (recorded === null || recorded.state.kind !== 'applied' || recorded.digest !== desired.digest) return false
  return recordedUid(recorded) === uidOf(live)
}

/**
 * Ours since our last apply: another manager that changes a value takes the field from us, so a value that looks
 * different but is still ours is what the server made of this manifest.
 */
function isOurs(ownership: Ownership, path: Path, manifest: KubeObject): boolean {
  return ownership.applied.some((entry) => {
    return entry.apiVersion === manifest.apiVersion && coverage(fieldsOf(entry), path) === 'owns'
  })
}

function appliedRemovals(
  { manifest, live }: Prepared,
  schema: Schema | null,
  ownership: Ownership,
): { readonly changes: readonly RawChange[]; readonly readable: boolean } {
  const others = [...ownership.others, ...ownership.updated].map(fieldsOf)
  const readable = ownership.applied.filter((entry) => entry.apiVersion === manifest.apiVersion)
  return {
    changes: readable.flatMap((entry) => {
      return removedFields({ fields: fieldsOf(entry), others, schema, wanted: manifest, live })
    }),
    // Field names of another version may mean other fields.
    readable: readable.length === ownership.applied.length,
  }
}
