// Elements of paths as FieldsV1 writes them: their spelling, their order, and how messages show them.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { compareScalars } from './value.ts'

/** `f:spec`. */
export function fieldElement(name: string): string {
  return `f:${name}`
}

/** `k:{"containerPort":80,"protocol":"TCP"}`, from pairs in the order of their names. */
export function keyElement(pairs: readonly (readonly [name: string, value: Json])[]): string {
  let text = 'k:{'
  for (const [name, value] of pairs) text += `${text === 'k:{' ? '' : ','}${quoted(name)}:${scalar(value)}`
  return `${text}}`
}

/** `v:"a"`. */
export function valueElement(value: Json): string {
  return `v:${scalar(value)}`
}

/** An element as somebody wrote it, in its one spelling; null for kinds that nobody knows, undefined for no element. */
export function readElement(text: string): string | null | undefined {
  if (text.length < 2 || text[1] !== ':') return undefined
  switch (text[0]) {
    case 'f':
      return text
    case 'i':
      return /^i:[+-]?\d+$/.test(text) ? `i:${Number(text.slice(2))}` : undefined
    case 'v': {
      const value = parsed(text)
      return value === undefined ? undefined : valueElement(value)
    }
    case 'k': {
      const value = parsed(text)
      return isObject(value) ? keyElement(pairsOf(value)) : undefined
    }
    default:
      return null
  }
}

function pairsOf(value: JsonObject): readonly (readonly [string, Json])[] {
  return Object.entries(value).sort(([a], [b]) => compareText(a, b))
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text.slice(2)) as Json
  } catch {
    return undefined
  }
}

/** The order in which FieldsV1 writes elements: fields, keys, values, indices. */
export function compareElements(left: string, right: string): number {
  if (left[0] !== right[0]) return ORDER.indexOf(left[0] ?? '') - ORDER.indexOf(right[0] ?? '')
  switch (left[0]) {
    case 'k':
      return comparePairs(pairsIn(left), pairsIn(right))
    case 'v':
      return compareScalars(parsed(left) ?? null, parsed(right) ?? null)
    case 'i':
      return Number(left.slice(2)) - Number(right.slice(2))
    default:
      return compareText(left, right)
  }
}

const ORDER = 'fkvi'

type Pairs = readonly (readonly [string, Json])[]

function pairsIn(text: string): Pairs {
  const value = parsed(text)
  return isObject(value) ? Object.entries(value) : []
}

function comparePairs(left: Pairs, right: Pairs): number {
  for (const [at, [name, value]] of left.entries()) {
    const other = right[at]
    if (other === undefined) return 1
    const order = compareText(name, other[0]) || compareScalars(value, other[1])
    if (order !== 0) return order
  }
  return left.length - right.length
}

/** `.spec.containers[name="a"].image`. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('')
}

/** An element as messages show it. */
export function elementText(element: string): string {
  switch (element[0]) {
    case 'f':
      return `.${element.slice(2)}`
    case 'k':
      return `[${pairsIn(element)
        .map(([name, value]) => `${name}=${shown(value)}`)
        .join(',')}]`
    case 'v':
      return `[=${shown(parsed(element) ?? null)}]`
    default:
      return `[${element.slice(2)}]`
  }
}

function shown(value: Json): string {
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/** Go writes scalars for the web: what HTML could take for markup is escaped. */
function scalar(value: Json): string {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? `${value}` : JSON.stringify(value)
  if (typeof value !== 'string') return typeof value === 'bigint' ? value.toString() : JSON.stringify(value)
  if (PLAIN.test(value)) return `"${value}"`
  return quoted(value).replaceAll(MARKUP, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const MARKUP = /[<>&\u2028\u2029]/g
const PLAIN = /^[\w .:/-]*$/

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}
