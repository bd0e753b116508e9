// Small readers of JSON shapes: each checks one value and names the field that is wrong.
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'

/** Collects what is wrong while a value is read. */
export interface Reading {
  readonly faults: { readonly field: string; readonly what: string }[]
}

/** Reads one value at a field path. What is wrong is noted and answered with a stand-in, so that all faults are found. */
export type Reader<T> = (value: Json | undefined, field: string, reading: Reading) => T

/** A text. */
export const text: Reader<string> = (value, field, reading) =>
  typeof value === 'string' ? value : wrong(value, field, reading, 'a text', '')

/** A whole number that a `number` holds exactly. */
export const integer: Reader<number> = (value, field, reading) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : wrong(value, field, reading, 'a whole number', 0)

/** True or false. */
export const flag: Reader<boolean> = (value, field, reading) =>
  typeof value === 'boolean' ? value : wrong(value, field, reading, 'true or false', false)

/** The constant `true`. */
export const yes: Reader<true> = (value, field, reading) =>
  value === true ? true : wrong(value, field, reading, 'true', true)

/** Any JSON value, but not nothing. */
export const anything: Reader<Json> = (value, field, reading) =>
  value === undefined ? wrong(value, field, reading, 'a value', null) : value

/** One of some texts. */
export function oneOf<const T extends string>(...allowed: readonly [T, ...T[]]): Reader<T> {
  return (value, field, reading) => {
    const found = allowed.find((each) => each === value)
    return found ?? wrong(value, field, reading, `one of ${allowed.join(', ')}`, allowed[0])
  }
}

/** What `reader` reads, or null. */
export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (value, field, reading) => (value === null ? null : reader(value, field, reading))
}

/** What `reader` reads, or a field that is not there: `record` leaves it out. */
export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, field, reading) => (value === undefined ? undefined : reader(value, field, reading))
}

/** A list of what `reader` reads. */
export function listOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value, field, reading) => {
    if (!isList(value)) return wrong(value, field, reading, 'a list', [])
    return value.map((item, at) => reader(item, `${field}[${at}]`, reading))
  }
}

type Fields<T> = { readonly [K in keyof T]-?: Reader<T[K]> }

/** An object with exactly these fields: an unknown field is a fault, because it would be lost in silence. */
export function record<T extends object>(fields: Fields<T>): Reader<T> {
  return (value, field, reading) => {
    const found = isObject(value) ? value : wrong<JsonObject>(value, field, reading, 'an object', {})
    for (const name of Object.keys(found)) {
      if (!Object.hasOwn(fields, name)) reading.faults.push({ field: at(field, name), what: 'is not a known field' })
    }
    if (!isObject(value)) return standIn<T>()
    const names = Object.keys(fields) as (keyof T & string)[] // The keys of a literal are the keys of its type.
    const entries = names.map((name) => {
      const own = Object.hasOwn(found, name) ? found[name] : undefined
      return [name, fields[name](own, at(field, name), reading)] as const
    })
    return Object.fromEntries(entries.filter(([, read]) => read !== undefined)) as T // Every field of T was just read by the reader of its type.
  }
}

/** An object whose field `kind` says which of several shapes it has. Each reader reads the whole object. */
export function variant<T>(readers: Readonly<Record<string, Reader<T>>>): Reader<T> {
  return (value, field, reading) => {
    const kind = isObject(value) ? value.kind : undefined
    const reader = typeof kind === 'string' && Object.hasOwn(readers, kind) ? readers[kind] : undefined
    if (reader !== undefined) return reader(value, field, reading)
    wrong(kind, at(field, 'kind'), reading, `one of ${Object.keys(readers).join(', ')}`, null)
    return standIn<T>()
  }
}

/** The constant text `kind` of a variant. */
export function kind<const K extends string>(name: K): Reader<K> {
  return oneOf(name)
}

/** Stands where nothing could be read. Nobody gets it: a reading with faults gives no value. */
function standIn<T>(): T {
  return {} as T
}

function wrong<T>(value: Json | undefined, field: string, reading: Reading, expected: string, instead: T): T {
  const found = value === undefined ? 'is missing' : `is ${describe(value)}`
  reading.faults.push({ field, what: `${found}, expected ${expected}` })
  return instead
}

/** The kind of a value, never the value itself: it may be long, or secret. */
function describe(value: Json): string {
  if (value === null) return 'null'
  if (isList(value)) return 'a list'
  switch (typeof value) {
    case 'object':
      return 'an object'
    case 'string':
      return value.length <= 40 ? `"${value}"` : 'a text'
    default:
      return String(value)
  }
}

function at(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`
}
