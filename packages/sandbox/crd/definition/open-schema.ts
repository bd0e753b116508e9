// What a definition may say in its schema beside structure: forbidden words, list types, keys, rules.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import type { Cost } from '../cel/definition.ts'
import { judgeRules, totalCauses } from '../cel/definition.ts'
import { timesBelow } from '../cel/size.ts'
import type { Schema } from '../schema/schema.ts'
import { META_FIELDS, schemaOf } from '../schema/schema.ts'
import { atIndex, atKey, child, forbidden, invalid, notSupported, required } from '../value/cause.ts'
import { findField } from './field-path.ts'
import { listTypeCauses } from './list-type.ts'

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string']
const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']

/** Where a node lies, as far as it decides what it may say. */
interface Place {
  readonly root: boolean
  /** Why no default may stand here; null where one may. */
  readonly noDefault: string | null
  readonly insideMeta: boolean
  readonly uncorrelatable: string | null
  /** Rules are compiled here: not below combinations, nor where the structure is wrong. */
  readonly rules: boolean
  /** How often the node can be in one object; null where nothing bounds it. */
  readonly times: bigint | null
}

/** Causes about schemas and causes about rules; the second are not sought where the first are. */
interface Found {
  readonly schema: readonly Cause[]
  readonly rules: readonly Cause[]
  readonly costs: readonly Cost[]
}

/** What is wrong with the schema of a version. `structural`: its structure was found right. */
export function openSchemaCauses(schema: Schema, path: string, structural: boolean): readonly Cause[] {
  const place: Place = {
    root: true,
    noDefault: null,
    insideMeta: false,
    uncorrelatable: null,
    rules: structural,
    times: 1n,
  }
  const found = judge(schema, path, place)
  return [...found.schema, ...found.rules, ...totalCauses(found.costs, path)]
}

function judge(schema: Schema, path: string, place: Place): Found {
  const below = [...structureBelow(schema, path, place), ...combinationsBelow(schema, path, place)]
  const own = [...wordCauses(schema, path, place), ...listTypeCauses(schema, path), ...ruleTextCauses(schema, path)]
  const inSchema = [...own, ...below.flatMap((each) => each.schema)]
  const rules = below.flatMap((each) => each.rules)
  const costs = below.flatMap((each) => each.costs)
  if (schema.rules.length === 0 || inSchema.length > 0 || !place.rules) return { schema: inSchema, rules, costs }
  const judged = judgeRules(
    schema,
    { root: place.root || schema.embedded, uncorrelatable: place.uncorrelatable, times: place.times },
    child(path, 'x-kubernetes-validations'),
  )
  return { schema: inSchema, rules: [...rules, ...judged.causes], costs: [...costs, ...judged.costs] }
}

function structureBelow(schema: Schema, path: string, place: Place): readonly Found[] {
  const inner: Place = { ...place, root: false, times: timesBelow(schema, place.times) }
  const correlated = schema.mapType === null || schema.mapType === 'granular' || schema.mapType === 'atomic'
  const found: Found[] = []
  if (schema.additional?.schema != null) {
    const noDefault = place.insideMeta ? 'inside additionalProperties applying to object metadata' : place.noDefault
    found.push(judge(schema.additional.schema, child(path, 'additionalProperties'), { ...inner, noDefault }))
  }
  for (const [name, property] of schema.properties) {
    const isMeta = (place.root || schema.embedded) && META_FIELDS.has(name)
    found.push(
      judge(property, atKey(child(path, 'properties'), name), {
        ...inner,
        insideMeta: place.insideMeta || isMeta,
        noDefault: isMeta && place.root ? `in top-level ${name}` : place.noDefault,
        uncorrelatable: place.uncorrelatable ?? (correlated ? null : path),
      }),
    )
  }
  const uncorrelatable = place.uncorrelatable ?? (schema.listType === 'map' ? null : path)
  const item: Place = { ...inner, uncorrelatable }
  if (schema.items !== null) found.push(judge(schema.items, child(path, 'items'), item))
  schema.manyItems.forEach((each, index) => {
    found.push(judge(each, atIndex(child(path, 'items'), index), item))
  })
  return found
}

