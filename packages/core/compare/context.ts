// What a comparison is given, and what is read from it once for all objects.
import type { AppKey, IgnoreRule, Tracking } from '../app/application.ts'
import type { DesiredObject } from '../desired/desired.ts'
import type { Schema, SchemaLookup } from '../diff/schema.ts'
import type { Inventory, InventoryEntry } from '../inventory/inventory.ts'
import type { LiveSet } from '../live/live.ts'
import type { Mask } from '../object/digest.ts'
import type { KindTable } from '../object/kinds.ts'
import { canonicalKey } from '../object/moves.ts'
import type { ObjectRef, RefKey } from '../object/ref.ts'
import { compareRefs, parseApiVersion, refKey } from '../object/ref.ts'
import type { DryRun } from './drift.ts'
import type { CompiledRule } from './ignore.ts'
import { compileRules } from './ignore.ts'

/** Everything a comparison follows from. */
export interface CompareInput {
  readonly desired: readonly DesiredObject[]
  readonly live: LiveSet
  readonly inventory: Inventory
  readonly kinds: KindTable
  readonly schema: SchemaLookup
  readonly ignore: readonly IgnoreRule[]
  readonly app: AppKey
  readonly destinationNamespace: string | null
  readonly tracking: Tracking
  readonly mask: Mask
  /** Answers of the API server's dry run, as far as they were asked for. */
  readonly dryRuns: ReadonlyMap<RefKey, DryRun>
  /** Objects that Git holds as hooks: wanted, so never surplus, though they are not part of the compared state. */
  readonly hooks?: readonly ObjectRef[]
  /** `ignore`: only the desired objects are judged (a restore, a selective sync). */
  readonly surplus: 'look' | 'ignore'
}

/** The input and what was read from it. */
export interface Context extends CompareInput {
  readonly rules: readonly CompiledRule[]
  readonly schemaOf: (apiVersion: string, kind: string) => Schema | null
  /** The inventory entry of an object, also where it was recorded under the group its kind has left. */
  readonly recordedFor: (ref: ObjectRef) => InventoryEntry | null
}

/** Reads the input once. */
export function contextOf(input: CompareInput): Context {
  return {
    ...input,
    rules: compileRules(input.ignore),
    schemaOf: rememberedSchemas(input.schema),
    recordedFor: recordedEntries(input.inventory),
  }
}

function rememberedSchemas(lookup: SchemaLookup): Context['schemaOf'] {
  const known = new Map<string, Schema | null>()
  return (apiVersion, kind) => {
    const key = `${apiVersion}/${kind}`
    const found = known.get(key)
    if (found !== undefined) return found
    const { group, version } = parseApiVersion(apiVersion)
    const schema = lookup(group, version, kind)
    known.set(key, schema)
    return schema
  }
}

function recordedEntries(inventory: Inventory): Context['recordedFor'] {
  const exact = new Map<RefKey, InventoryEntry>()
  const moved = new Map<RefKey, InventoryEntry>()
  for (const entry of inventory.entries.toSorted((a, b) => compareRefs(a.ref, b.ref))) {
    exact.set(refKey(entry.ref), entry)
    if (!moved.has(canonicalKey(entry.ref))) moved.set(canonicalKey(entry.ref), entry)
  }
  return (ref) => exact.get(refKey(ref)) ?? moved.get(canonicalKey(ref)) ?? null
}
