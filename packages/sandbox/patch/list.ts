// Merges lists by a key of their items, or scalars as a set, and puts the result in order.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { DIRECTIVE, SET_ORDER } from './directive.ts'
import { PatchFault } from './fault.ts'
import { goText, goType } from './go-text.ts'
import type { Kind } from './list-kind.ts'
import type { Lookup } from './lookup.ts'

/** Two lists as one. `deletes`: the second one says what goes. */
export function mergeItems(
  original: readonly Json[],
  patch: readonly Json[],
  kind: Kind,
  deletes: boolean,
  lookup: Lookup,
  merge: (before: JsonObject, over: JsonObject) => JsonObject,
): readonly Json[] {
  if (kind === 'scalars') {
    if (deletes) return original.filter((item) => !patch.includes(item))
    const merged = [...new Set([...original, ...patch])]
    return ordered(merged, patch, original, lookup.mergeKey, kind)
  }
  const { mergeKey } = lookup
  if (mergeKey === '') throw new PatchFault(`cannot merge lists without merge key for ${lookup.subject.kind}`)
  const special = applySpecial(original, patch, mergeKey)
  const merged = mergeByKey(special.original, special.patch, mergeKey, merge)
  return ordered(merged, special.patch, special.original, mergeKey, kind)
}

/** Items with `$patch`. */
function applySpecial(
  original: readonly Json[],
  patch: readonly Json[],
  mergeKey: string,
): { readonly original: readonly Json[]; readonly patch: readonly Json[] } {
  let left = original
  let replaces = false
  const plain: Json[] = []
  for (const item of patch) {
    if (!isObject(item) || !Object.hasOwn(item, DIRECTIVE)) {
      plain.push(item)
      continue
    }
    switch (item[DIRECTIVE]) {
      case 'delete': {
        const key = keyOf(item, mergeKey)
        left = left.filter((each) => !(isObject(each) && Object.hasOwn(each, mergeKey) && each[mergeKey] === key))
        break
      }
      case 'replace':
        replaces = true
        break
      case 'merge':
        throw new PatchFault('merging lists cannot yet be specified in the patch')
      default:
        throw new PatchFault(`unknown patch type: ${goText(item[DIRECTIVE] ?? null)} in map: ${goText(item)}`)
    }
  }
  return replaces ? { original: plain, patch: [] } : { original: left, patch: plain }
}

function mergeByKey(
  original: readonly Json[],
  patch: readonly Json[],
  mergeKey: string,
  merge: (before: JsonObject, over: JsonObject) => JsonObject,
): readonly Json[] {
  const merged = [...original]
  for (const item of patch) {
    if (!isObject(item)) continue
    const key = keyOf(item, mergeKey)
    const at = merged.findIndex((each) => isObject(each) && Object.hasOwn(each, mergeKey) && each[mergeKey] === key)
    const before = merged[at]
    if (isObject(before)) merged[at] = merge(before, item)
    else merged.push(item)
  }
  return merged
}

/** The key of an item, which must have one. */
function keyOf(item: Json, mergeKey: string): Json {
  if (!isObject(item)) throw new PatchFault(`expected a map[string]interface {}, but received a ${goType(item)}`)
  if (!Object.hasOwn(item, mergeKey)) {
    throw new PatchFault(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`)
  }
  return item[mergeKey] ?? null
}

/**
 * A merged list in order: what `order` names as it names it, all else as the server had it, and the two put into each
 * other as far as the server's order says.
 */
export function ordered(
  merged: readonly Json[],
  order: readonly Json[],
  server: readonly Json[],
  mergeKey: string,
  kind: Kind,
): readonly Json[] {
  const keyIn = (item: Json): Json => (mergeKey === '' ? item : keyOf(item, mergeKey))
  const named = new Set(order.map((item) => (mergeKey === '' || isObject(item) ? keyMaybe(item, mergeKey) : item)))
  const fromPatch = merged.filter((item) => named.has(keyIn(item)))
  const serverOnly = merged.filter((item) => !named.has(keyIn(item)))
  const first = sorted(fromPatch, order, mergeKey, kind)
  return interleaved(sorted(serverOnly, server, mergeKey, kind), first, indexIn(server, mergeKey, kind))
}

function keyMaybe(item: Json, mergeKey: string): Json | undefined {
  return mergeKey !== '' && isObject(item) ? item[mergeKey] : item
}

type Index = (item: Json) => number

function indexIn(list: readonly Json[], mergeKey: string, kind: Kind): Index {
  const key = (item: Json): Json | undefined => (kind === 'objects' ? keyMaybe(item, mergeKey) : item)
  const keys = list.map(key)
  return (item) => keys.indexOf(key(item))
}

/** By insertion, with the real server's idea of order for what is not named. */
function sorted(items: readonly Json[], order: readonly Json[], mergeKey: string, kind: Kind): readonly Json[] {
  if (kind === 'objects') for (const item of [...items, ...order]) keyOf(item, mergeKey)
  const deleted = (item: Json): boolean => kind === 'objects' && isObject(item) && item[DIRECTIVE] === 'delete'
  const index = indexIn(order, mergeKey, kind)
  const list = items.filter((item) => !deleted(item))
  for (let next = 1; next < list.length; next++) {
    for (let at = next; at > 0 && isBefore(index(list[at] ?? null), index(list[at - 1] ?? null)); at--) {
      const item = list[at] ?? null
      list[at] = list[at - 1] ?? null
      list[at - 1] = item
    }
  }
  return [...list, ...items.filter(deleted)]
}

function isBefore(left: number, right: number): boolean {
  return left < 0 || right < 0 || left < right
}

function interleaved(serverOnly: readonly Json[], fromPatch: readonly Json[], index: Index): readonly Json[] {
  const all: Json[] = []
  let left = 0
  let right = 0
  while (left < serverOnly.length && right < fromPatch.length) {
    const ours = index(serverOnly[left] ?? null)
    const theirs = index(fromPatch[right] ?? null)
    if (ours >= 0 && theirs >= 0 && ours < theirs) all.push(serverOnly[left++] ?? null)
    else all.push(fromPatch[right++] ?? null)
  }
  return [...all, ...serverOnly.slice(left), ...fromPatch.slice(right)]
}

/** `$setElementOrder` must name every item of the patch, in the patch's order. */
export function checkOrder(patch: readonly Json[], order: readonly Json[], mergeKey: string): void {
  if (order.length === 0 || patch.length === 0) return
  const items = mergeKey === '' ? patch : patch.filter((item) => !isDeletion(item))
  let item = 0
  let place = 0
  while (item < items.length && place < order.length) {
    const wanted = items[item] ?? null
    if (isObject(wanted) && Object.hasOwn(wanted, DIRECTIVE)) {
      item++
      continue
    }
    const named = order[place] ?? null
    const same = mergeKey === '' ? wanted === named : keyOf(wanted, mergeKey) === keyOf(named, mergeKey)
    if (same) item++
    place++
  }
  if (item >= items.length || place < order.length) return
  const told = `The order in patch list:\n${goText(patch as Json)}\n doesn't match ${SET_ORDER} list:\n${goText(order as Json)}\n`
  throw new PatchFault(told)
}

function isDeletion(item: Json): boolean {
  if (!isObject(item)) throw new PatchFault(`expected a map[string]interface {}, but received a ${goType(item)}`)
  return item[DIRECTIVE] === 'delete'
}