function combinationsBelow(schema: Schema, path: string, place: Place): readonly Found[] {
  const inner: Place = { ...place, root: false, rules: false }
  const each = (key: 'allOf' | 'oneOf' | 'anyOf'): readonly Found[] =>
    schema[key].map((below, index) => judge(below, atIndex(child(path, key), index), inner))
  const named = (key: string): readonly Found[] =>
    entriesOf(schema.raw[key]).map(([name, raw]) => judge(schemaOf(raw), atKey(child(path, key), name), inner))
  return [
    ...(schema.not === null ? [] : [judge(schema.not, child(path, 'not'), inner)]),
    ...each('allOf'),
    ...each('oneOf'),
    ...each('anyOf'),
    ...named('definitions'),
    ...named('dependencies'),
  ]
}

function entriesOf(value: Json | undefined): readonly (readonly [string, { readonly [key: string]: Json }])[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, each]) => (isObject(each) ? [[name, each] as const] : []))
}

const REFUSED = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'] as const

function wordCauses(schema: Schema, path: string, place: Place): readonly Cause[] {
  const causes: Cause[] = []
  const { raw, type } = schema
  if (type !== '' && !TYPES.includes(type)) causes.push(notSupported(child(path, 'type'), type, TYPES))
  if (schema.default !== null && place.noDefault !== null) {
    causes.push(forbidden(child(path, 'default'), `must not be set ${place.noDefault}`))
  }
  for (const key of REFUSED) {
    const value = raw[key]
    const said = value !== undefined && value !== '' && !(isObject(value) && Object.keys(value).length === 0)
    if (said) causes.push(forbidden(child(path, key), `${key} is not supported`))
  }
  if (type === 'null') {
    causes.push(forbidden(child(path, 'type'), 'type cannot be set to null, use nullable as an alternative'))
  }
  if (isList(raw.items) && raw.items.length > 0) {
    causes.push(forbidden(child(path, 'items'), 'items must be a schema object and not an array'))
  }
  if (place.insideMeta && schema.embedded) {
    causes.push(forbidden(child(path, 'x-kubernetes-embedded-resource'), 'must not be used inside of resource meta'))
  }
  if (schema.uniqueItems) {
    const detail = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'
    causes.push(forbidden(child(path, 'uniqueItems'), detail))
  }
  const { additional } = schema
  if (schema.properties.size > 0 && additional !== null && (!additional.allows || additional.schema !== null)) {
    const detail = 'additionalProperties and properties are mutual exclusive'
    causes.push(forbidden(child(path, 'additionalProperties'), detail))
  }
  if (schema.preserve === false) {
    causes.push(invalid(child(path, 'x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'))
  }
  return causes
}

/** What is wrong with rules as texts. */
function ruleTextCauses(schema: Schema, path: string): readonly Cause[] {
  return schema.rules.flatMap((rule, index) => {
    const at = (key: string): string => child(atIndex(child(path, 'x-kubernetes-validations'), index), key)
    const text = rule.rule.trim()
    const message = rule.message.trim()
    const causes: Cause[] = []
    if (text === '') causes.push(required(at('rule'), 'rule is not specified'))
    else if (rule.message !== '' && message === '') {
      causes.push(invalid(at('message'), rule.message, 'must be non-empty if specified'))
    } else if (/[\n\r]/.test(message)) {
      causes.push(invalid(at('message'), rule.message, 'must not contain line breaks'))
    } else if (/[\n\r]/.test(text) && message === '') {
      causes.push(required(at('message'), 'message must be specified if rule contains line breaks'))
    }
    if (rule.messageExpression !== '' && rule.messageExpression.trim() === '') {
      causes.push(required(at('messageExpression'), 'messageExpression must be non-empty if specified'))
    }
    if (rule.reason !== null && !REASONS.includes(rule.reason)) {
      causes.push(notSupported(at('reason'), rule.reason, REASONS))
    }
    return [...causes, ...ruleFieldCauses(schema, rule.fieldPath, at('fieldPath'))]
  })
}

function ruleFieldCauses(schema: Schema, fieldPath: string, at: string): readonly Cause[] {
  if (fieldPath === '') return []
  return [
    ...(fieldPath.trim() === '' ? [invalid(at, fieldPath, 'must be non-empty if specified')] : []),
    ...(/[\n\r]/.test(fieldPath) ? [invalid(at, fieldPath, 'must not contain line breaks')] : []),
    ...(findField(fieldPath, schema).kind === 'problem' ? [invalid(at, fieldPath, 'must be a valid path')] : []),
  ]
}
