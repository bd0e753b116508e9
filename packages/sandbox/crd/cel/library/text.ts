// Functions of texts: CEL's own, its string extension in the version the API server uses, and regular expressions.
import { compilePattern } from '../../value/pattern.ts'
import { quote } from '../../value/text.ts'
import type { Row } from '../function.ts'
import type { Value } from '../value.ts'
import { CelFault, List, MapValue } from '../value.ts'
import { formatText } from './format-text.ts'

const chars = (text: string): readonly string[] => [...text]
const size = (text: string): bigint => BigInt(chars(text).length)

function expressionOf(pattern: string): RegExp {
  const compiled = compilePattern(pattern)
  if (compiled.kind === 'problem') throw new CelFault(compiled.problem)
  return compiled.expression
}

/** An index of characters, checked against a text. */
function within(index: bigint, most: number): number {
  if (index < 0n || index > BigInt(most)) throw new CelFault(`index out of range: ${index}`)
  return Number(index)
}

function indexOf(text: string, part: string, from: bigint): bigint {
  const all = chars(text)
  const wanted = chars(part)
  const start = within(from, all.length)
  if (part === '') return from
  for (let at = start; at + wanted.length <= all.length; at++) {
    if (wanted.every((char, offset) => all[at + offset] === char)) return BigInt(at)
  }
  return -1n
}

function lastIndexOf(text: string, part: string, from: bigint): bigint {
  const all = chars(text)
  const wanted = chars(part)
  const start = within(from, all.length)
  if (part === '') return from
  for (let at = Math.min(start, all.length - wanted.length); at >= 0; at--) {
    if (wanted.every((char, offset) => all[at + offset] === char)) return BigInt(at)
  }
  return -1n
}

function substring(text: string, start: bigint, end: bigint): string {
  const all = chars(text)
  const from = within(start, all.length)
  const to = within(end, all.length)
  if (from > to) throw new CelFault(`invalid substring range. start: ${start}, end: ${end}`)
  return all.slice(from, to).join('')
}

function replace(text: string, old: string, fresh: string, times: bigint): string {
  let left = times < 0n ? Number.POSITIVE_INFINITY : Number(times)
  if (old === '') {
    return chars(text)
      .map((char) => (left-- > 0 ? fresh + char : char))
      .join('')
      .concat(left > 0 ? fresh : '')
  }
  const parts = text.split(old)
  return parts.reduce((made, part, at) => (at === 0 ? part : made + (left-- > 0 ? fresh : old) + part), '')
}

function split(text: string, separator: string, times: bigint): List {
  if (times === 0n) return new List([])
  const parts = separator === '' ? chars(text) : text.split(separator)
  const most = times < 0n ? parts.length : Number(times)
  if (parts.length <= most) return new List(parts)
  return new List([...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)])
}

function join(list: List, separator: string): string {
  return list.items
    .map((item) => {
      if (typeof item === 'string') return item
      throw new CelFault('no such overload')
    })
    .join(separator)
}

function findAll(text: string, pattern: string, most: bigint): List {
  const found = [...text.matchAll(new RegExp(expressionOf(pattern).source, 'gu'))].map(([whole]) => whole)
  return new List(most < 0n ? found : found.slice(0, Number(most)))
}

const lower = (text: string): string => text.replace(/[A-Z]/g, (char) => char.toLowerCase())
const upper = (text: string): string => text.replace(/[a-z]/g, (char) => char.toUpperCase())
const sizeOfMap = (map: Value): bigint => BigInt(map instanceof MapValue ? map.entries.size : 0)

/** The table. */
export const TEXT: readonly Row[] = [
  ['size(string)int', size],
  ['string~size()int', size],
  ['size(bytes)int', (a: Uint8Array) => BigInt(a.length)],
  ['bytes~size()int', (a: Uint8Array) => BigInt(a.length)],
  ['size(list(A))int', (a: List) => BigInt(a.items.length)],
  ['list(A)~size()int', (a: List) => BigInt(a.items.length)],
  ['size(map(A,B))int', sizeOfMap],
  ['map(A,B)~size()int', sizeOfMap],
  ['string~contains(string)bool', (a: string, b: string) => a.includes(b)],
  ['string~startsWith(string)bool', (a: string, b: string) => a.startsWith(b)],
  ['string~endsWith(string)bool', (a: string, b: string) => a.endsWith(b)],
  ['matches(string,string)bool', (a: string, b: string) => expressionOf(b).test(a)],
  ['string~matches(string)bool', (a: string, b: string) => expressionOf(b).test(a)],
  ['string~charAt(int)string', (a: string, at: bigint) => chars(a)[within(at, chars(a).length)] ?? ''],
  ['string~indexOf(string)int', (a: string, b: string) => indexOf(a, b, 0n)],
  ['string~indexOf(string,int)int', indexOf],
  ['string~lastIndexOf(string)int', (a: string, b: string) => (b === '' ? size(a) : lastIndexOf(a, b, size(a)))],
  ['string~lastIndexOf(string,int)int', lastIndexOf],
  ['string~lowerAscii()string', lower],
  ['string~upperAscii()string', upper],
  ['string~replace(string,string)string', (a: string, b: string, c: string) => replace(a, b, c, -1n)],
  ['string~replace(string,string,int)string', replace],
  ['string~split(string)list(string)', (a: string, b: string) => split(a, b, -1n)],
  ['string~split(string,int)list(string)', split],
  ['string~substring(int)string', (a: string, from: bigint) => substring(a, from, size(a))],
  ['string~substring(int,int)string', substring],
  ['string~trim()string', (a: string) => a.replace(/^[\s\u0085]+|[\s\u0085]+$/gu, '')],
  ['list(string)~join()string', (a: List) => join(a, '')],
  ['list(string)~join(string)string', join],
  ['string~format(list(dyn))string', (a: string, list: List) => formatText(a, list.items)],
  ['strings.quote(string)string', quote],
  ['string~find(string)string', (a: string, b: string) => expressionOf(b).exec(a)?.[0] ?? ''],
  ['string~findAll(string)list(string)', (a: string, b: string) => findAll(a, b, -1n)],
  ['string~findAll(string,int)list(string)', findAll],
]
