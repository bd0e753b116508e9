// What a definition may say of how lists and maps are merged.
import type { Cause } from '../../registry/kind.ts'
import type { Schema } from '../schema/schema.ts'
import { atKey, child, forbidden, invalid, notSupported, required } from '../value/cause.ts'

/** What is wrong with the list and map types of a node. */
export function listTypeCauses(schema: Schema, path: string): readonly Cause[] {
  return [
    ...mapTypeCauses(schema, path),
    ...typeCauses(schema, path),
    ...keyCauses(schema, path),
    ...itemCauses(schema, path),
    ...mapKeyCauses(schema, path),
  ]
}

function mapTypeCauses({ mapType, type }: Schema, path: string): readonly Cause[] {
  if (mapType === null) return []
  const known = ['atomic', 'granular']
  return [
    ...wrongType(type, 'object', child(path, 'type'), 'must be object if x-kubernetes-map-type is specified'),
    ...(known.includes(mapType) ? [] : [notSupported(child(path, 'x-kubernetes-map-type'), mapType, known)]),
  ]
}

function wrongType(type: string, wanted: string, path: string, detail: string): readonly Cause[] {
  if (type === wanted) return []
  return [type === '' ? required(path, detail) : invalid(path, type, detail)]
}

function typeCauses(schema: Schema, path: string): readonly Cause[] {
  const { listType, type, items } = schema
  if (listType === null) return []
  const known = ['atomic', 'set', 'map']
  const unknown = known.includes(listType) ? [] : [notSupported(child(path, 'x-kubernetes-list-type'), listType, known)]
  const wrong = wrongType(type, 'array', child(path, 'type'), 'must be array if x-kubernetes-list-type is specified')
  if (wrong.length > 0 || listType !== 'set' || items === null) return [...wrong, ...unknown]
  const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set'
  const at = child(path, 'items')
  if (items.type === 'array' && items.listType !== null && items.listType !== 'atomic') {
    return [invalid(child(at, 'x-kubernetes-list-type'), items.listType, detail), ...unknown]
  }
  if (items.type === 'object' && items.mapType !== 'atomic') {
    // The real server shows the type of the list here, which an object has none of.
    return [invalid(child(at, 'x-kubernetes-map-type'), items.listType, detail), ...unknown]
  }
  return unknown
}

function keyCauses({ listType, listKeys }: Schema, path: string): readonly Cause[] {
  if (listKeys.length === 0 || listType === 'map') return []
  const at = child(path, 'x-kubernetes-list-type')
  const detail = 'must be map if x-kubernetes-list-map-keys is non-empty'
  return [listType === null ? required(at, detail) : invalid(at, listType, detail)]
}

function itemCauses(schema: Schema, path: string): readonly Cause[] {
  if (schema.listType !== 'map') return []
  const { items, listKeys } = schema
  const keys = child(path, 'x-kubernetes-list-map-keys')
  const causes: Cause[] = []
  if (listKeys.length === 0) causes.push(required(keys, 'must not be empty if x-kubernetes-list-type is map'))
  if (items === null) {
    causes.push(required(child(path, 'items'), 'must have a schema if x-kubernetes-list-type is map'))
    return causes
  }
  if (items.type !== 'object') {
    const detail = "must be object if parent array's x-kubernetes-list-type is map"
    return [...causes, invalid(child(path, 'items', 'type'), items.type, detail)]
  }
  listKeys.forEach((key, index) => {
    const property = items.properties.get(key)
    if (property === undefined) causes.push(invalid(keys, listKeys, 'entries must all be names of item properties'))
    else if (property.type === 'array' || property.type === 'object') {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map"
      causes.push(invalid(child(atKey(child(path, 'items', 'properties'), key), 'type'), items.type, detail))
    }
    if (listKeys.indexOf(key) < index) causes.push(invalid(keys, listKeys, 'must not contain duplicate entries'))
  })
  return causes
}

function mapKeyCauses(schema: Schema, path: string): readonly Cause[] {
  const { items, listType, listKeys } = schema
  if (items === null || (listType !== 'set' && listType !== 'map')) return []
  const at = child(path, 'items')
  const causes: Cause[] = items.nullable
    ? [forbidden(child(at, 'nullable'), `cannot be nullable when x-kubernetes-list-type is ${listType}`)]
    : []
  for (const key of listType === 'map' ? listKeys : []) {
    const property = items.properties.get(key)
    if (property === undefined) continue
    const place = atKey(child(at, 'properties'), key)
    const its = 'this property is in x-kubernetes-list-map-keys, so it'
    if (!items.required.includes(key) && property.default === null) {
      causes.push(required(child(place, 'default'), `${its} must have a default or be a required property`))
    }
    if (property.nullable) causes.push(forbidden(child(place, 'nullable'), `${its} cannot be nullable`))
  }
  return causes
}
