// The types of CEL as the API server's checker knows them.

/** A type. */
export type CelType =
  | { readonly kind: Plain }
  | { readonly kind: 'list'; readonly of: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  | { readonly kind: 'optional'; readonly of: CelType }
  | { readonly kind: 'type'; readonly of: CelType | null }
  /** An object of a schema; fields under their escaped names. */
  | { readonly kind: 'object'; readonly name: string; readonly fields: ReadonlyMap<string, CelType> }
  /** A type of a function library (`net.IP`, `kubernetes.Quantity`). */
  | { readonly kind: 'opaque'; readonly name: string }
  /** A type parameter of a function. */
  | { readonly kind: 'param'; readonly name: string }

type Plain =
  | 'dyn'
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'null'
  | 'timestamp'
  | 'duration'
  /** Of an expression with a fault that was told already. */
  | 'error'

const PLAIN: ReadonlySet<string> = new Set([
  'dyn',
  'bool',
  'int',
  'uint',
  'double',
  'string',
  'bytes',
  'null',
  'timestamp',
  'duration',
])

/** Names of library types as signatures write them. */
const OPAQUE: Readonly<Record<string, string>> = {
  ip: 'net.IP',
  cidr: 'net.CIDR',
  url: 'kubernetes.URL',
  quantity: 'kubernetes.Quantity',
  semver: 'kubernetes.Semver',
  format: 'kubernetes.NamedFormat',
}

export const DYN: CelType = { kind: 'dyn' }
export const BOOL: CelType = { kind: 'bool' }
export const INT: CelType = { kind: 'int' }
export const STRING: CelType = { kind: 'string' }
export const FAULTY: CelType = { kind: 'error' }

/** Reads `list(string)`, `map(A,B)`, `optional(T)`, `type`, `quantity`. Capitals are parameters. */
export function typeOf(text: string): CelType {
  const inner = /^(list|map|optional)\((.*)\)$/.exec(text)
  if (inner !== null) {
    const [first = '', second = ''] = splitTypes(inner[2] ?? '')
    if (inner[1] === 'list') return { kind: 'list', of: typeOf(first) }
    if (inner[1] === 'optional') return { kind: 'optional', of: typeOf(first) }
    return { kind: 'map', key: typeOf(first), value: typeOf(second) }
  }
  if (text === 'type') return { kind: 'type', of: null }
  if (/^[A-Z]$/.test(text)) return { kind: 'param', name: text }
  const opaque = OPAQUE[text]
  if (opaque !== undefined) return { kind: 'opaque', name: opaque }
  if (!PLAIN.has(text)) throw new Error(`no type is called ${text}`)
  return { kind: text as Plain } // It is one of the set.
}

/** Splits at the commas that are in no parentheses. */
export function splitTypes(text: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const char of text) {
    if (char === '(') depth += 1
    if (char === ')') depth -= 1
    if (char === ',' && depth === 0) {
      parts.push(part)
      part = ''
    } else part += char
  }
  return part === '' ? parts : [...parts, part]
}

/** How the checker names a type in its messages. */
export function nameOf(type: CelType): string {
  switch (type.kind) {
    case 'list':
      return `list(${nameOf(type.of)})`
    case 'map':
      return `map(${nameOf(type.key)}, ${nameOf(type.value)})`
    case 'optional':
      return `optional_type(${nameOf(type.of)})`
    case 'type':
      return type.of === null ? 'type' : `type(${nameOf(type.of)})`
    case 'object':
    case 'opaque':
    case 'param':
      return type.name
    case 'error':
      return '!error!'
    default:
      return type.kind
  }
}

/** Types bound to parameters in one call. */
export type Bindings = Map<string, CelType>

/** True where a value of one type may stand where another is wanted; binds the wanted type's parameters. */
export function accepts(wanted: CelType, given: CelType, bound: Bindings): boolean {
  if (given.kind === 'error' || wanted.kind === 'error') return true
  if (wanted.kind === 'param') return bind(wanted.name, given, bound)
  // A literal without items has items of any type.
  if (given.kind === 'param') return true
  if (wanted.kind === 'dyn' || given.kind === 'dyn') return true
  if (wanted.kind === 'list' && given.kind === 'list') return accepts(wanted.of, given.of, bound)
  if (wanted.kind === 'optional' && given.kind === 'optional') return accepts(wanted.of, given.of, bound)
  if (wanted.kind === 'map' && given.kind === 'map') {
    return accepts(wanted.key, given.key, bound) && accepts(wanted.value, given.value, bound)
  }
  if (given.kind === 'null') return ['null', 'object', 'opaque', 'timestamp', 'duration'].includes(wanted.kind)
  if (wanted.kind === 'null') return ['null', 'object', 'opaque', 'timestamp', 'duration'].includes(given.kind)
  if (wanted.kind === 'object' || wanted.kind === 'opaque') {
    return (given.kind === 'object' || given.kind === 'opaque') && given.name === wanted.name
  }
  return wanted.kind === given.kind
}

function bind(name: string, given: CelType, bound: Bindings): boolean {
  const before = bound.get(name)
  if (before === undefined) {
    bound.set(name, given)
    return true
  }
  if (accepts(before, given, new Map())) {
    if (given.kind === 'dyn' || before.kind === 'param') bound.set(name, given)
    return true
  }
  return false
}

/** A type with its parameters replaced by what they are bound to; those that are free may be anything. */
export function resolve(type: CelType, bound: Bindings): CelType {
  switch (type.kind) {
    case 'param':
      return bound.get(type.name) ?? DYN
    case 'list':
    case 'optional':
      return { kind: type.kind, of: resolve(type.of, bound) }
    case 'map':
      return { kind: 'map', key: resolve(type.key, bound), value: resolve(type.value, bound) }
    default:
      return type
  }
}

/** True where two types are one. */
export function sameType(a: CelType, b: CelType): boolean {
  return nameOf(a) === nameOf(b)
}
