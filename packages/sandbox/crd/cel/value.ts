// The values that CEL works with: int64 is bigint, double is number.
import type { CelType } from './type.ts'

/** A value. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint
  | Uint8Array
  | List
  | Fields
  | MapValue
  | Timestamp
  | Span
  | TypeValue
  | Optional
  | Opaque

/** What went wrong in an evaluation, in the words of the real evaluator. */
export class CelFault extends Error {}

/** An unsigned integer. */
export class Uint {
  readonly value: bigint
  constructor(value: bigint) {
    if (value < 0n || value >= 1n << 64n) throw new CelFault('unsigned integer overflow')
    this.value = value
  }
}

/** A list, and how its items are told apart where its schema says so. */
export class List {
  readonly items: readonly Value[]
  readonly by: 'order' | 'value' | 'keys'
  readonly keys: readonly string[]
  constructor(items: readonly Value[], by: 'order' | 'value' | 'keys' = 'order', keys: readonly string[] = []) {
    this.items = items
    this.by = by
    this.keys = keys
  }
}

/** An object of a schema: fields under their escaped names; those that are absent are not there. */
export class Fields {
  readonly fields: ReadonlyMap<string, Value>
  constructor(fields: ReadonlyMap<string, Value>) {
    this.fields = fields
  }
}

/** A map. Keys are kept by a text that tells their types apart. */
export class MapValue {
  readonly entries: ReadonlyMap<string, readonly [Value, Value]>
  constructor(entries: readonly (readonly [Value, Value])[]) {
    this.entries = new Map(entries.map((entry) => [keyText(entry[0]), entry]))
  }
  get(key: Value): Value | undefined {
    return this.entries.get(keyText(key))?.[1]
  }
}

function keyText(key: Value): string {
  if (typeof key === 'string') return `s${key}`
  if (typeof key === 'boolean') return `b${key}`
  if (key instanceof Uint) return `n${key.value}`
  if (typeof key === 'number' && Number.isInteger(key)) return `n${BigInt(key)}`
  return `n${String(key)}`
}

/** A point in time. */
export class Timestamp {
  readonly nanos: bigint
  constructor(nanos: bigint) {
    const seconds = nanos / 1_000_000_000n
    if (seconds < -62135596800n || seconds > 253402300799n) throw new CelFault('timestamp overflow')
    this.nanos = nanos
  }
}

/** A length of time. */
export class Span {
  readonly nanos: bigint
  constructor(nanos: bigint) {
    if (nanos < -(1n << 63n) || nanos >= 1n << 63n) throw new CelFault('integer overflow')
    this.nanos = nanos
  }
}

/** A type as a value. */
export class TypeValue {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** A value or none. */
export class Optional {
  readonly value: Value | undefined
  constructor(value: Value | undefined) {
    this.value = value
  }
}

/** A value of a function library. `text` decides equality. */
export class Opaque {
  readonly type: string
  readonly text: string
  readonly data: unknown
  constructor(type: string, text: string, data: unknown = text) {
    this.type = type
    this.text = text
    this.data = data
  }
}

/** An int64, or a fault where the number is none. */
export function int(value: bigint): bigint {
  if (value < -(1n << 63n) || value >= 1n << 63n) throw new CelFault('integer overflow')
  return value
}

/** The name of a value's type at run time. */
export function typeName(value: Value): string {
  if (value === null) return 'null_type'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'double'
  if (typeof value === 'string') return 'string'
  if (value instanceof Uint) return 'uint'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof List) return 'list'
  if (value instanceof MapValue) return 'map'
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp'
  if (value instanceof Span) return 'google.protobuf.Duration'
  if (value instanceof TypeValue) return 'type'
  if (value instanceof Optional) return 'optional_type'
  return value instanceof Opaque ? value.type : 'object'
}

/** True where a value is of a (declared, parameterless) type; lists and maps whatever is in them. */
export function isOf(value: Value, type: CelType): boolean {
  switch (type.kind) {
    case 'dyn':
    case 'param':
    case 'error':
      return true
    case 'null':
      return value === null
    case 'timestamp':
      return value instanceof Timestamp
    case 'duration':
      return value instanceof Span
    case 'optional':
      return value instanceof Optional
    case 'opaque':
      return value instanceof Opaque && value.type === type.name
    case 'object':
      return value instanceof Fields
    case 'map':
      return value instanceof MapValue || value instanceof Fields
    default:
      return typeName(value) === type.kind
  }
}

/** Equality across numeric types; lists by what their schema says. */
export function equal(a: Value, b: Value): boolean {
  const left = numeric(a)
  const right = numeric(b)
  // biome-ignore lint/suspicious/noDoubleEquals: numbers are compared across bigint and number.
  if (left !== null && right !== null) return left == right
  if (a instanceof List) return b instanceof List && equalLists(a, b)
  if (a instanceof Fields) return b instanceof Fields && equalFields(a, b)
  if (a instanceof MapValue) return b instanceof MapValue && equalMaps(a, b)
  return a === b || equalBoxed(a, b)
}

function equalFields(a: Fields, b: Fields): boolean {
  return a.fields.size === b.fields.size && [...a.fields].every(([key, value]) => hasEqual(b.fields.get(key), value))
}

function equalMaps(a: MapValue, b: MapValue): boolean {
  return (
    a.entries.size === b.entries.size && [...a.entries.values()].every(([key, value]) => hasEqual(b.get(key), value))
  )
}

function equalBoxed(a: Value, b: Value): boolean {
  if (a instanceof Timestamp || a instanceof Span)
    return a.constructor === b?.constructor && a.nanos === (b as Span).nanos
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name
  if (a instanceof Opaque) return b instanceof Opaque && a.type === b.type && a.text === b.text
  if (a instanceof Uint8Array) {
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, at) => byte === b[at])
  }
  if (!(a instanceof Optional && b instanceof Optional)) return false
  if (a.value === undefined || b.value === undefined) return a.value === b.value
  return equal(a.value, b.value)
}

function hasEqual(other: Value | undefined, value: Value): boolean {
  return other !== undefined && equal(other, value)
}

/** The number in a value, or null. */
export function numeric(value: Value): number | bigint | null {
  if (value instanceof Uint) return value.value
  return typeof value === 'number' || typeof value === 'bigint' ? value : null
}

function equalLists(a: List, b: List): boolean {
  if (a.items.length !== b.items.length) return false
  if (a.by === 'order') return a.items.every((item, index) => hasEqual(b.items[index], item))
  return a.items.every((item) => b.items.some((other) => equal(item, other)))
}
