// Brings what ownership made of an object into the form in which a real API server stores it, so that both can be compared.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { defaults } from '../../kinds/defaults/defaults.ts'
import { normalForm } from '../../schema/normal.ts'
import type { FieldType, StructType } from '../../schema/type.ts'

/** Fields of metadata that every write changes. */
const VOLATILE = ['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid']

/** An object as it is stored, without what every write changes. `builtIn`: by Go's rules. */
export function stored(object: JsonObject, type: StructType, builtIn: boolean): JsonObject {
  const { apiVersion, kind } = object
  const whole: JsonObject = builtIn
    ? { ...normalForm(type, object, defaults), apiVersion: apiVersion ?? null, kind: kind ?? null }
    : filled(object, type)
  const metadata = isObject(whole.metadata) ? whole.metadata : {}
  const kept = Object.entries(metadata).filter(([name, value]) => !VOLATILE.includes(name) && !isBare(value))
  return { ...whole, metadata: Object.fromEntries(kept) } as JsonObject
}

/** Nothing in it: metadata does not keep it. */
function isBare(value: Json): boolean {
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0
}

/** A custom resource: fields that are null go, defaults come. */
function filled(value: Json, type: FieldType): JsonObject {
  const found = fill(value, type)
  return isObject(found) ? found : {}
}

function fill(value: Json, type: FieldType): Json {
  if (isList(value)) return type.kind === 'list' ? value.map((item) => fill(item, type.items)) : value
  if (!isObject(value)) return value
  if (type.kind === 'map')
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, type.values)]))
  if (type.kind !== 'struct') return value
  const made: Record<string, Json> = {}
  for (const [name, item] of Object.entries(value)) {
    if (item !== null) made[name] = fill(item, type.field(name)?.type ?? { kind: 'any' })
  }
  for (const name of type.names) {
    const fallback = type.field(name)?.default
    if (made[name] === undefined && fallback !== undefined && fallback !== '') made[name] = fallback
  }
  return made
}

/** The entries of an object. */
export function entriesOf(object: KubeObject): readonly JsonObject[] {
  const entries = object.metadata.managedFields
  return isList(entries) ? entries.filter(isObject) : []
}

/** The newest time in an object's entries: when the server says that it last wrote. */
export function newest(object: KubeObject): string {
  return entriesOf(object)
    .map(({ time }) => (typeof time === 'string' ? time : ''))
    .reduce((left, right) => (left > right ? left : right), '')
}

/** Entries without their times. */
export function timeless(object: KubeObject): readonly JsonObject[] {
  return entriesOf(object).map(({ time: _, ...entry }) => entry)
}
