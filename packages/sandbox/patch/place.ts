// Places in a document by JSON pointers (RFC 6901), and changes at them. A change copies what is on the way to it.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { PatchFault } from './fault.ts'

/** A key in a container, and the keys that lead to the container. */
export interface Place {
  readonly way: readonly string[]
  readonly container: JsonObject | readonly Json[]
  readonly key: string
}

/** The place that a pointer names; null where its container is not there. What is before the first slash does not count. */
export function containerAt(document: Json, pointer: string): Place | null {
  const parts = pointer.split('/')
  if (parts.length < 2) return null
  const way = parts.slice(1, -1).map(unescaped)
  let at: Json | undefined = document
  for (const key of way) {
    at = isList(at) ? itemAt(at, key) : isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined
    if (!isObject(at) && !isList(at)) return null
  }
  if (!isObject(at) && !isList(at)) return null
  return { way, container: at, key: unescaped(parts.at(-1) ?? '') }
}

function unescaped(part: string): string {
  return part.replaceAll(/~[01]/g, (found) => (found === '~1' ? '/' : '~'))
}

function itemAt(list: readonly Json[], key: string): Json | undefined {
  try {
    return list[readIndex(key, list.length, list.length - 1)]
  } catch {
    return undefined
  }
}

/** What is at a place; undefined for a field that is not there. */
export function getFrom({ container, key }: Place): Json | undefined {
  if (isList(container)) return container[readIndex(key, container.length, container.length - 1)]
  return Object.hasOwn(container, key) ? container[key] : undefined
}

/** The document with a value put in before an item, or as a field. */
export function addTo(document: Json, place: Place, value: Json): Json {
  const { container, key } = place
  if (!isList(container)) return replaced(document, place.way, { ...container, [key]: value })
  if (key === '-') return replaced(document, place.way, [...container, value])
  const index = readIndex(key, container.length + 1, container.length)
  return replaced(document, place.way, container.toSpliced(index, 0, value))
}

/** The document with another value at a place. */
export function putInto(document: Json, place: Place, value: Json): Json {
  const { container, key } = place
  if (!isList(container)) return replaced(document, place.way, { ...container, [key]: value })
  return replaced(document, place.way, container.with(readIndex(key, container.length, container.length - 1), value))
}

/** The document without what is at a place. */
export function removeFrom(document: Json, place: Place): Json {
  const { container, key } = place
  if (isList(container)) {
    const index = readIndex(key, container.length, container.length - 1)
    return replaced(document, place.way, container.toSpliced(index, 1))
  }
  if (!Object.hasOwn(container, key)) throw new PatchFault(`${key} is not there`)
  const { [key]: _, ...rest } = container
  return replaced(document, place.way, rest)
}

function replaced(document: Json, way: readonly string[], value: Json): Json {
  const [key, ...rest] = way
  if (key === undefined) return value
  if (isList(document)) {
    const index = readIndex(key, document.length, document.length - 1)
    return document.with(index, replaced(document[index] ?? null, rest, value))
  }
  if (!isObject(document)) return document
  return { ...document, [key]: replaced(document[key] ?? null, rest, value) }
}

/** An index as Go reads one; negative ones count from the end of `size`. */
function readIndex(key: string, size: number, last: number): number {
  const index = /^[+-]?\d+$/.test(key) ? Number(key) : Number.NaN
  if (!(index <= last && index >= -size)) throw new PatchFault(`${key} is no index`)
  return index < 0 ? index + size : index
}
