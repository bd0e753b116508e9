// What identifies an item of a list: its keys, or the item itself.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { keyElement, valueElement } from './element.ts'
import type { ListShape } from './shape.ts'

/** Why an item cannot be identified. */
export interface Unidentified {
  readonly why: string
}

/** Elements of lists with one key, by what is under the key: most lists are such, and the same names come again. */
const known = new WeakMap<ListShape, Map<string, string>>()
const MOST_KNOWN = 4096

/** The element of an item of a list that is not atomic. */
export function identify(shape: ListShape, item: Json): string | Unidentified {
  if (shape.by === 'keys') return byKeys(shape, item)
  if (item === null) return { why: "associative list without keys has an element that's an explicit null" }
  if (isList(item)) return { why: 'not supported: associative list with lists as elements' }
  if (isObject(item)) return { why: "associative list without keys has an element that's a map type" }
  return valueElement(item)
}

/** The element of an item that was checked before. */
export function elementOf(shape: ListShape, item: Json): string | null {
  const element = identify(shape, item)
  return typeof element === 'string' ? element : null
}

function byKeys(shape: ListShape, item: Json): string | Unidentified {
  if (item === null) return { why: 'associative list with keys may not have a null element' }
  if (!isObject(item)) return { why: 'associative list with keys may not have non-map elements' }
  const [first = ''] = shape.keys
  const name = shape.keys.length === 1 && Object.hasOwn(item, first) ? item[first] : undefined
  if (typeof name === 'string') return named(shape, first, name)
  const pairs: (readonly [string, Json])[] = []
  for (const key of shape.keys) {
    const value = Object.hasOwn(item, key) ? item[key] : fallback(shape, key)
    if (value !== undefined) pairs.push([key, value])
  }
  if (pairs.length === 0) {
    const keys = shape.listed.map((key) => JSON.stringify(key)).join(' ')
    const without = "(and doesn't have default values for any key fields)"
    return { why: `associative list with keys has an element that omits all key fields [${keys}] ${without}` }
  }
  return keyElement(pairs)
}

function named(shape: ListShape, key: string, name: string): string {
  let elements = known.get(shape)
  if (elements === undefined || elements.size >= MOST_KNOWN) {
    elements = new Map()
    known.set(shape, elements)
  }
  let element = elements.get(name)
  if (element === undefined) {
    element = keyElement([[key, name]])
    elements.set(name, element)
  }
  return element
}

function fallback({ items }: ListShape, key: string): Json | undefined {
  return items.kind === 'map' ? items.declared(key)?.fallback : undefined
}
