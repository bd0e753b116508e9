// The CEL rules of a schema (`x-kubernetes-validations`), asked of an object.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import type { Rule } from '../schema/rule.ts'
import type { Schema } from '../schema/schema.ts'
import type { BadValue } from '../value/cause.ts'
import { atIndex, atKey, child, duplicate, forbidden, invalid, OMITTED, ROOT, required } from '../value/cause.ts'
import type { Correlation } from '../value/correlate.ts'
import { atItem, atName, isUnchanged, itemLike } from '../value/correlate.ts'
import { celValue } from './convert.ts'
import { evaluate } from './evaluate.ts'
import type { Node } from './node.ts'
import type { Program } from './program.ts'
import { programsOf } from './program.ts'
import type { Value } from './value.ts'
import { CelFault, Optional } from './value.ts'

/** Reasons after which rules are not asked. */
const BLOCKING: ReadonlySet<Cause['reason']> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
])

const NOT_CHECKED =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'

/** Causes for rules that do not hold; `before` are those found otherwise, of which some keep rules from being asked. */
export function ruleCauses(
  object: KubeObject,
  old: KubeObject | null,
  schema: Schema,
  before: readonly Cause[],
): readonly Cause[] {
  if (!hasRules(schema)) return []
  if (before.some((cause) => BLOCKING.has(cause.reason))) return [invalid(ROOT, null, NOT_CHECKED)]
  return walkRoot(object, old, schema).causes
}

/** Rules that do not hold, but whose part of the object is unchanged: told as warnings. */
export function ruleWarnings(object: KubeObject, old: KubeObject, schema: Schema): readonly string[] {
  if (!hasRules(schema)) return []
  return walkRoot(object, old, schema).forgiven.map((cause) => `${cause.field}: ${cause.message}`)
}

/** Rules that a default does not hold: as it is, and as one that comes where nothing was. */
export function defaultRuleCauses(value: Json, schema: Schema, path: string): readonly Cause[] {
  if (!hasRules(schema)) return []
  const none: Ratchet = { current: null, parent: null }
  const same = new Walk()
  same.node({ path, value, old: value, schema, root: false }, none)
  if (same.causes.length > 0) return same.causes
  const fresh = new Walk()
  fresh.node({ path, value, old: undefined, schema, root: false }, none)
  return fresh.causes
}

function walkRoot(object: KubeObject, old: KubeObject | null, schema: Schema): Walk {
  const walk = new Walk()
  const current: Correlation | null = old === null ? null : { value: object, old, schema }
  walk.node({ path: ROOT, value: object, old: old ?? undefined, schema, root: true }, { current, parent: null })
  return walk
}

/** True where a node or one below it, combinations aside, has rules. */
function hasRules(schema: Schema): boolean {
  if (schema.rules.length > 0) return true
  const below = [schema.items, schema.additional?.schema ?? null].filter((each) => each !== null)
  return [...below, ...schema.properties.values()].some(hasRules)
}

/** A value of the object, the old one it stands for, and its schema. */
interface Place {
  readonly path: string
  readonly value: Json
  readonly old: Json | undefined
  readonly schema: Schema
  readonly root: boolean
}

/** What may be forgiven: a node that is unchanged, or one in something that is. */
interface Ratchet {
  readonly current: Correlation | null
  readonly parent: Correlation | null
}

/** Goes over an object once and asks every rule. */
class Walk {
  readonly causes: Cause[] = []
  readonly forgiven: Cause[] = []

  node(place: Place, ratchet: Ratchet): void {
    const { value, schema, old } = place
    if (value === null) return
    this.#rules(place, ratchet)
    if (isList(value)) this.#items(value, place, ratchet)
    else if (isObject(value)) this.#fields(value, isObject(old) ? old : {}, schema, place.path, ratchet)
  }

