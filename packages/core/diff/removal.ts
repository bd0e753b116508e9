// What an apply would take away: fields that we own in the live object and that the manifest no longer has.
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import { LAST_APPLIED } from '../object/secret.ts'
import type { Draft, RawChange } from './draft.ts'
import { defaultOf, emit, isEmpty, newDraft, own, sameJson, UNKNOWN } from './draft.ts'
import type { Fields } from './fields.ts'
import { coverage, isLeaf, segmentOf } from './fields.ts'
import { keyValue } from './lists.ts'
import { OBJECT_META, SERVER_METADATA } from './metadata.ts'
import type { Path, Segment } from './path.ts'
import { sameNumber } from './scalar.ts'
import type { Schema } from './schema.ts'
import { isStillWanted } from './still-wanted.ts'

/** What is asked: `fields` is what we own; `others` is what every other manager owns. */
export interface RemovalInput {
  readonly fields: Fields
  readonly others: readonly Fields[]
  readonly schema: Schema | null
  readonly wanted: JsonObject
  readonly live: JsonObject
}

interface Walk {
  readonly draft: Draft
  readonly others: readonly Fields[]
}

const OBJECT: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'status'])
const ANNOTATION: ReadonlySet<string> = new Set([LAST_APPLIED])
const NONE: ReadonlySet<string> = new Set()

/**
 * The fields that server-side apply removes: ours, no longer in the manifest, and owned by nobody else. A value that is
 * the default of its type comes back by itself and is no change.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#clearing-managedfields
 */
export function removedFields(input: RemovalInput): readonly RawChange[] {
  if (isStillWanted(input.fields, input.schema ?? UNKNOWN, input.wanted)) return []
  const walk: Walk = { draft: newDraft('others'), others: input.others }
  visit(walk, input.fields, input.schema ?? UNKNOWN, input.wanted, input.live)
  return walk.draft.changes
}

function visit(walk: Walk, fields: Fields, schema: Schema, wanted: Json, live: Json): void {
  if (isObject(wanted) && isObject(live)) visitMap(walk, fields, schema, wanted, live)
  else if (isList(wanted) && isList(live)) visitList(walk, fields, schema, wanted, live)
}

function visitMap(walk: Walk, fields: Fields, schema: Schema, wanted: JsonObject, live: JsonObject): void {
  const skip = skipped(walk.draft)
  for (const key in fields) {
    if (key === '.' || !key.startsWith('f:')) continue
    const name = fieldName(key, walk.draft)
    const there = own(live, name)
    if (there === undefined || there === null || skip.has(name)) continue
    const node = fields[key]
    if (!isObject(node)) continue
    const still = own(wanted, name)
    if (still !== undefined && isLeaf(node)) continue
    walk.draft.path.push(name)
    const type = typeOf(schema, name, walk.draft)
    if (still === undefined) gone(walk, node, type, there)
    else visit(walk, node, type, still, there)
    walk.draft.path.pop()
  }
}

/** What was applied as `stringData` is stored as `data`. */
function fieldName(key: string, draft: Draft): string {
  return draft.path.length === 0 && key === 'f:stringData' ? 'data' : key.slice(2)
}

function skipped(draft: Draft): ReadonlySet<string> {
  const [first, second] = draft.path
  if (first === undefined) return OBJECT
  if (first !== 'metadata') return NONE
  if (second === undefined) return SERVER_METADATA
  return second === 'annotations' && draft.path.length === 2 ? ANNOTATION : NONE
}

function typeOf(schema: Schema, name: string, draft: Draft): Schema {
  if (draft.path.length === 1 && name === 'metadata') return OBJECT_META
  if (schema.kind !== 'map') return UNKNOWN
  return schema.field(name) ?? schema.values ?? UNKNOWN
}

function visitList(walk: Walk, fields: Fields, schema: Schema, wanted: readonly Json[], live: readonly Json[]): void {
  const items = schema.kind === 'list' ? schema.items : UNKNOWN
  for (const key in fields) {
    if (!key.startsWith('k:') && !key.startsWith('v:')) continue
    const node = fields[key]
    const segment = segmentOf(key)
    if (segment === null || !isObject(node)) continue
    const there = findItem(items, live, segment)
    if (there === undefined) continue
    const still = findItem(items, wanted, segment)
    walk.draft.path.push(segment)
    if (still === undefined) gone(walk, node, items, there)
    else if (!isLeaf(node)) visit(walk, node, items, still, there)
    walk.draft.path.pop()
  }
}

/** Ours at the current place, live, and not wanted any more. */
function gone(walk: Walk, node: Fields, schema: Schema, live: Json): void {
  // An item comes and goes as one; of a map or struct only what is named goes.
  const whole = isLeaf(node) || (typeof walk.draft.path.at(-1) === 'object' && Object.hasOwn(node, '.'))
  const claim = claimOfOthers(walk.others, walk.draft.path)
  if (claim === 'owns') return
  if (whole && claim === 'nothing') {
    const fallback = defaultOf(schema)
    const comesBack = isEmpty(live) || (fallback !== undefined && sameJson(fallback, live))
    if (!comesBack) emit(walk.draft, 'remove', live, null, schema.kind === 'unknown' ? 'likely' : 'certain')
    return
  }
  const nothing: Json = isList(live) ? [] : {}
  visit(walk, withoutKeys(node, walk.draft.path), schema, nothing, live)
}

/** The key fields of an item stay as long as the item does: somebody else holds a part of it. */
function withoutKeys(node: Fields, path: Path): Fields {
  const last = path.at(-1)
  if (typeof last !== 'object' || !('keys' in last)) return node
  const keys = new Set(last.keys.map(([name]) => `f:${name}`))
  return Object.fromEntries(Object.entries(node).filter(([key]) => !keys.has(key)))
}

function claimOfOthers(others: readonly Fields[], path: Path): 'owns' | 'below' | 'nothing' {
  let claim: 'below' | 'nothing' = 'nothing'
  for (const each of others) {
    const covers = coverage(each, path)
    if (covers === 'owns') return 'owns'
    if (covers === 'below') claim = 'below'
  }
  return claim
}

/** The item a segment names; a key that an item leaves out is its default, or anything where no type is known. */
export function findItem(items: Schema, list: readonly Json[], segment: Segment): Json | undefined {
  if (typeof segment === 'string') return undefined
  if (typeof segment === 'number') return list[segment]
  if ('value' in segment) return list.find((item) => sameJson(item, segment.value))
  return list.find((item) => isObject(item) && segment.keys.every(([name, value]) => sameKey(items, item, name, value)))
}

function sameKey(items: Schema, item: Json, name: string, value: Json): boolean {
  const found = keyValue(items, item, name)
  if (found === null && items.kind === 'unknown') return true
  return found === value || sameNumber(found, value)
}
