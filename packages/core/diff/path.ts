// Where a field is: paths that people read, the same paths as the API server's field sets name them, JSON pointers.
import { fieldPath } from '../object/canonical.ts'
import type { Json } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'

/** A step into a value: a field, an item of a keyed list, an item of a set, or a position in a list. */
export type Segment =
  | string
  | number
  | { readonly keys: readonly (readonly [name: string, value: Json])[] }
  | { readonly value: Json }

/** A way from the root of an object to one of its values. */
export type Path = readonly Segment[]

/** `spec.template.spec.containers[name=web].image`, `metadata.annotations["example.com/x"]`, `metadata.finalizers[=x]`. */
export function printPath(path: Path): string {
  let text = ''
  for (const segment of path) {
    if (typeof segment === 'string') text = fieldPath(text, segment)
    else if (typeof segment === 'number') text += `[${segment}]`
    else if ('value' in segment) text += `[=${printKey(segment.value)}]`
    else text += `[${segment.keys.map(([name, value]) => `${name}=${printKey(value)}`).join(',')}]`
  }
  return text
}

/** Plain words stay as they are; anything that could be misread is quoted. */
function printKey(value: Json): string {
  if (typeof value === 'string') return /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value)
  if (typeof value === 'bigint') return value.toString()
  return JSON.stringify(value)
}

/** A place in a JSON value by object keys and list positions, as pointers and jq find it. */
export type Place = readonly (string | number)[]

/**
 * The tokens of an RFC 6901 JSON pointer, or null where the text is none (it must start with a slash; the empty
 * pointer, the whole document, is refused because nothing would be left to compare).
 */
export function parsePointer(pointer: string): readonly string[] | null {
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Where a pointer leads in a value, or null where it leads nowhere. */
export function resolvePointer(root: Json, tokens: readonly string[]): Place | null {
  const place: (string | number)[] = []
  let at: Json = root
  for (const token of tokens) {
    const next = stepInto(at, token)
    if (next === null) return null
    place.push(next.key)
    at = next.value
  }
  return place
}

function stepInto(at: Json, token: string): { readonly key: string | number; readonly value: Json } | null {
  if (isList(at)) {
    if (!/^(?:0|[1-9]\d{0,8})$/.test(token)) return null
    const item = at[Number(token)]
    return item === undefined ? null : { key: Number(token), value: item }
  }
  if (!isObject(at) || !Object.hasOwn(at, token)) return null
  const value = at[token]
  return value === undefined ? null : { key: token, value }
}

/** What is to be taken out, as a tree: `all` ends a place. */
interface Cut {
  all: boolean
  readonly below: Map<string | number, Cut>
}

/** A copy without the values at these places. Positions are those of the original, however many are taken out. */
export function withoutPlaces(root: Json, places: readonly Place[]): Json {
  if (places.length === 0) return root
  const cut: Cut = { all: false, below: new Map() }
  for (const place of places) {
    let at = cut
    for (const key of place) {
      const next = at.below.get(key) ?? { all: false, below: new Map() }
      at.below.set(key, next)
      at = next
    }
    at.all = true
  }
  return cutFrom(root, cut)
}

function cutFrom(value: Json, cut: Cut): Json {
  if (isList(value)) {
    return value.flatMap((item, index) => {
      const below = cut.below.get(index)
      if (below === undefined) return [item]
      return below.all ? [] : [cutFrom(item, below)]
    })
  }
  if (!isObject(value)) return value
  const kept: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value)) {
    const below = cut.below.get(key)
    if (below?.all === true) continue
    setOwn(kept, key, below === undefined ? item : cutFrom(item, below))
  }
  return kept
}

/** Sets an own property, also for a key such as `__proto__` that plain assignment would treat specially. */
function setOwn(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  else target[key] = value
}
