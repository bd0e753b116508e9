// Reads the compact table of types (types.json): one line a struct, read when somebody first asks for it.
import type { Json } from '@mainstay/core/object/json.ts'
import type { Field, FieldType, ListType, ScalarType, StructType } from './type.ts'

type Strategy = 'merge' | 'replace' | 'retainKeys'

/** A table of types by the names of their definitions. */
export interface TypeTable {
  /** `io.k8s.api.core.v1.PodSpec`; null where there is none. */
  readonly struct: (name: string) => StructType | null
  /** The struct of `apps/v1/Deployment` (`/v1/Pod` in the core group). */
  readonly kind: (key: string) => StructType | null
}

/** Opens a table. Nothing but the beginnings of the lines is read yet. */
export function openTypes(lines: readonly string[]): TypeTable {
  const byName = new Map<string, string>()
  const byKind = new Map<string, string>()
  const read = new Map<string, StructType>()
  for (const line of lines) {
    const end = line.indexOf(';')
    const [name = '', ...kinds] = line.slice(0, end === -1 ? line.length : end).split('@')
    const bare = name.replace('!', '')
    byName.set(bare, line)
    for (const kind of kinds) byKind.set(kind, bare)
  }
  const struct = (name: string): StructType | null => {
    const known = read.get(name)
    if (known !== undefined) return known
    const line = byName.get(name)
    if (line === undefined) return null
    const made = readStruct(name, line, struct)
    read.set(name, made)
    return made
  }
  const kind = (key: string): StructType | null => {
    const name = byKind.get(key)
    return name === undefined ? null : struct(name)
  }
  return { struct, kind }
}

type FindStruct = (name: string) => StructType | null

function readStruct(name: string, line: string, find: FindStruct): StructType {
  const [head = '', ...parts] = line.split(';')
  const fields = new Map(parts.map((part) => [part.slice(0, part.search(/[|=]/)), part] as const))
  const made = new Map<string, Field>()
  const field = (key: string): Field | null => {
    const known = made.get(key)
    if (known !== undefined) return known
    const part = fields.get(key)
    if (part === undefined) return null
    const read = readField(part, find)
    made.set(key, read)
    return read
  }
  return {
    kind: 'struct',
    name,
    field,
    names: [...fields.keys()],
    required: parts.filter((part) => /^[^=]*\|!/.test(part)).map((part) => part.slice(0, part.search(/[|=]/))),
    atomic: head.split('@')[0]?.endsWith('!') === true,
    preservesUnknown: false,
  }
}

/** `name|flags=type:default~strategies/mergeKey`, see tools/sandbox/types.ts. */
const FIELD = /^[^|=]+(?:\|(?<flags>[!paz]*))?=(?<type>[^:~]+)(?::(?<fallback>[^~]*))?(?:~(?<patch>.*))?$/

function readField(part: string, find: FindStruct): Field {
  const { flags = '', type = '', fallback, patch } = FIELD.exec(part)?.groups ?? {}
  const written = flags.includes('a') ? 'always' : flags.includes('z') ? 'unless zero' : 'unless empty'
  return {
    type: readType(type, find),
    go: { pointer: flags.includes('p'), written },
    // Written by JSON.stringify; a default is never a large integer.
    ...(fallback === undefined ? {} : { default: JSON.parse(fallback) as Json }),
    ...(patch === undefined ? {} : { patch: readPatch(patch) }),
  }
}

function readPatch(text: string): NonNullable<Field['patch']> {
  const [strategies = '', mergeKey = ''] = text.split('/')
  return {
    strategies: strategies === '' ? [] : (strategies.split(',') as Strategy[]),
    mergeKey: mergeKey === '' ? null : mergeKey,
  }
}

function readType(text: string, find: FindStruct): FieldType {
  const inner = text.slice(text.search(/[\]}]/) + 1)
  switch (text[0]) {
    case '[':
      return { kind: 'list', merge: readMerge(text.slice(1, text.indexOf(']'))), items: readType(inner, find) }
    case '{':
      return { kind: 'map', atomic: text.startsWith('{atomic}'), values: readType(inner, find) }
    case '#':
      return structAt(text.slice(1), find)
    case '!':
      return { ...structAt(text.slice(2), find), atomic: true }
    case '+':
      return { ...structAt(text.slice(2), find), atomic: false }
    default:
      return readScalar(text)
  }
}

function structAt(name: string, find: FindStruct): StructType {
  const struct = find(name)
  if (struct === null) throw new Error(`types.json refers to ${name}, which it does not hold`)
  return struct
}

function readMerge(text: string): ListType['merge'] {
  if (text === 'set') return { by: 'set' }
  return text.startsWith('by ') ? { by: 'keys', keys: text.slice(3).split(',') } : { by: 'atomic' }
}

function readScalar(text: string): FieldType {
  switch (text) {
    case 'any':
      return { kind: 'any', atomic: true }
    case 'time':
      return { kind: 'scalar', type: 'string', format: 'date-time' }
    case 'micro-time':
      return { kind: 'scalar', type: 'string', format: 'date-time', micro: true }
    default: {
      const [type = '', format] = text.split('/')
      return { kind: 'scalar', type: type as ScalarType['type'], format: format ?? null } // Written by the generator.
    }
  }
}
