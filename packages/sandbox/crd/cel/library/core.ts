// Operators and conversions of CEL itself.
import { floatText, isInt64 } from '../../value/text.ts'
import type { Row } from '../function.ts'
import { durationText, readDuration, readTimestamp, timestampText } from '../time.ts'
import type { Value } from '../value.ts'
import {
  CelFault,
  equal,
  Fields,
  int,
  List,
  MapValue,
  numeric,
  Span,
  Timestamp,
  TypeValue,
  typeName,
  Uint,
} from '../value.ts'

function fail(text: string): never {
  throw new CelFault(text)
}

/** The sign of a comparison; numbers compare across their types. */
export function compare(a: Value, b: Value): number {
  const left = numeric(a) ?? nanosOf(a)
  const right = numeric(b) ?? nanosOf(b)
  if (left !== null && right !== null) return left < right ? -1 : left > right ? 1 : 0
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (!(a instanceof Uint8Array && b instanceof Uint8Array)) return fail('no such overload')
  return compareText(String.fromCharCode(...a), String.fromCharCode(...b))
}

function nanosOf(value: Value): bigint | null {
  return value instanceof Timestamp || value instanceof Span ? value.nanos : null
}

/** By code point, as bytes of UTF-8 compare. */
function compareText(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

const ORDERED = ['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration']
const MIXED = ['int,double', 'double,int', 'uint,double', 'double,uint', 'int,uint', 'uint,int']

function comparison(operator: string, holds: (sign: number) => boolean): readonly Row[] {
  const run = (a: Value, b: Value): boolean => {
    // Nothing compares with a number that is none.
    if ((typeof a === 'number' && Number.isNaN(a)) || (typeof b === 'number' && Number.isNaN(b))) return false
    return holds(compare(a, b))
  }
  const pairs = [...ORDERED.map((type) => `${type},${type}`), ...MIXED]
  return pairs.map((pair): Row => [`${operator}(${pair})bool`, run])
}

const OPERATORS: readonly Row[] = [
  ['_==_(A,A)bool', equal],
  ['_!=_(A,A)bool', (a: Value, b: Value) => !equal(a, b)],
  ...comparison('_<_', (sign) => sign < 0),
  ...comparison('_<=_', (sign) => sign <= 0),
  ...comparison('_>_', (sign) => sign > 0),
  ...comparison('_>=_', (sign) => sign >= 0),
  ['!_(bool)bool', (a: boolean) => !a],
  ['-_(int)int', (a: bigint) => int(-a)],
  ['-_(double)double', (a: number) => -a],
  ['_+_(int,int)int', (a: bigint, b: bigint) => int(a + b)],
  ['_+_(uint,uint)uint', (a: Uint, b: Uint) => new Uint(a.value + b.value)],
  ['_+_(double,double)double', (a: number, b: number) => a + b],
  ['_+_(string,string)string', (a: string, b: string) => a + b],
  ['_+_(bytes,bytes)bytes', (a: Uint8Array, b: Uint8Array) => Uint8Array.from([...a, ...b])],
  ['_+_(list(A),list(A))list(A)', joined],
  ['_+_(timestamp,duration)timestamp', (a: Timestamp, b: Span) => new Timestamp(a.nanos + b.nanos)],
  ['_+_(duration,timestamp)timestamp', (a: Span, b: Timestamp) => new Timestamp(a.nanos + b.nanos)],
  ['_+_(duration,duration)duration', (a: Span, b: Span) => new Span(a.nanos + b.nanos)],
  ['_-_(int,int)int', (a: bigint, b: bigint) => int(a - b)],
  ['_-_(uint,uint)uint', (a: Uint, b: Uint) => new Uint(a.value - b.value)],
  ['_-_(double,double)double', (a: number, b: number) => a - b],
  ['_-_(timestamp,timestamp)duration', (a: Timestamp, b: Timestamp) => new Span(a.nanos - b.nanos)],
  ['_-_(timestamp,duration)timestamp', (a: Timestamp, b: Span) => new Timestamp(a.nanos - b.nanos)],
  ['_-_(duration,duration)duration', (a: Span, b: Span) => new Span(a.nanos - b.nanos)],
  ['_*_(int,int)int', (a: bigint, b: bigint) => int(a * b)],
  ['_*_(uint,uint)uint', (a: Uint, b: Uint) => new Uint(a.value * b.value)],
  ['_*_(double,double)double', (a: number, b: number) => a * b],
  ['_/_(int,int)int', (a: bigint, b: bigint) => (b === 0n ? fail('division by zero') : int(a / b))],
  [
    '_/_(uint,uint)uint',
    (a: Uint, b: Uint) => (b.value === 0n ? fail('division by zero') : new Uint(a.value / b.value)),
  ],
  ['_/_(double,double)double', (a: number, b: number) => a / b],
  ['_%_(int,int)int', (a: bigint, b: bigint) => (b === 0n ? fail('modulus by zero') : a % b)],
  [
    '_%_(uint,uint)uint',
    (a: Uint, b: Uint) => (b.value === 0n ? fail('modulus by zero') : new Uint(a.value % b.value)),
  ],
  ['@in(A,list(A))bool', (a: Value, list: List) => list.items.some((item) => equal(item, a))],
  ['@in(A,map(A,B))bool', (key: Value, map: Value) => lookUp(map, key) !== undefined],
  ['_[_](list(A),int)A', (list: List, index: bigint) => itemAt(list, index)],
  ['_[_](map(A,B),A)B', (map: Value, key: Value) => lookUp(map, key) ?? fail(`no such key: ${keyName(key)}`)],
]

/** Lists of a schema keep what makes them sets and maps: items that are there already are replaced, not added. */
function joined(a: List, b: List): List {
  if (a.by === 'order') return new List([...a.items, ...b.items])
  const same = (left: Value, right: Value): boolean =>
    a.by === 'value'
      ? equal(left, right)
      : a.keys.every((key) => equal(lookUp(left, key) ?? null, lookUp(right, key) ?? null))
  const kept = a.items.map((item) => b.items.find((other) => same(item, other)) ?? item)
  const added = b.items.filter((item) => !a.items.some((other) => same(item, other)))
  return new List([...kept, ...added], a.by, a.keys)
}

/** The value of a key, or undefined. */
export function lookUp(map: Value, key: Value): Value | undefined {
  if (map instanceof MapValue) return map.get(key)
  if (map instanceof Fields) return typeof key === 'string' ? map.fields.get(key) : undefined
  return fail('no such overload')
}

/** The item at an index, or a fault. */
export function itemAt(list: List, index: bigint): Value {
  const item = index >= 0n ? list.items[Number(index)] : undefined
  return item === undefined ? fail(`index out of bounds: ${index}`) : item
}

/** A key as faults print it. */
export function keyName(key: Value): string {
  return key instanceof Uint ? String(key.value) : String(key)
}

function conversion(to: string): string {
  return `type conversion error from 'string' to '${to}'`
}

function toInt(value: number): bigint {
  if (!(value > -(2 ** 63) && value < 2 ** 63)) return fail('integer overflow')
  return BigInt(Math.trunc(value))
}

function parsedInt(text: string): bigint {
  if (!/^[-+]?\d+$/.test(text)) return fail(conversion('int'))
  const value = BigInt(text.replace(/^\+/, ''))
  return value >= -(1n << 63n) && value < 1n << 63n ? value : fail(conversion('int'))
}

function parsedDouble(text: string): number {
  const lower = text.toLowerCase()
  if (/^[-+]?(inf|infinity)$/.test(lower))
    return lower.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (lower === 'nan') return Number.NaN
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(lower)) {
    return fail(conversion('double'))
  }
  return Number(text)
}

