// Strategic merge patch: a merge patch that knows from the type how lists are merged, and that may carry directives.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { failure } from '../registry/status.ts'
import type { StructType } from '../schema/type.ts'
import { DELETE_FROM, DIRECTIVE, RETAIN, SET_ORDER, withoutDirectives, withoutNulls } from './directive.ts'
import { PatchFault } from './fault.ts'
import { goText, goType } from './go-text.ts'
import { checkOrder, mergeItems, ordered } from './list.ts'
import { type Kind, kindOf, LIST_OF_LISTS } from './list-kind.ts'
import { type Lookup, lookupIn, type Strategy, type Subject } from './lookup.ts'

/** A document with a patch laid over it as the type says. Throws a StatusError as the real server words it. */
export function strategicMerge(document: JsonObject, patch: JsonObject, type: StructType): JsonObject {
  try {
    return mergeMap(document, patch, lookupIn(type))
  } catch (error) {
    if (!(error instanceof PatchFault)) throw error
    if (BAD_REQUESTS.has(error.message)) throw failure(400, 'BadRequest', error.message)
    if (error.message === LIST_OF_LISTS) {
      throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {})
    }
    throw failure(500, '', error.message)
  }
}

const RETAIN_FORMAT = 'invalid patch format of retainKeys'

const BAD_REQUESTS = new Set([
  'invalid patch format of primitive list',
  RETAIN_FORMAT,
  'invalid patch format of setElementOrder list',
])

/** One object laid over another. */
export function mergeMap(original: JsonObject, patch: JsonObject, subject: Subject): JsonObject {
  if (Object.hasOwn(patch, DIRECTIVE)) return directed(patch[DIRECTIVE] ?? null, patch)
  const { [RETAIN]: retained, ...rest } = patch
  const base = Object.hasOwn(patch, RETAIN) ? retainedOnly(original, rest, retained ?? null) : original
  const merged: Record<string, Json> = { ...base }
  const left = mergeOrdered(merged, rest, subject)
  // Deletions from lists first: the order of keys means nothing.
  const entries = Object.entries(left).sort(
    ([a], [b]) => Number(b.startsWith(DELETE_FROM)) - Number(a.startsWith(DELETE_FROM)),
  )
  for (const [key, value] of entries) {
    const name = key.startsWith(DELETE_FROM) ? nameIn(key, 'invalid patch format of primitive list') : key
    mergeField(merged, name, value, name !== key, subject)
  }
  return merged
}

/** `$patch: replace` and `$patch: delete`. */
function directed(directive: Json, patch: JsonObject): JsonObject {
  const { [DIRECTIVE]: _, ...rest } = patch
  if (directive === 'replace') return rest
  if (directive === 'delete') return {}
  throw new PatchFault(`unknown patch type: ${goString(directive)} in map: ${goText(patch)}`)
}

/** `%s` of a value. */
function goString(value: Json): string {
  return typeof value === 'string' ? value : `%!s(${goType(value)}=${goText(value)})`
}

/** `$retainKeys`: fields that it does not name go. */
function retainedOnly(original: JsonObject, patch: JsonObject, retained: Json): JsonObject {
  if (!isList(retained)) throw new PatchFault(RETAIN_FORMAT)
  const kept = new Set(retained)
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || key.startsWith(DELETE_FROM) || key.startsWith(SET_ORDER)) continue
    if (!kept.has(key)) throw new PatchFault(RETAIN_FORMAT)
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => kept.has(key)))
}

/** The name behind `$directive/name`. */
function nameIn(key: string, format: string): string {
  const slash = key.indexOf('/')
  const prefix = key.startsWith(DELETE_FROM) ? DELETE_FROM : SET_ORDER
  if (slash < 0 || key.slice(0, slash) !== prefix) throw new PatchFault(format)
  return key.slice(slash + 1)
}

/** Merges the lists whose order is given; returns what of the patch is left to do. */
function mergeOrdered(merged: Record<string, Json>, patch: JsonObject, subject: Subject): JsonObject {
  const left: Record<string, Json> = { ...patch }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(SET_ORDER)) continue
    delete left[key]
    if (!isList(order)) throw new PatchFault(badType('[]interface {}', order))
    const name = nameIn(key, 'invalid patch format of setElementOrder list')
    const list = orderedList(listOr(merged, name), listOr(left, name), order, subject.list(name))
    if (list === null) continue
    merged[name] = list
    delete left[name]
  }
  return left
}

function badType(expected: string, value: Json): string {
  return `expected a ${expected}, but received a ${value === null ? '%!s(<nil>)' : goType(value)}`
}

function listOr(object: JsonObject, name: string): readonly Json[] | null {
  if (!Object.hasOwn(object, name)) return null
  const value = object[name] ?? null
  if (!isList(value)) throw new PatchFault(badType('[]interface {}', value))
  return value
}

function orderedList(
  original: readonly Json[] | null,
  patch: readonly Json[] | null,
  order: readonly Json[],
  lookup: Lookup,
): readonly Json[] | null {
  const { mergeKey } = lookup
  checkOrder(patch ?? [], order, mergeKey)
  if (original === null && patch === null) return null
  const merged =
    original === null || patch === null ? (original ?? added(patch)) : mergeList(original, patch, lookup, false)
  return ordered(merged, order, original ?? [], mergeKey, kindOf([original ?? [], patch ?? []]))
}

function added(patch: readonly Json[] | null): readonly Json[] {
  const list = withoutDirectives(patch ?? [])
  return isList(list) ? list : []
}

function mergeField(merged: Record<string, Json>, name: string, value: Json, deletes: boolean, subject: Subject): void {
  if (value === null) {
    delete merged[name]
    return
  }
  const before = Object.hasOwn(merged, name) ? merged[name] : undefined
  if (before === undefined || formOf(before) !== formOf(value)) {
    if (!deletes) put(merged, name, withoutDirectives(withoutNulls(value)))
    return
  }
  if (isObject(before) && isObject(value)) {
    const lookup = subject.field(name)
    merged[name] = strategyOf(lookup) === 'replace' ? value : mergeMap(before, value, lookup.subject)
  } else if (isList(before) && isList(value)) {
    merged[name] = mergeList(before, value, subject.list(name), deletes)
  } else {
    merged[name] = value
  }
}

function put(merged: Record<string, Json>, name: string, value: Json | undefined): void {
  if (value === undefined) delete merged[name]
  else merged[name] = value
}

function formOf(value: Json): string {
  return typeof value === 'bigint' ? 'int64' : goType(value)
}

/** The strategy beside `retainKeys`. */
function strategyOf({ strategies }: Lookup): Strategy | '' {
  return strategies.find((each) => each !== 'retainKeys') ?? ''
}

function mergeList(
  original: readonly Json[],
  patch: readonly Json[],
  lookup: Lookup,
  deletes: boolean,
): readonly Json[] {
  if (strategyOf(lookup) !== 'merge' && !deletes) return patch
  if (original.length === 0 && patch.length === 0) return original
  const kind: Kind = kindOf([original, patch])
  return mergeItems(original, patch, kind, deletes, lookup, (before, over) => mergeMap(before, over, lookup.subject))
}
