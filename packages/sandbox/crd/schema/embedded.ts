// Objects inside an object (`x-kubernetes-embedded-resource`): their metadata is read, and judged, as every object's is.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { dns1035Label, pathSegment } from '../../kinds/formats.ts'
import { metadataCauses } from '../../kinds/metadata.ts'
import type { Cause } from '../../registry/kind.ts'
import { definition } from '../../schema/lookup.ts'
import { DecodeFault, decode } from '../../verbs/decode.ts'
import { atIndex, atKey, child, invalid, required } from '../value/cause.ts'
import type { Schema } from './schema.ts'

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'

/** A value whose embedded metadata has its form, what was unknown in it, and what makes it unreadable. */
export interface Coerced {
  readonly value: Json
  readonly unknown: readonly string[]
  readonly fault: Cause | null
}

/** Reads embedded metadata; the first field that cannot be read ends it. */
export function coerceEmbedded(value: Json, schema: Schema | null): Coerced {
  const unknown: string[] = []
  const found: { fault: Cause | null } = { fault: null }
  const coerced = coerce(
    value,
    schema,
    '',
    (path) => unknown.push(path),
    (fault) => {
      found.fault ??= fault
    },
  )
  return { value: coerced, unknown: unknown.sort(), fault: found.fault }
}

type Tell<What> = (what: What) => void

function coerce(value: Json, schema: Schema | null, path: string, lost: Tell<string>, fail: Tell<Cause>): Json {
  if (schema === null) return value
  if (isList(value)) {
    return value.map((item, index) => coerce(item, schema.items, atIndex(path, index), lost, fail))
  }
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([name, field]): [string, Json] => {
    const read = schema.embedded ? readMeta(name, field, path, lost, fail) : field
    const property = schema.properties.get(name)
    if (property !== undefined) return [name, coerce(read, property, child(path, name), lost, fail)]
    return [name, coerce(read, schema.additional?.schema ?? null, atKey(path, name), lost, fail)]
  })
  return Object.fromEntries(entries)
}

function readMeta(name: string, field: Json, path: string, lost: Tell<string>, fail: Tell<Cause>): Json {
  if (name === 'apiVersion' || name === 'kind') {
    if (typeof field !== 'string') fail(invalid(child(path, name), field, 'must be a string'))
    return field
  }
  if (name !== 'metadata') return field
  const at = child(path, 'metadata')
  const type = definition(OBJECT_META)
  if (type === null) return field
  try {
    if (!isObject(field))
      throw new DecodeFault(`json: cannot unmarshal ${kindOf(field)} into Go value of type v1.ObjectMeta`)
    const { value, strict } = decode(field, type)
    for (const each of strict) lost(`${at}.${/"(.*)"/.exec(each)?.[1] ?? each}`)
    const { apiVersion: _, kind: __, ...known } = value
    return withoutEmptyTime(known)
  } catch (error) {
    if (!(error instanceof DecodeFault)) throw error
    fail(invalid(at, field, error.message))
    return field
  }
}

function withoutEmptyTime(metadata: JsonObject): JsonObject {
  const { creationTimestamp, ...rest } = metadata
  return creationTimestamp == null ? rest : metadata
}

function kindOf(value: Json): string {
  if (isList(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'number' : typeof value
}

/** What is wrong with embedded objects. */
export function embeddedCauses(value: Json, schema: Schema | null, path: string): readonly Cause[] {
  if (schema === null) return []
  if (isList(value)) {
    return value.flatMap((item, index) => embeddedCauses(item, schema.items, atIndex(path, index)))
  }
  if (!isObject(value)) return []
  const below = Object.entries(value).flatMap(([name, field]) => {
    const property = schema.properties.get(name)
    if (property !== undefined) return embeddedCauses(field, property, child(path, name))
    return embeddedCauses(field, schema.additional?.schema ?? null, atKey(path, name))
  })
  return [...(schema.embedded ? objectCauses(value, path) : []), ...below]
}

function objectCauses(object: JsonObject, path: string): readonly Cause[] {
  const missing = ['apiVersion', 'kind'].filter((name) => !Object.hasOwn(object, name))
  return [
    ...missing.map((name) => required(child(path, name))),
    ...(Object.hasOwn(object, 'apiVersion') ? versionCauses(object.apiVersion ?? null, child(path, 'apiVersion')) : []),
    ...(Object.hasOwn(object, 'kind') ? kindCauses(object.kind ?? null, child(path, 'kind')) : []),
    ...(isObject(object.metadata) ? metaCauses(object.metadata, path) : []),
  ]
}

function versionCauses(value: Json, path: string): readonly Cause[] {
  if (typeof value !== 'string') return [invalid(path, value, 'must be a string')]
  if (value === '') return [invalid(path, value, 'must not be empty')]
  if (value.split('/').length <= 2) return []
  return [invalid(path, value, `unexpected GroupVersion string: ${value}`)]
}

function kindCauses(value: Json, path: string): readonly Cause[] {
  if (typeof value !== 'string') return [invalid(path, value, 'must be a string')]
  if (value === '') return [invalid(path, value, 'must not be empty')]
  const faults = dns1035Label(value.toLowerCase())
  if (faults.length === 0) return []
  return [invalid(path, value, `may have mixed case, but should otherwise match: ${faults.join(',')}`)]
}

function metaCauses(metadata: JsonObject, path: string): readonly Cause[] {
  const named = metadata.name === undefined || metadata.name === '' ? { ...metadata, name: 'fakename' } : metadata
  const namespaced = typeof metadata.namespace === 'string' && metadata.namespace !== ''
  return metadataCauses({ metadata: named }, pathSegment, namespaced).map((cause) => ({
    ...cause,
    field: path === '' ? cause.field : `${path}.${cause.field}`,
  }))
}

/** The fault as the text of a refused request: `spec.template.metadata: Invalid value: …`. */
export function faultText(fault: Cause): string {
  return `${fault.field}: ${fault.message}`
}
