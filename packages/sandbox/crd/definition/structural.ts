// The rules of structural schemas: every value's type stands outside of allOf, anyOf, oneOf and not.
import type { Cause } from '../../registry/kind.ts'
import type { Schema } from '../schema/schema.ts'
import { atIndex, atKey, child, forbidden, invalid, required } from '../value/cause.ts'
import { compilePattern } from '../value/pattern.ts'

type Level = 'root' | 'item' | 'field'

/** Why a schema has no structure at all; null where it has. */
export function unreadable(schema: Schema): string | null {
  const { raw } = schema
  for (const key of ['id', '$schema', '$ref', 'patternProperties', 'dependencies', 'additionalItems', 'definitions']) {
    const value = raw[key]
    const empty =
      value === undefined || value === '' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)
    if (!empty) return `OpenAPIV3Schema '${key === '$schema' ? 'schema' : key}' is not supported`
  }
  if (schema.preserve === false) {
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined"
  }
  if (schema.manyItems.length > 0) return "OpenAPIV3Schema 'items' must be a schema, but is an array"
  for (const below of partsOf(schema)) {
    const why = unreadable(below)
    if (why !== null) return why
  }
  return null
}

function partsOf(schema: Schema): readonly Schema[] {
  return [
    ...[schema.not, schema.items, schema.additional?.schema ?? null].filter((each) => each !== null),
    ...schema.allOf,
    ...schema.anyOf,
    ...schema.oneOf,
    ...schema.properties.values(),
  ]
}

/** What is not structural about the schema of a resource. */
export function structuralCauses(schema: Schema, path: string): readonly Cause[] {
  return [...nodeCauses(schema, 'root', path), ...completeCauses(schema, schema, path, path)]
}

function nodeCauses(schema: Schema, level: Level, path: string): readonly Cause[] {
  const { additional } = schema
  return [
    ...(schema.type === 'array' && schema.items === null ? [required(child(path, 'items'), 'must be specified')] : []),
    ...(schema.items === null ? [] : nodeCauses(schema.items, 'item', child(path, 'items'))),
    ...[...schema.properties].flatMap(([name, below]) =>
      nodeCauses(below, 'field', atKey(child(path, 'properties'), name)),
    ),
    ...(additional !== null && level === 'root'
      ? [forbidden(child(path, 'additionalProperties'), 'must not be used at the root')]
      : []),
    ...(additional?.schema == null ? [] : nodeCauses(additional.schema, 'field', child(path, 'additionalProperties'))),
    ...extensionCauses(schema, path),
    ...valueCauses(schema, level, path, isIntOrString(schema.anyOf), isIntOrString(schema.allOf[0]?.anyOf ?? [])),
    ...typeCauses(schema, level, path),
    ...metaCauses(schema, level, path),
  ]
}

function extensionCauses(schema: Schema, path: string): readonly Cause[] {
  if (!schema.intOrString) return []
  const detail = 'must be false if x-kubernetes-int-or-string is true'
  return [
    ...(schema.preserve === true ? [invalid(child(path, 'x-kubernetes-preserve-unknown-fields'), true, detail)] : []),
    ...(schema.embedded ? [invalid(child(path, 'x-kubernetes-embedded-resource'), true, detail)] : []),
  ]
}

const EMPTY_TYPE: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
}

function typeCauses(schema: Schema, level: Level, path: string): readonly Cause[] {
  const at = child(path, 'type')
  const causes: Cause[] = []
  if (schema.embedded && schema.type !== 'object') {
    const detail = 'must be object if x-kubernetes-embedded-resource is true'
    causes.push(schema.type === '' ? required(at, detail) : invalid(at, schema.type, detail))
  } else if (schema.type === '' && !schema.intOrString && schema.preserve !== true) {
    causes.push(required(at, EMPTY_TYPE[level]))
  }
  if (schema.embedded && schema.additional !== null) {
    const detail = 'must not be used if x-kubernetes-embedded-resource is set'
    causes.push(forbidden(child(path, 'additionalProperties'), detail))
  }
  if (level === 'root' && schema.type !== '' && schema.type !== 'object') {
    causes.push(invalid(at, schema.type, 'must be object at the root'))
  }
  return causes
}

function metaCauses(schema: Schema, level: Level, path: string): readonly Cause[] {
  const checked = level === 'root' || schema.embedded
  const at = (name: string): string => atKey(child(path, 'properties'), name)
  const causes: Cause[] = []
  for (const name of checked ? ['kind', 'apiVersion'] : []) {
    const type = schema.properties.get(name)?.type
    if (type !== undefined && type !== 'string') causes.push(invalid(child(at(name), 'type'), type, 'must be string'))
  }
  const metadata = schema.properties.get('metadata')
  if (metadata !== undefined && checked && metadata.type !== 'object') {
    causes.push(invalid(child(at('metadata'), 'type'), metadata.type, 'must be object'))
  }
  if (metadata !== undefined && level === 'root' && saysMore(metadata)) {
    const detail = 'must not specify anything other than name and generateName, but metadata is implicitly specified'
    causes.push(forbidden(at('metadata'), detail))
  }
  if (schema.embedded && schema.preserve !== true && schema.properties.size === 0) {
    const detail =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields'
    causes.push(required(child(path, 'properties'), detail))
  }
  return causes
}

