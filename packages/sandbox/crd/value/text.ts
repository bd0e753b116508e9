// How the real server spells a value inside a message: Go's quoting, number formats and JSON.
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'

/** A text in Go's double quotes (`%q`). */
export function quote(text: string): string {
  let out = '"'
  for (const char of text) out += quotedChar(char)
  return `${out}"`
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

function quotedChar(char: string): string {
  const named = NAMED_ESCAPES[char]
  if (named !== undefined) return named
  const code = char.codePointAt(0) ?? 0
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
  if (char === ' ' || !/[\p{C}\p{Z}]/u.test(char)) return char
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** A number as Go prints it (`%v` of an int64 or a float64). */
export function numberText(value: number | bigint): string {
  if (typeof value === 'bigint') return value.toString()
  if (isInt64(value)) return value === 0 ? '0' : BigInt(value).toString()
  return floatText(value)
}

/** A float64 as Go prints it with `%v`: an exponent below -4 or from 21 on. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [digits = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < 21) return plainText(value)
  const sign = exponent < 0 ? '-' : '+'
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function plainText(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  // Only 1e-5 … 1e-4 come with an exponent in JavaScript and without one in Go; digits are moved by hand.
  return value.toFixed(20).replace(/0+$/, '')
}

/** True for a number that a JSON decoder of Go keeps as an int64. */
export function isInt64(value: Json | undefined): value is number | bigint {
  if (typeof value === 'bigint') return value >= -(2n ** 63n) && value < 2n ** 63n
  return typeof value === 'number' && Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63
}

/** JSON as `encoding/json` writes it: sorted keys, `<`, `>` and `&` escaped. */
export function goJson(value: Json): string {
  return canonicalJson(value).replace(/[<>&\u2028\u2029]/g, (char) => {
    return `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
  })
}

/** A value as `%v` prints it inside a list of Go values: strings bare, maps as `map[a:b]`. */
export function plainValue(value: Json): string {
  if (value === null) return '<nil>'
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint') return numberText(value)
  if (typeof value === 'boolean') return String(value)
  if (isList(value)) return `[${value.map(plainValue).join(' ')}]`
  if (!isObject(value)) return ''
  const keys = Object.keys(value).sort()
  return `map[${keys.map((key) => `${key}:${plainValue(value[key] ?? null)}`).join(' ')}]`
}
