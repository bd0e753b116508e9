// What an unquoted YAML scalar means: bool, number, null or string, by the rules of the Go library that kubectl and Argo CD read with.
import type { Json } from '@mainstay/core/object/json.ts'

/** A scalar with its YAML type. The type matters for mapping keys (a float key is written differently from an int key). */
export type Scalar =
  | { readonly kind: 'null'; readonly value: null }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: number | bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }

const WORDS: ReadonlyMap<string, Scalar> = new Map([
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, Scalar] => [word, { kind: 'null', value: null }]),
  ...cased('y', 'yes', 'true', 'on').map((word): [string, Scalar] => [word, { kind: 'bool', value: true }]),
  ...cased('n', 'no', 'false', 'off').map((word): [string, Scalar] => [word, { kind: 'bool', value: false }]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, Scalar] => [word, { kind: 'float', value: Number.NaN }]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word): [string, Scalar] => [
    word,
    { kind: 'float', value: Number.POSITIVE_INFINITY },
  ]),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, Scalar] => [
    word,
    { kind: 'float', value: Number.NEGATIVE_INFINITY },
  ]),
])

/** Each word in lower case, capitalized and upper case: the only spellings YAML 1.1 knows (`yEs` is a string). */
function cased(...words: readonly string[]): readonly string[] {
  return words.flatMap((word) => [...new Set([word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()])])
}

/** Character codes with which a plain scalar begins that can be anything but a string. */
const HINTS = new Uint8Array(128)
for (const char of '0123456789+-.yYnNtTfFoO~') HINTS[char.charCodeAt(0)] = 1

/** True where an unquoted scalar is a string by its first character alone. Most are, so this is asked first. */
export function isPlainString(text: string): boolean {
  return text !== '' && HINTS[text.charCodeAt(0)] !== 1
}

const PLAIN_INT = /^[-+]?(?:0|[1-9][0-9]{0,14})$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const DOT_FLOAT = /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/

/** The value of an unquoted scalar without a tag. */
export function resolvePlain(text: string): Scalar {
  if (isPlainString(text)) return { kind: 'string', value: text }
  const first = text.charAt(0)
  const word = WORDS.get(text)
  if (word !== undefined) return word
  if (first === '.') return DOT_FLOAT.test(text) ? floatOr(text, text) : { kind: 'string', value: text }
  if (first === '+' || first === '-' || (first >= '0' && first <= '9')) return resolveNumber(text)
  return { kind: 'string', value: text }
}

function resolveNumber(text: string): Scalar {
  if (PLAIN_INT.test(text)) return { kind: 'int', value: Number(text) + 0 }
  const plain = text.replaceAll('_', '')
  const int = parseInteger(plain) ?? parseLooseBinary(plain)
  if (int !== null) return { kind: 'int', value: int }
  return FLOAT.test(plain) ? floatOr(plain, text) : { kind: 'string', value: text }
}

/** A number too large for a float64 is a string, not infinity. Minus zero becomes zero, which JSON readers cannot tell apart. */
function floatOr(plain: string, text: string): Scalar {
  const value = Number(plain)
  return Number.isFinite(value) ? { kind: 'float', value: value + 0 } : { kind: 'string', value: text }
}

const RADIX: readonly (readonly [RegExp, string, number])[] = [
  [/^0[xX][0-9a-fA-F]+$/, '0x', 2],
  [/^0[bB][01]+$/, '0b', 2],
  [/^0[oO][0-7]+$/, '0o', 2],
  [/^0[0-7]+$/, '0o', 1],
  [/^(?:0|[1-9][0-9]*)$/, '', 0],
]

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
const UINT64_MAX = 2n ** 64n - 1n

/** A Go integer literal (`0755` is octal), or null where it is none or needs more than 64 bits. */
function parseInteger(plain: string): number | bigint | null {
  const sign = plain.charAt(0)
  const signed = sign === '-' || sign === '+'
  const digits = signed ? plain.slice(1) : plain
  for (const [pattern, prefix, skip] of RADIX) {
    if (!pattern.test(digits)) continue
    const size = BigInt(prefix + digits.slice(skip))
    return inRange(sign === '-' ? -size : size, { unsigned: !signed })
  }
  return null
}

/** `0b-11` and `-0b+11`: oddities of the Go reader (the sign is looked for after the prefix once more). */
function parseLooseBinary(plain: string): number | bigint | null {
  const match = /^0b([-+]?)([01]+)$/.exec(plain)
  if (match === null) return null
  const size = BigInt(`0b${match[2] ?? ''}`)
  return inRange(match[1] === '-' ? -size : size, { unsigned: match[1] === '' })
}

function inRange(value: bigint, options: { readonly unsigned: boolean }): number | bigint | null {
  if (value < INT64_MIN || value > (options.unsigned ? UINT64_MAX : INT64_MAX)) return null
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}

const CORE = 'tag:yaml.org,2002:'

/**
 * The value of a scalar with an explicit tag (long form), or null where the text does not fit the tag. An unknown tag
 * (`!Ref`, `!vault`) leaves the text a string, as Go does.
 */
export function resolveTagged(tag: string, text: string): Scalar | null {
  const plain = resolvePlain(text)
  switch (tag) {
    case `${CORE}null`:
    case `${CORE}bool`:
    case `${CORE}int`:
      return tag === CORE + plain.kind ? plain : null
    case `${CORE}float`:
      if (plain.kind === 'float') return plain
      return plain.kind === 'int' && fitsInt64(plain.value) ? { kind: 'float', value: Number(plain.value) } : null
    case `${CORE}timestamp`:
      return /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:$|[Tt ])/.test(text) ? { kind: 'string', value: text } : null
    case `${CORE}binary`:
      return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)
        ? { kind: 'string', value: Buffer.from(text, 'base64').toString('utf8') }
        : null
    default:
      return { kind: 'string', value: text }
  }
}

function fitsInt64(value: number | bigint): boolean {
  return BigInt(value) <= INT64_MAX
}

/** A scalar as a JSON value, or null where JSON cannot say it (`.inf`, `.nan`). */
export function scalarValue(scalar: Scalar): { readonly json: Json } | null {
  return typeof scalar.value === 'number' && !Number.isFinite(scalar.value) ? null : { json: scalar.value }
}

/**
 * A scalar as a key of a JSON object: `1` gives `"1"`, `yes` gives `"true"`. Null where Go refuses the key (null, or an
 * integer beyond int64).
 */
export function keyText(scalar: Scalar): string | null {
  switch (scalar.kind) {
    case 'string':
      return scalar.value
    case 'bool':
      return scalar.value ? 'true' : 'false'
    case 'int':
      return fitsInt64(scalar.value) ? scalar.value.toString() : null
    case 'float':
      return floatKey(scalar.value)
    case 'null':
      return null
  }
}

/** Go writes a float key with the shortest digits that a 32-bit float needs, in `%g` form. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  const single = Math.fround(value)
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf'
  if (single === 0) return '0'
  let shortest = single.toExponential(8)
  for (let digits = 0; digits < 8; digits++) {
    const text = single.toExponential(digits)
    if (Math.fround(Number(text)) === single) {
      shortest = text
      break
    }
  }
  const [mantissa = '', power = '0'] = shortest.split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < 6) return plainFloat(mantissa, exponent)
  const size = Math.abs(exponent).toString().padStart(2, '0')
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`
}

function plainFloat(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace('-', '').replace('.', '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  const rest = digits.slice(exponent + 1)
  return rest === '' ? sign + whole : `${sign}${whole}.${rest}`
}
