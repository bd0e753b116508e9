// Short ways to read and change the JSON of an object; what is missing reads as empty.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'

const NOTHING: JsonObject = {}

/** As `valueAt`, for paths that were collected already: these are the busiest lines of the sandbox. */
function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  let found = value
  for (const key of path) {
    if (!isObject(found)) return undefined
    found = Object.hasOwn(found, key) ? found[key] : undefined
  }
  return found
}

/** The object at a path, or an empty one. */
export function objectAt(value: Json | undefined, ...path: readonly string[]): JsonObject {
  const found = at(value, path)
  return isObject(found) ? found : NOTHING
}

/** The objects of the list at a path. */
export function objectsAt(value: Json | undefined, ...path: readonly string[]): readonly JsonObject[] {
  const found = at(value, path)
  return isList(found) ? found.map((each) => (isObject(each) ? each : NOTHING)) : []
}

/** The texts of the list at a path. */
export function textsAt(value: Json | undefined, ...path: readonly string[]): readonly string[] {
  const found = at(value, path)
  return isList(found) ? found.map((each) => (typeof each === 'string' ? each : '')) : []
}

/** The text at a path, or the empty text. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string {
  const found = at(value, path)
  return typeof found === 'string' ? found : ''
}

/** The whole number at a path, or null. */
export function wholeAt(value: Json | undefined, ...path: readonly string[]): number | null {
  const found = at(value, path)
  if (typeof found === 'bigint') return Number(found)
  return typeof found === 'number' ? found : null
}

/** True where `true` stands at a path. */
export function isTrue(value: Json | undefined, ...path: readonly string[]): boolean {
  return at(value, path) === true
}

/** True where something stands at a path. */
export function has(value: Json | undefined, ...path: readonly string[]): boolean {
  const found = at(value, path)
  return found !== undefined && found !== null
}

/** The texts of a map (labels, annotations). */
export function entriesAt(value: Json | undefined, ...path: readonly string[]): readonly (readonly [string, string])[] {
  return Object.entries(objectAt(value, ...path)).map(([key, each]) => [key, typeof each === 'string' ? each : ''])
}

/** A copy with a value at a path; undefined takes it away. Objects on the way are made. */
export function withAt<T extends JsonObject>(object: T, path: readonly string[], value: Json | undefined): T {
  const [key = '', ...rest] = path
  if (rest.length > 0) {
    const inner = objectAt(object, key)
    if (value === undefined && !has(object, key)) return object
    return { ...object, [key]: withAt(inner, rest, value) }
  }
  if (value !== undefined) return { ...object, [key]: value }
  const { [key]: _gone, ...left } = object
  return left as T // The key that is taken away is never one of those that every object has.
}

/** A copy with the object at a key changed; an absent one is changed as an empty one. Itself where nothing changes. */
export function changeAt<T extends JsonObject>(object: T, key: string, change: (value: JsonObject) => JsonObject): T {
  const changed = change(objectAt(object, key))
  return changed === object[key] ? object : { ...object, [key]: changed }
}

/** A copy with each object of the list at a key changed. Itself where nothing changes. */
export function changeEach<T extends JsonObject>(
  object: T,
  key: string,
  change: (value: JsonObject, at: number) => JsonObject,
): T {
  const list = object[key]
  if (!isList(list)) return has(object, key) ? { ...object, [key]: [] } : object
  const changed = objectsAt(object, key).map(change)
  return changed.every((each, at) => each === list[at]) ? object : { ...object, [key]: changed }
}

/** A copy with values for the keys that are absent. */
export function filled<T extends JsonObject>(object: T, values: JsonObject): T {
  let absent: [string, Json][] | null = null
  for (const key of Object.keys(values)) {
    if ((object[key] ?? null) !== null && Object.hasOwn(object, key)) continue
    absent ??= []
    absent.push([key, values[key] ?? null])
  }
  return absent === null ? object : { ...object, ...Object.fromEntries(absent) }
}
