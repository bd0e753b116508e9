// Functions of lists, sets and optional values, and parts of times.
import type { Row } from '../function.ts'
import { type Part, partsOf } from '../time.ts'
import type { Span, Timestamp, Value } from '../value.ts'
import { CelFault, equal, Fields, int, List, MapValue, Optional, Uint } from '../value.ts'
import { compare } from './core.ts'

function extreme(list: List, sign: number, name: string): Value {
  const [first, ...rest] = list.items
  if (first === undefined) throw new CelFault(`${name} called on empty list`)
  return rest.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best), first)
}

const ascending = (list: List): boolean =>
  list.items.every((item, at) => at === 0 || compare(list.items[at - 1] ?? null, item) <= 0)

const ORDERED = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'timestamp', 'duration']

function flatten(list: List, depth: bigint): List {
  if (depth < 0n) throw new CelFault('level must be non-negative')
  if (depth === 0n) return list
  return new List(list.items.flatMap((item) => (item instanceof List ? flatten(item, depth - 1n).items : [item])))
}

function slice(list: List, start: bigint, end: bigint): List {
  if (start < 0n || end < 0n) throw new CelFault(`cannot slice(${start}, ${end}), negative indexes not supported`)
  if (start > end)
    throw new CelFault(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`)
  if (end > BigInt(list.items.length))
    throw new CelFault(`cannot slice(${start}, ${end}), list is length ${list.items.length}`)
  return new List(list.items.slice(Number(start), Number(end)))
}

function distinct(list: List): List {
  return new List(list.items.filter((item, at) => list.items.findIndex((other) => equal(item, other)) === at))
}

function range(end: bigint): List {
  if (end < 0n) throw new CelFault('lists.range: size must be non-negative')
  return new List(Array.from({ length: Number(end) }, (_, at) => BigInt(at)))
}

const LISTS: readonly Row[] = [
  ...ORDERED.map((type): Row => [`list(${type})~isSorted()bool`, ascending]),
  ...ORDERED.map((type): Row => [`list(${type})~min()${type}`, (list: List) => extreme(list, -1, 'min')]),
  ...ORDERED.map((type): Row => [`list(${type})~max()${type}`, (list: List) => extreme(list, 1, 'max')]),
  [
    'list(int)~sum()int',
    (list: List) => list.items.reduce((sum: bigint, item) => int(sum + BigInt(item as bigint)), 0n),
  ],
  [
    'list(uint)~sum()uint',
    (list: List) => list.items.reduce((sum: Uint, item) => new Uint(sum.value + (item as Uint).value), new Uint(0n)),
  ],
  ['list(double)~sum()double', (list: List) => list.items.reduce((sum: number, item) => sum + Number(item), 0)],
  ['list(A)~indexOf(A)int', (list: List, item: Value) => BigInt(list.items.findIndex((each) => equal(each, item)))],
  [
    'list(A)~lastIndexOf(A)int',
    (list: List, item: Value) => BigInt(list.items.findLastIndex((each) => equal(each, item))),
  ],
  ['list(A)~slice(int,int)list(A)', slice],
  ['list(A)~flatten()list(dyn)', (list: List) => flatten(list, 1n)],
  ['list(A)~flatten(int)list(dyn)', flatten],
  ['list(A)~distinct()list(A)', distinct],
  ['list(A)~reverse()list(A)', (list: List) => new List([...list.items].reverse())],
  ['list(A)~first()optional(A)', (list: List) => new Optional(list.items[0])],
  ['list(A)~last()optional(A)', (list: List) => new Optional(list.items.at(-1))],
  ...ORDERED.map(
    (type): Row => [`list(${type})~sort()list(${type})`, (list: List) => new List([...list.items].sort(compare))],
  ),
  ['lists.range(int)list(int)', range],
]

const has = (list: List, item: Value): boolean => list.items.some((each) => equal(each, item))

const SETS: readonly Row[] = [
  ['sets.contains(list(A),list(A))bool', (a: List, b: List) => b.items.every((item) => has(a, item))],
  ['sets.intersects(list(A),list(A))bool', (a: List, b: List) => b.items.some((item) => has(a, item))],
  [
    'sets.equivalent(list(A),list(A))bool',
    (a: List, b: List) => a.items.every((item) => has(b, item)) && b.items.every((item) => has(a, item)),
  ],
]

function isZero(value: Value): boolean {
  if (value instanceof List) return value.items.length === 0
  if (value instanceof MapValue) return value.entries.size === 0
  if (value instanceof Fields) return value.fields.size === 0
  if (value instanceof Uint) return value.value === 0n
  return value === null || value === false || value === 0n || value === 0 || value === ''
}

const OPTIONALS: readonly Row[] = [
  ['optional.of(A)optional(A)', (a: Value) => new Optional(a)],
  ['optional.ofNonZeroValue(A)optional(A)', (a: Value) => new Optional(isZero(a) ? undefined : a)],
  ['optional.none()optional(A)', () => new Optional(undefined)],
  ['optional(A)~hasValue()bool', (a: Optional) => a.value !== undefined],
  ['optional(A)~or(optional(A))optional(A)', (a: Optional, b: Optional) => (a.value === undefined ? b : a)],
  ['optional(A)~orValue(A)A', (a: Optional, b: Value) => (a.value === undefined ? b : a.value)],
  [
    'optional(A)~value()A',
    (a: Optional) => {
      if (a.value === undefined) throw new CelFault('optional.none() dereference')
      return a.value
    },
  ],
]

const GETTERS: readonly (readonly [string, Part, bigint])[] = [
  ['getFullYear', 'year', 0n],
  ['getMonth', 'month', 0n],
  ['getDayOfMonth', 'day', -1n],
  ['getDate', 'day', 0n],
  ['getDayOfWeek', 'weekday', 0n],
  ['getDayOfYear', 'yearday', 0n],
  ['getHours', 'hour', 0n],
  ['getMinutes', 'minute', 0n],
  ['getSeconds', 'second', 0n],
  ['getMilliseconds', 'milli', 0n],
]

function partOf(at: Timestamp, zone: string, part: Part): bigint {
  const parts = partsOf(at, zone)
  if (parts === null) throw new CelFault(`time zone ${zone} is not known to the sandbox; use a distance such as +02:00`)
  return parts[part]
}

const TIMES: readonly Row[] = [
  ...GETTERS.flatMap(([name, part, shift]): readonly Row[] => [
    [`timestamp~${name}()int`, (at: Timestamp) => partOf(at, '', part) + shift],
    [`timestamp~${name}(string)int`, (at: Timestamp, zone: string) => partOf(at, zone, part) + shift],
  ]),
  ['duration~getHours()int', (a: Span) => a.nanos / 3_600_000_000_000n],
  ['duration~getMinutes()int', (a: Span) => a.nanos / 60_000_000_000n],
  ['duration~getSeconds()int', (a: Span) => a.nanos / 1_000_000_000n],
  ['duration~getMilliseconds()int', (a: Span) => (a.nanos / 1_000_000n) % 1000n],
]

/** The table. */
export const COLLECTIONS: readonly Row[] = [...LISTS, ...SETS, ...OPTIONALS, ...TIMES]