function parsedBool(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false
  return fail(conversion('bool'))
}

const encoder = new TextEncoder()

const CONVERSIONS: readonly Row[] = [
  ['dyn(A)dyn', (a: Value) => a],
  ['type(A)type', (a: Value) => new TypeValue(typeName(a))],
  ['int(int)int', (a: bigint) => a],
  ['int(uint)int', (a: Uint) => int(a.value)],
  ['int(double)int', toInt],
  ['int(string)int', parsedInt],
  ['int(timestamp)int', (a: Timestamp) => a.nanos / 1_000_000_000n],
  ['int(duration)int', (a: Span) => a.nanos],
  ['uint(uint)uint', (a: Uint) => a],
  ['uint(int)uint', (a: bigint) => new Uint(a)],
  ['uint(double)uint', (a: number) => new Uint(toInt(a))],
  ['uint(string)uint', (a: string) => new Uint(parsedInt(a))],
  ['double(double)double', (a: number) => a],
  ['double(int)double', (a: bigint) => Number(a)],
  ['double(uint)double', (a: Uint) => Number(a.value)],
  ['double(string)double', parsedDouble],
  ['bool(bool)bool', (a: boolean) => a],
  ['bool(string)bool', parsedBool],
  ['string(string)string', (a: string) => a],
  ['string(bool)string', (a: boolean) => String(a)],
  ['string(int)string', (a: bigint) => String(a)],
  ['string(uint)string', (a: Uint) => String(a.value)],
  ['string(double)string', (a: number) => (isInt64(a) ? String(BigInt(a)) : floatText(a))],
  ['string(bytes)string', (a: Uint8Array) => new TextDecoder('utf-8', { fatal: false }).decode(a)],
  ['string(timestamp)string', timestampText],
  ['string(duration)string', durationText],
  ['bytes(bytes)bytes', (a: Uint8Array) => a],
  ['bytes(string)bytes', (a: string) => encoder.encode(a)],
  ['timestamp(timestamp)timestamp', (a: Timestamp) => a],
  ['timestamp(string)timestamp', (a: string) => readTimestamp(a) ?? fail(conversion('google.protobuf.Timestamp'))],
  ['timestamp(int)timestamp', (a: bigint) => new Timestamp(a * 1_000_000_000n)],
  ['duration(duration)duration', (a: Span) => a],
  ['duration(string)duration', (a: string) => readDuration(a) ?? fail(conversion('google.protobuf.Duration'))],
  ['duration(int)duration', (a: bigint) => new Span(a)],
]

/** The table. */
export const CORE: readonly Row[] = [...OPERATORS, ...CONVERSIONS]