  #items(list: readonly Json[], { path, old, schema }: Place, ratchet: Ratchet): void {
    const items = schema.items
    if (items === null) return
    const before = isList(old) && schema.listType === 'map' ? old : []
    list.forEach((value, index) => {
      const { current } = ratchet
      const inner = current === null ? ratchet : { current: atItem(current, index), parent: current }
      const was = itemLike(before, value, schema.listKeys)
      this.node({ path: atIndex(path, index), value, old: was, schema: items, root: items.embedded }, inner)
    })
  }

  #fields(
    value: { readonly [key: string]: Json },
    old: { readonly [key: string]: Json },
    schema: Schema,
    path: string,
    ratchet: Ratchet,
  ): void {
    const every = schema.additional?.schema ?? null
    for (const [name, field] of Object.entries(value)) {
      const property = schema.properties.get(name)
      const below = property ?? every
      if (below === null) continue
      const was = Object.hasOwn(old, name) ? old[name] : undefined
      const at = property === undefined ? atKey(path, name) : child(path, name)
      this.node({ path: at, value: field, old: was, schema: below, root: below.embedded }, within(ratchet, name))
    }
  }

  #rules(place: Place, ratchet: Ratchet): void {
    const programs = programsOf(place.schema, place.root)
    if (programs.length === 0) return
    const scopes = scopesOrFault(place)
    if (scopes instanceof CelFault) {
      const { rule } = programs[0] ?? { rule: null }
      if (rule !== null) this.causes.push(invalid(place.path, place.schema.type, faultDetail(scopes, rule)))
      return
    }
    for (const program of programs) this.#rule(program, place, scopes, ratchet)
  }

  #rule(program: Program, { path, schema, value, old }: Place, scopes: Scopes, ratchet: Ratchet): void {
    const { rule, node, problem } = program
    if (problem !== null) {
      this.causes.push(invalid(path, schema.type, `rule compile error: ${problem}`))
      return
    }
    const optional = rule.optionalOldSelf === true
    if (node === null || (program.usesOldSelf && old === undefined && !optional)) return
    const held = run(node, optional ? scopes.optional : scopes.plain)
    if (held === true) return
    if (held instanceof CelFault) {
      this.causes.push(invalid(path, schema.type, faultDetail(held, rule)))
      return
    }
    const at = program.fieldPath === '' ? path : child(path, program.fieldPath)
    const shown = schema.type === 'object' || schema.type === 'array' ? OMITTED : value
    const cause = causeOf(rule, at, shown, messageOf(program, scopes))
    const unchanged = ratchet.current ?? ratchet.parent
    const forgiven = !program.usesOldSelf && unchanged !== null && isUnchanged(unchanged)
    if (forgiven) this.forgiven.push(cause)
    else this.causes.push(cause)
  }
}

/** A change of kind and apiVersion cannot be seen, so they are always judged. */
function within({ current, parent }: Ratchet, name: string): Ratchet {
  if (current === null) return { current, parent }
  if (parent === null && (name === 'apiVersion' || name === 'kind')) return { current: null, parent: null }
  return { current: atName(current, name), parent: current }
}

interface Scopes {
  readonly plain: ReadonlyMap<string, Value>
  /** With an old value that may be none. */
  readonly optional: ReadonlyMap<string, Value>
}

/** A value that its schema does not allow can be no value of CEL. */
function scopesOrFault(place: Place): Scopes | CelFault {
  try {
    return scopesOf(place)
  } catch (error) {
    if (error instanceof CelFault) return error
    throw error
  }
}

function scopesOf({ value, old, schema, root }: Place): Scopes {
  const self = celValue(value, schema, root)
  const before = old === undefined || old === null ? undefined : celValue(old, schema, root)
  const plain = new Map<string, Value>([['self', self]])
  if (before !== undefined) plain.set('oldSelf', before)
  const optional = new Map<string, Value>([
    ['self', self],
    ['oldSelf', new Optional(before)],
  ])
  return { plain, optional }
}

function run(node: Node, scope: ReadonlyMap<string, Value>): Value | CelFault {
  try {
    return evaluate(node, scope)
  } catch (error) {
    if (error instanceof CelFault) return error
    throw error
  }
}

function faultDetail(fault: CelFault, rule: Rule): string {
  const told = rule.message === '' ? rule.rule.trim() : rule.message.trim()
  if (!fault.message.startsWith('no such overload')) return `${fault.message} evaluating rule: ${told}`
  return `'${fault.message}': call arguments did not match a supported operator, function or macro signature for rule: ${told}`
}

const MOST_MESSAGE = 5 * 1024

/** The words for a rule that does not hold; those of its expression where that gives good ones. */
function messageOf(program: Program, scopes: Scopes): string {
  const { rule, message } = program
  if (message !== null) {
    const made = run(message, scopes.plain)
    const text = typeof made === 'string' ? made.trim() : ''
    if (text !== '' && !text.includes('\n') && new TextEncoder().encode(text).length <= MOST_MESSAGE) return text
  }
  return rule.message === '' ? `failed rule: ${rule.rule.trim()}` : rule.message.trim()
}

function causeOf(rule: Rule, path: string, value: BadValue, detail: string): Cause {
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return forbidden(path, detail)
    case 'FieldValueRequired':
      return required(path, detail)
    case 'FieldValueDuplicate':
      return duplicate(path, value)
    default:
      return invalid(path, value, detail)
  }
}
