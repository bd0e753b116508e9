// Makes a row of operations that ends in a difference as short as it can be, and what they send as small.

import { isList, isObject, type Json } from '@mainstay/core/object/json.ts'
import { type Operation, pathsOf } from './operation.ts'
import { replaced } from './spoil.ts'

/** Whether a row still ends in the difference. */
export type Fails = (operations: readonly Operation[]) => Promise<boolean>

/** The shortest row that is found with at most `tries` tries. */
export async function shrunk(all: readonly Operation[], fails: Fails, tries = 250): Promise<readonly Operation[]> {
  let left = tries
  const still: Fails = async (operations) => {
    left -= 1
    return left >= 0 && operations.length > 0 && (await fails(operations))
  }
  const own = ofSameObject(all)
  const start = own.length < all.length && (await still(own)) ? own : all
  return smaller(await shorter(start, still), still)
}

/** Only what is about the same object, or its whole collection. */
function ofSameObject(all: readonly Operation[]): readonly Operation[] {
  const last = all.at(-1)
  if (last === undefined) return all
  const bodyName = (each: Operation): Json =>
    isObject(each.body) && isObject(each.body.metadata) ? (each.body.metadata.name ?? null) : null
  const name = last.name ?? bodyName(last)
  return all.filter(
    (each) =>
      each.kind === last.kind &&
      [name, null].includes(each.name ?? (each.method === 'POST' ? (bodyName(each) as string) : null)),
  )
}

async function shorter(start: readonly Operation[], still: Fails): Promise<readonly Operation[]> {
  let best = start
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = best.length - size; at >= 0; at -= size) {
      const without = [...best.slice(0, at), ...best.slice(at + size)]
      if (await still(without)) best = without
    }
  }
  return best
}

async function smaller(start: readonly Operation[], still: Fails): Promise<readonly Operation[]> {
  let best = start
  for (let index = best.length - 1; index >= 0; index -= 1) {
    for (const make of [withoutQuery, ...withoutParts(best[index]?.body)]) {
      const operation = best[index]
      const less = operation === undefined ? null : make(operation)
      if (less === null) continue
      const tried = best.map((each, at) => (at === index ? less : each))
      if (await still(tried)) best = tried
    }
  }
  return best
}

function withoutQuery(operation: Operation): Operation | null {
  const kept = Object.entries(operation.query ?? {}).filter(
    ([key]) => key === 'fieldManager' && operation.type?.includes('apply') === true,
  )
  if (kept.length === Object.keys(operation.query ?? {}).length) return null
  return { ...operation, query: Object.fromEntries(kept) }
}

/** Each way to leave one member out, outer ones first. */
function withoutParts(body: Json | undefined): readonly ((operation: Operation) => Operation | null)[] {
  if (body === undefined) return []
  const paths = [...pathsOf(body)].sort((a, b) => a.length - b.length)
  return paths
    .filter((path) => !heads.has(path.join('.')))
    .reverse()
    .sort((a, b) => a.length - b.length)
    .map((path) => (operation: Operation) => {
      const less = without(operation.body ?? null, path)
      return less === undefined ? null : { ...operation, body: less }
    })
}

const heads: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'metadata.name'])

function without(value: Json, path: readonly (string | number)[]): Json | undefined {
  const [key, ...rest] = path
  if (key === undefined) return undefined
  const there = isList(value) ? Number(key) < value.length : isObject(value) && value[String(key)] !== undefined
  if (!there) return undefined
  if (rest.length === 0) return replaced(value, key, () => undefined)
  const inner = isList(value) ? value[Number(key)] : isObject(value) ? value[String(key)] : undefined
  const less = inner === undefined ? undefined : without(inner, rest)
  return less === undefined ? undefined : replaced(value, key, () => less)
}
