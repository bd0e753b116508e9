// The structural diff of two objects by the type of each field: what is one value to the API server is no difference.
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import { LAST_APPLIED } from '../object/secret.ts'
import type { Draft, StructuralDiff } from './draft.ts'
import {
  defaultOf,
  doubt,
  emit,
  newDraft,
  onlyLive,
  onlyWanted,
  own,
  sameJson,
  UNKNOWN,
  withinAtomic,
} from './draft.ts'
import { compareKeyed, compareMembers } from './lists.ts'
import { OBJECT_META, SERVER_METADATA } from './metadata.ts'
import type { Sameness } from './scalar.ts'
import { sameScalar, sameUnknownScalar } from './scalar.ts'
import type { ListSchema, MapSchema, Schema } from './schema.ts'

/** What is compared: `live` is in the cluster, `wanted` is a manifest or what the API server would make of it. */
export interface DiffInput {
  readonly schema: Schema | null
  readonly wanted: JsonObject
  readonly live: JsonObject
  /**
   * `fields`: what the manifest does not mention belongs to others and is left alone. `whole`: `wanted` is a whole
   * object from the API server, and what it lacks would be removed.
   */
  readonly scope: 'fields' | 'whole'
}

/** Compared by nobody: identity, and what controllers report. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'status'])
const NO_ANNOTATIONS: ReadonlySet<string> = new Set([LAST_APPLIED])
const NONE: ReadonlySet<string> = new Set()

/**
 * The changes that would turn `live` into `wanted`. `status`, identity and the server's own metadata are left out;
 * defaults, null, empty lists and other spellings of one value are no changes. Where the schema does not tell, the
 * place is a doubt.
 */
export function diffObjects(input: DiffInput): StructuralDiff {
  const draft = newDraft(input.scope === 'whole' ? 'gone' : 'others')
  const { wanted, live } = input
  const schema = input.schema?.kind === 'map' ? input.schema : FREE
  compareFields(draft, withMetadata(schema), wanted, live, NOT_COMPARED)
  return draft
}

/** An object of a kind without schema. */
const FREE: MapSchema = { kind: 'map', field: () => UNKNOWN, values: null, atomic: false, preservesUnknown: true }

function withMetadata(schema: MapSchema): MapSchema {
  return { ...schema, field: (name) => (name === 'metadata' ? OBJECT_META : schema.field(name)) }
}

function compareValue(draft: Draft, schema: Schema, wanted: Json, live: Json): void {
  if (wanted === live) return
  if (wanted === null) compareWithNull(draft, schema, live)
  else if (live === null) onlyWanted(draft, schema, wanted)
  else if (schema.kind === 'scalar') settle(draft, sameScalar(schema, wanted, live), wanted, live)
  else if (schema.kind === 'map' && isObject(wanted) && isObject(live)) compareMap(draft, schema, wanted, live)
  else if (schema.kind === 'list' && isList(wanted) && isList(live)) compareList(draft, schema, wanted, live)
  else if (schema.kind === 'unknown') withinUnknown(draft, wanted, live)
  else emit(draft, 'set', live, wanted, 'likely')
}

/** A field written as null asks for the default, or for none where the type has no default. */
function compareWithNull(draft: Draft, schema: Schema, live: Json): void {
  const fallback = defaultOf(schema)
  if (fallback !== undefined && sameJson(fallback, live)) return
  if (draft.extras === 'gone') onlyLive(draft, schema, live)
  else emit(draft, 'remove', live, null, 'likely')
}

function settle(draft: Draft, sameness: Sameness, wanted: Json, live: Json): void {
  if (sameness === 'perhaps') doubt(draft)
  // An empty text often means that the server chooses (`clusterIP: ""`).
  else if (sameness === 'differs') emit(draft, 'set', live, wanted, wanted === '' ? 'likely' : 'certain')
}

function compareMap(draft: Draft, schema: MapSchema, wanted: JsonObject, live: JsonObject): void {
  const skip = schema === OBJECT_META ? SERVER_METADATA : isAnnotations(draft) ? NO_ANNOTATIONS : NONE
  if (schema.atomic) withinAtomic(draft, () => compareFields(draft, schema, wanted, live, skip))
  else compareFields(draft, schema, wanted, live, skip)
}

/** The copy of the manifest that client-side apply leaves in an annotation is nobody's intent, and may hold secrets. */
function isAnnotations(draft: Draft): boolean {
  return draft.path.length === 2 && draft.path[1] === 'annotations' && draft.path[0] === 'metadata'
}

function compareFields(
  draft: Draft,
  schema: MapSchema,
  wanted: JsonObject,
  live: JsonObject,
  skip: ReadonlySet<string>,
): void {
  for (const key in wanted) {
    const left = wanted[key]
    const right = own(live, key)
    if (left === right || left === undefined || skip.has(key)) continue
    draft.path.push(key)
    const type = schema.field(key) ?? schema.values ?? UNKNOWN
    if (right === undefined) onlyWanted(draft, type, left)
    else compareValue(draft, type, left, right)
    draft.path.pop()
  }
  if (draft.extras === 'others') return
  for (const key in live) {
    const right = live[key]
    if (right === undefined || skip.has(key) || Object.hasOwn(wanted, key)) continue
    draft.path.push(key)
    // A free key has no default: nothing but the replaced value itself could have put it there.
    if (schema.field(key) === null && schema.values !== null) emit(draft, 'remove', right, null, 'certain')
    else onlyLive(draft, schema.field(key) ?? UNKNOWN, right)
    draft.path.pop()
  }
}

function compareList(draft: Draft, schema: ListSchema, wanted: readonly Json[], live: readonly Json[]): void {
  const { merge, items } = schema
  switch (merge.by) {
    case 'keys':
      compareKeyed(draft, { items, keys: merge.keys, wanted, live }, compareValue)
      return
    case 'set':
      compareMembers(draft, wanted, live)
      return
    case 'atomic':
      withinAtomic(draft, () => compareByPosition(draft, items, wanted, live))
  }
}

function compareByPosition(draft: Draft, items: Schema, wanted: readonly Json[], live: readonly Json[]): void {
  if (wanted.length !== live.length) {
    emit(draft, 'set', live, wanted, items.kind === 'unknown' ? 'likely' : 'certain')
    return
  }
  for (let index = 0; index < wanted.length; index++) {
    draft.path.push(index)
    compareValue(draft, items, wanted[index] ?? null, live[index] ?? null)
    draft.path.pop()
  }
}

/**
 * Nothing is known: the server may replace the value as a whole or merge it, so what only the live side has is a doubt.
 */
function withinUnknown(draft: Draft, wanted: Json, live: Json): void {
  withinAtomic(draft, () => compareUnknown(draft, wanted, live))
}

function compareUnknown(draft: Draft, wanted: Json, live: Json): void {
  if (isObject(wanted) && isObject(live)) compareFields(draft, FREE, wanted, live, NONE)
  else if (isList(wanted) && isList(live)) compareByPosition(draft, UNKNOWN, wanted, live)
  else if (isObject(wanted) || isList(wanted) || isObject(live) || isList(live))
    emit(draft, 'set', live, wanted, 'likely')
  else {
    const sameness = sameUnknownScalar(wanted, live)
    if (sameness === 'differs') emit(draft, 'set', live, wanted, 'likely')
    else settle(draft, sameness, wanted, live)
  }
}