/** True where a schema of metadata says more than what its name may be. */
function saysMore(metadata: Schema): boolean {
  const { type: _, default: __, properties: ___, ...rest } = metadata.raw
  const onlyNames = [...metadata.properties.keys()].every((name) => name === 'name' || name === 'generateName')
  return Object.keys(rest).length > 0 || !onlyNames
}

/** `anyOf: [{type: integer}, {type: string}]`, the one place where types may stand in a combination. */
function isIntOrString(schemas: readonly Schema[]): boolean {
  const types = schemas.map((each) => (Object.keys(each.raw).length === 1 ? each.type : ''))
  return types.length === 2 && types[0] === 'integer' && types[1] === 'string'
}

function valueCauses(
  schema: Schema,
  level: Level,
  path: string,
  skipAnyOf: boolean,
  skipFirstOfAll: boolean,
): readonly Cause[] {
  const compiled = schema.pattern === '' ? null : compilePattern(schema.pattern)
  const detail =
    compiled?.kind === 'problem' ? `must be a valid regular expression, but isn't: ${compiled.problem}` : null
  return [
    ...(skipAnyOf ? [] : schema.anyOf).flatMap((each, index) =>
      nestedCauses(each, level, atIndex(child(path, 'anyOf'), index)),
    ),
    ...schema.allOf.flatMap((each, index) =>
      nestedCauses(each, level, atIndex(child(path, 'allOf'), index), skipFirstOfAll && index === 0),
    ),
    ...schema.oneOf.flatMap((each, index) => nestedCauses(each, level, atIndex(child(path, 'oneOf'), index))),
    ...(schema.not === null ? [] : nestedCauses(schema.not, level, child(path, 'not'))),
    ...(detail === null ? [] : [invalid(child(path, 'pattern'), schema.pattern, detail)]),
  ]
}

function nestedCauses(schema: Schema, level: Level, path: string, skipAnyOf = false): readonly Cause[] {
  const no = (bad: boolean, key: string, word: string): readonly Cause[] =>
    bad ? [forbidden(child(path, key), `must be ${word} to be structural`)] : []
  const { additional } = schema
  return [
    ...valueCauses(schema, level, path, skipAnyOf, false),
    ...(schema.items === null ? [] : nestedCauses(schema.items, level, child(path, 'items'))),
    ...[...schema.properties].flatMap(([name, below]) =>
      nestedCauses(below, 'field', atKey(child(path, 'properties'), name)),
    ),
    ...no(schema.type !== '', 'type', 'empty'),
    ...no(
      additional !== null && (additional.allows || additional.schema !== null),
      'additionalProperties',
      'undefined',
    ),
    ...no(schema.default !== null, 'default', 'undefined'),
    ...no(schema.title !== '', 'title', 'empty'),
    ...no(schema.description !== '', 'description', 'empty'),
    ...no(schema.nullable, 'nullable', 'false'),
    ...no(schema.preserve === true, 'x-kubernetes-preserve-unknown-fields', 'false'),
    ...no(schema.embedded, 'x-kubernetes-embedded-resource', 'false'),
    ...no(schema.intOrString, 'x-kubernetes-int-or-string', 'false'),
    ...no(schema.listKeys.length > 0, 'x-kubernetes-list-map-keys', 'empty'),
    ...no(schema.listType !== null, 'x-kubernetes-list-type', 'undefined'),
    ...no(schema.mapType !== null, 'x-kubernetes-map-type', 'undefined'),
    ...no(schema.rules.length > 0, 'x-kubernetes-validations', 'empty'),
    ...(schema.properties.has('metadata')
      ? [forbidden(atKey(child(path, 'properties'), 'metadata'), 'must not be specified in a nested context')]
      : []),
  ]
}

/** What a combination speaks of must be specified outside of it. */
function completeCauses(value: Schema, spine: Schema | null, path: string, from: string): readonly Cause[] {
  if (spine === null) return [required(path, `because it is defined in ${from}`)]
  const into = (each: Schema, at: string): readonly Cause[] => nestedComplete(each, spine, path, at)
  return [
    ...(value.not === null ? [] : into(value.not, child(from, 'not'))),
    ...value.allOf.flatMap((each, index) => into(each, atIndex(child(from, 'allOf'), index))),
    ...value.anyOf.flatMap((each, index) => into(each, atIndex(child(from, 'anyOf'), index))),
    ...value.oneOf.flatMap((each, index) => into(each, atIndex(child(from, 'oneOf'), index))),
  ]
}

function nestedComplete(value: Schema, spine: Schema | null, path: string, from: string): readonly Cause[] {
  if (spine === null) return [required(path, `because it is defined in ${from}`)]
  return [
    ...completeCauses(value, spine, path, from),
    ...(value.items === null
      ? []
      : nestedComplete(value.items, spine.items, child(path, 'items'), child(from, 'items'))),
    ...[...value.properties].flatMap(([name, below]) => {
      const at = atKey(child(path, 'properties'), name)
      return nestedComplete(below, spine.properties.get(name) ?? null, at, atKey(child(from, 'properties'), name))
    }),
  ]
}
