// FieldsV1: the field sets in metadata.managedFields, read in place, and only where somebody asks for a path.
import { canonicalJson } from '../object/canonical.ts'
import type { Json, JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import type { KubeObject, ManagedFieldsEntry } from '../object/object.ts'
import type { Path, Segment } from './path.ts'
import { sameNumber } from './scalar.ts'

/**
 * A FieldsV1 tree: `f:name`, `k:{"name":"web"}`, `v:"x"` and `i:0` lead to children, `.` marks the node itself, and a
 * node without children is a leaf that owns everything below it.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/#ObjectMeta
 */
export type Fields = JsonObject

/** The entries of `metadata.managedFields` that can be read; anything malformed owns nothing. */
export function managedFieldsOf(object: KubeObject): readonly ManagedFieldsEntry[] {
  const list = object.metadata.managedFields
  return isList(list) ? list.filter(isEntry) : []
}

function isEntry(value: Json): value is Json & ManagedFieldsEntry {
  return (
    isObject(value) &&
    typeof value.manager === 'string' &&
    (value.operation === 'Apply' || value.operation === 'Update')
  )
}

/** The subtree of a set at one segment, or undefined where the set has nothing there. */
export function fieldsAt(fields: Fields, segment: Segment): Fields | undefined {
  const key = keyAt(fields, segment)
  const value = key === null ? undefined : fields[key]
  return isObject(value) ? value : undefined
}

/** The key of a set that leads to a segment, or null where it has none. */
export function keyAt(fields: Fields, segment: Segment): string | null {
  const key = keyOf(segment)
  // Keys carry a prefix, so none of them can meet a property of the prototype.
  if (fields[key] !== undefined) return key
  return typeof segment === 'object' ? findMember(fields, segment) : null
}

function keyOf(segment: Segment): string {
  if (typeof segment === 'string') return `f:${segment}`
  if (typeof segment === 'number') return `i:${segment}`
  return 'value' in segment ? `v:${compact(segment.value)}` : keyText(segment.keys)
}

/** True for a node without children: it owns whatever is below. */
export function isLeaf(fields: Fields): boolean {
  for (const _ in fields) return false
  return true
}

/**
 * How a set relates to a path: `owns` the value there (or an atomic value above it), owns something `below` it only, or
 * has `nothing` of it.
 */
export function coverage(fields: Fields, path: Path): 'owns' | 'below' | 'nothing' {
  let at: Fields = fields
  for (const segment of path) {
    if (at !== fields && isLeaf(at)) return 'owns'
    const next = fieldsAt(at, segment)
    if (next === undefined) return 'nothing'
    at = next
  }
  return isLeaf(at) || Object.hasOwn(at, '.') ? 'owns' : 'below'
}

/** One step of a set, read back from its text; null for `.` and for what cannot be read. */
export function segmentOf(key: string): Segment | null {
  const body = key.slice(2)
  if (key.startsWith('f:')) return body
  if (key.startsWith('i:')) return /^\d+$/.test(body) ? Number(body) : null
  if (!key.startsWith('k:') && !key.startsWith('v:')) return null
  const value = parseJson(body)
  if (value === undefined) return null
  if (key.startsWith('v:')) return { value }
  return isObject(value) ? { keys: Object.entries(value) } : null
}

/**
 * The paths a set owns, in the order of the set. An item or field that is owned as a whole (`.`) of a keyed list stands
 * for everything in it, because it came and goes as one.
 */
export function ownedPaths(fields: Fields): readonly Path[] {
  const paths: Path[] = []
  collect(fields, [], paths)
  return paths
}

function collect(fields: Fields, at: Path, paths: Path[]): void {
  for (const [key, value] of Object.entries(fields)) {
    const segment = segmentOf(key)
    if (segment === null || !isObject(value)) continue
    const path = [...at, segment]
    const whole = key.startsWith('k:') && Object.hasOwn(value, '.')
    if (whole || isLeaf(value)) paths.push(path)
    else collect(value, path, paths)
  }
}

/** Keys that the server wrote with other escapes than ours are found by value. */
function findMember(fields: Fields, wanted: Exclude<Segment, string | number>): string | null {
  const prefix = 'value' in wanted ? 'v:' : 'k:'
  for (const key in fields) {
    if (!key.startsWith(prefix) || !key.includes('\\')) continue
    const segment = segmentOf(key)
    if (segment !== null && sameMember(segment, wanted)) return key
  }
  return null
}

function sameMember(a: Segment, b: Exclude<Segment, string | number>): boolean {
  if (typeof a === 'string' || typeof a === 'number') return false
  if ('value' in a || 'value' in b) return 'value' in a && 'value' in b && sameKey(a.value, b.value)
  const right = new Map(b.keys)
  return a.keys.length === right.size && a.keys.every(([name, value]) => sameKey(value, right.get(name) ?? null))
}

function sameKey(a: Json, b: Json): boolean {
  return a === b || sameNumber(a, b) || compact(a) === compact(b)
}

/** `k:{"containerPort":8080,"protocol":"TCP"}`: names in order, as the API server writes them. */
export function keyText(keys: readonly (readonly [string, Json])[]): string {
  if (keys.length === 1 && keys[0] !== undefined) return `k:{"${keys[0][0]}":${compact(keys[0][1])}}`
  const sorted = [...keys].sort(([a], [b]) => (a < b ? -1 : 1))
  return `k:{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${compact(value)}`).join(',')}}`
}

/** Keys and members are scalars nearly always; what is not has its keys in order too. */
function compact(value: Json): string {
  return typeof value === 'string' ? JSON.stringify(value) : canonicalJson(value)
}

function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text)
    return value
  } catch {
    // Not JSON: such a key owns nothing that could be found.
    return undefined
  }
}
