// What a running comparison has found so far, and where it stands. Mutable inside one diff, never outside.
import { canonicalJson } from '../object/canonical.ts'
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import type { Path, Segment } from './path.ts'
import type { ScalarSchema, Schema } from './schema.ts'

/** One difference, before it is known who made it. */
export interface RawChange {
  readonly path: Path
  readonly op: 'add' | 'set' | 'remove'
  /** The live value; null where there is none. */
  readonly from: Json
  /** The value after an apply; null where it goes away. */
  readonly to: Json
  /** The field's type is known and the values differ in it: no default or other spelling explains it. */
  readonly certain: boolean
  /** How many segments lead to the value that is replaced as a whole around this change; null where it stands alone. */
  readonly atomicAt: number | null
}

/** The differences, and the places where the values may be the same to the API server or may not. */
export interface StructuralDiff {
  readonly changes: readonly RawChange[]
  readonly doubts: readonly Path[]
}

/**
 * What a value means that only the live side has: it belongs to `others`; it is a default or would go away with the
 * replaced value around it (`defaults`); or it is `gone` because the other side is a whole object.
 */
export type Extras = 'others' | 'defaults' | 'gone'

/** The state of a running comparison. */
export interface Draft {
  readonly path: Segment[]
  readonly changes: RawChange[]
  readonly doubts: Path[]
  extras: Extras
  atomicAt: number | null
}

/** Nothing is known of a value. */
export const UNKNOWN: Schema = { kind: 'unknown' }

export function newDraft(extras: Extras): Draft {
  return { path: [], changes: [], doubts: [], extras, atomicAt: null }
}

/** Notes a difference at the current place. */
export function emit(draft: Draft, op: RawChange['op'], from: Json, to: Json, certainty: 'certain' | 'likely'): void {
  draft.changes.push({
    path: [...draft.path],
    op,
    from,
    to,
    certain: certainty === 'certain',
    atomicAt: draft.atomicAt,
  })
}

/** Notes that the values at the current place may or may not be the same. */
export function doubt(draft: Draft): void {
  draft.doubts.push([...draft.path])
}

/** Runs a comparison inside a value that is replaced as a whole. */
export function withinAtomic(draft: Draft, run: () => void): void {
  const { extras, atomicAt } = draft
  if (extras === 'others') draft.extras = 'defaults'
  draft.atomicAt ??= draft.path.length
  run()
  draft.extras = extras
  draft.atomicAt = atomicAt
}

/**
 * An own property; names such as `constructor` in user data must not find the prototype's. JSON holds no functions, so
 * whatever is one came from there (looking first and asking later is several times faster than `Object.hasOwn`).
 */
export function own(object: JsonObject, key: string): Json | undefined {
  const value = object[key]
  if (typeof value !== 'function' && key !== '__proto__') return value
  return Object.hasOwn(object, key) && typeof value !== 'function' ? value : undefined
}

/** The default of a type, or undefined. */
export function defaultOf(schema: Schema): Json | undefined {
  return schema.kind === 'unknown' ? undefined : schema.default
}

/** True for {} and []. */
export function isEmpty(value: Json): boolean {
  if (isList(value)) return value.length === 0
  if (!isObject(value)) return false
  for (const _ in value) return false
  return true
}

/** True when both are one JSON value, whatever the order of keys. */
export function sameJson(a: Json, b: Json): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b)
}

/** The live object lacks what is wanted at the current place. */
export function onlyWanted(draft: Draft, schema: Schema, wanted: Json): void {
  if (wanted === null || isNothing(schema, wanted)) return
  const fallback = defaultOf(schema)
  if (fallback !== undefined && sameJson(fallback, wanted)) return
  if (draft.extras !== 'gone' && isEmpty(wanted)) doubt(draft)
  else emit(draft, 'add', null, wanted, maybeZero(schema, wanted) ? 'likely' : 'certain')
}

/** Only the live object has something at the current place. */
export function onlyLive(draft: Draft, schema: Schema, live: Json): void {
  if (draft.extras === 'others' || live === null || isNothing(schema, live)) return
  if (draft.extras === 'gone') {
    emit(draft, 'remove', live, null, 'certain')
    return
  }
  const fallback = defaultOf(schema)
  // Inside a replaced value: the server fills defaults in again, and not every default is published; that of a struct
  // tells nothing of the fields in it.
  if (fallback === undefined || (isObject(fallback) && isObject(live))) doubt(draft)
  else if (!sameJson(fallback, live)) emit(draft, 'remove', live, null, 'likely')
}

/** An empty list or map is the same as none; an empty struct (`emptyDir: {}`) may mean something. */
function isNothing(schema: Schema, value: Json): boolean {
  if (schema.kind === 'list') return isEmpty(value)
  return schema.kind === 'map' && schema.values !== null && isEmpty(value)
}

/** `false`, 0 and "" are left out by many types on the way to storage, and kept by others. */
function maybeZero(schema: Schema, value: Json): boolean {
  return schema.kind === 'unknown' || value === false || value === 0 || value === 0n || value === ''
}

/** The scalar type of strings without further form. */
export const TEXT: ScalarSchema = { kind: 'scalar', type: 'string', form: 'plain' }
