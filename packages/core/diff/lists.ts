// Lists as the server merges them: items matched by their keys, members of sets, or the whole list at once.
import { canonicalJson } from '../object/canonical.ts'
import type { Json } from '../object/json.ts'
import { isObject } from '../object/json.ts'
import type { Draft } from './draft.ts'
import { defaultOf, doubt, emit, own } from './draft.ts'
import type { Segment } from './path.ts'
import type { Schema } from './schema.ts'

/** Compares two values at the draft's current place. */
export type Visit = (draft: Draft, schema: Schema, wanted: Json, live: Json) => void

/** A list whose items are known by some of their fields. */
export interface KeyedList {
  readonly items: Schema
  readonly keys: readonly string[]
  readonly wanted: readonly Json[]
  readonly live: readonly Json[]
}

/** The value of a key field of an item: what stands there, else what the server would fill in; null for neither. */
export function keyValue(items: Schema, item: Json, key: string): Json {
  const given = isObject(item) ? own(item, key) : undefined
  if (given !== undefined && given !== null) return given
  const type = items.kind === 'map' ? items.field(key) : null
  return (type === null ? undefined : defaultOf(type)) ?? null
}

/** The segment of a path that names an item by its keys. */
export function itemSegment(list: { readonly items: Schema; readonly keys: readonly string[] }, item: Json): Segment {
  return { keys: list.keys.map((key) => [key, keyValue(list.items, item, key)] as const) }
}

/**
 * Compares lists whose items are matched by key. Items that only the live list has are others'. An order that differs
 * is a doubt (the server may or may not move items); between two whole objects it is a change.
 */
export function compareKeyed(draft: Draft, list: KeyedList, visit: Visit): void {
  const { wanted, live } = list
  if (wanted.length === live.length && alignedByKey(list)) {
    for (let index = 0; index < wanted.length; index++) visitItem(draft, list, wanted[index], live[index], visit)
    return
  }
  const liveByKey = indexByKey(list, live)
  const wantedByKey = indexByKey(list, wanted)
  if (liveByKey === null || wantedByKey === null) {
    // Two items of one key: the server refuses such a manifest, or has its own way with such an object.
    doubt(draft)
    if (!sameItems(wanted, live)) emit(draft, 'set', live, wanted, 'likely')
    return
  }
  const before = draft.changes.length
  compareByKey(draft, list, wantedByKey, liveByKey, visit)
  if (inOrder(wantedByKey.keys(), liveByKey)) return
  if (draft.extras !== 'gone') doubt(draft)
  else if (draft.changes.length === before) emit(draft, 'set', live, wanted, 'certain')
}

type Index = ReadonlyMap<string, number>

function compareByKey(draft: Draft, list: KeyedList, wantedByKey: Index, liveByKey: Index, visit: Visit): void {
  for (const [key, at] of wantedByKey) {
    const wanted = list.wanted[at] ?? null
    const found = liveByKey.get(key)
    if (found === undefined) withItem(draft, list, wanted, (item) => emit(draft, 'add', null, item, 'certain'))
    else visitItem(draft, list, wanted, list.live[found], visit)
  }
  if (draft.extras === 'others') return
  for (const [key, at] of liveByKey) {
    if (wantedByKey.has(key)) continue
    withItem(draft, list, list.live[at] ?? null, (item) => emit(draft, 'remove', item, null, 'certain'))
  }
}

/** Compares sets: the order means nothing, and members that only the live set has are others'. */
export function compareMembers(draft: Draft, wanted: readonly Json[], live: readonly Json[]): void {
  const has = new Set(live.map(canonicalJson))
  const wants = new Set(wanted.map(canonicalJson))
  for (const member of wanted) {
    if (!has.has(canonicalJson(member))) withMember(draft, member, () => emit(draft, 'add', null, member, 'certain'))
  }
  if (draft.extras === 'others') return
  for (const member of live) {
    if (!wants.has(canonicalJson(member)))
      withMember(draft, member, () => emit(draft, 'remove', member, null, 'certain'))
  }
}

/** Items of one key at each position: true for nearly every pair of lists, and then nothing needs an index. */
function alignedByKey(list: KeyedList): boolean {
  const { wanted, live } = list
  for (let index = 0; index < wanted.length; index++) {
    for (const key of list.keys) {
      const value = keyValue(list.items, wanted[index] ?? null, key)
      if (value === null || value !== keyValue(list.items, live[index] ?? null, key)) return false
    }
  }
  return wanted.length < 2 || indexByKey(list, wanted) !== null
}

/** Positions by key, in the order of the list; null where two items share a key or an item has none. */
function indexByKey(list: KeyedList, items: readonly Json[]): Index | null {
  const index = new Map<string, number>()
  for (let at = 0; at < items.length; at++) {
    const text = keyText(list, items[at] ?? null)
    if (text === null || index.has(text)) return null
    index.set(text, at)
  }
  return index
}

function keyText(list: KeyedList, item: Json): string | null {
  if (!isObject(item)) return null
  const [only] = list.keys
  if (list.keys.length === 1 && only !== undefined) {
    const value = keyValue(list.items, item, only)
    return typeof value === 'string' ? value : canonicalJson(value)
  }
  return canonicalJson(list.keys.map((key) => keyValue(list.items, item, key)))
}

function inOrder(keys: Iterable<string>, index: Index): boolean {
  let last = -1
  for (const key of keys) {
    const at = index.get(key)
    if (at === undefined) continue
    if (at < last) return false
    last = at
  }
  return true
}

function sameItems(a: readonly Json[], b: readonly Json[]): boolean {
  return canonicalJson([...a]) === canonicalJson([...b])
}

function visitItem(
  draft: Draft,
  list: KeyedList,
  wanted: Json | undefined,
  live: Json | undefined,
  visit: Visit,
): void {
  if (wanted === undefined || live === undefined || wanted === live) return
  withItem(draft, list, wanted, () => visit(draft, list.items, wanted, live))
}

function withItem(draft: Draft, list: KeyedList, item: Json, run: (item: Json) => void): void {
  draft.path.push(itemSegment(list, item))
  run(item)
  draft.path.pop()
}

function withMember(draft: Draft, member: Json, run: () => void): void {
  draft.path.push({ value: member })
  run()
  draft.path.pop()
}
