// `format` of texts: %s, %d, %f, %e, %b, %o, %x and %%.
import { floatText, quote } from '../../value/text.ts'
import { durationText, timestampText } from '../time.ts'
import type { Value } from '../value.ts'
import { CelFault, List, MapValue, numeric, Optional, Span, Timestamp, TypeValue, typeName, Uint } from '../value.ts'

/** The text with its clauses filled in. */
export function formatText(pattern: string, values: readonly Value[]): string {
  let next = 0
  return pattern.replace(
    /%(?:\.(\d+))?([sdfebBoxX%])?/g,
    (whole, precision: string | undefined, verb: string | undefined) => {
      if (verb === '%') return '%'
      if (verb === undefined)
        throw new CelFault(`could not parse formatting clause: unrecognized formatting clause "${whole.slice(1)}"`)
      if (next >= values.length) throw new CelFault(`index ${next} out of range`)
      const value = values[next] ?? null
      next += 1
      return clause(verb, value, precision === undefined ? 6 : Number(precision))
    },
  )
}

function clause(verb: string, value: Value, precision: number): string {
  switch (verb) {
    case 's':
      return shown(value)
    case 'd':
      return whole(value).toString()
    case 'f':
      return double(value).toFixed(precision)
    case 'e': {
      const [digits = '', power = '+0'] = double(value).toExponential(precision).split('e')
      const sign = power.startsWith('-') ? '⁻' : ''
      return `${digits}×10${sign}${raised(power.slice(1).padStart(2, '0'))}`
    }
    case 'b':
      return typeof value === 'boolean' ? String(Number(value)) : whole(value).toString(2)
    case 'o':
      return whole(value).toString(8)
    default:
      return hex(value, verb === 'X')
  }
}

/** Digits above the line. */
function raised(digits: string): string {
  return digits.replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? '')
}

function whole(value: Value): bigint {
  if (typeof value === 'bigint') return value
  if (value instanceof Uint) return value.value
  throw new CelFault(
    `error during formatting: only integers can be used with this clause, was given ${typeName(value)}`,
  )
}

function double(value: Value): number {
  const number = numeric(value)
  if (number === null)
    throw new CelFault(
      `error during formatting: only doubles can be used with this clause, was given ${typeName(value)}`,
    )
  return Number(number)
}

function hex(value: Value, upper: boolean): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value instanceof Uint8Array ? value : null
  const text =
    bytes === null ? whole(value).toString(16) : [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return upper ? text.toUpperCase() : text
}

/** A value within a list or a map: texts are quoted. */
function inner(value: Value): string {
  return typeof value === 'string' ? quote(value) : shown(value)
}

/** A value as %s prints it. */
function shown(value: Value): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return value
  if (typeof value === 'number') return floatText(value)
  if (value instanceof Uint) return String(value.value)
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  if (value instanceof Timestamp) return timestampText(value)
  if (value instanceof Span) return durationText(value)
  if (value instanceof TypeValue) return value.name
  if (value instanceof List) return `[${value.items.map(inner).join(', ')}]`
  if (value instanceof MapValue) {
    const entries = [...value.entries.values()].map(([key, each]) => `${inner(key)}:${inner(each)}`)
    return `{${entries.sort().join(', ')}}`
  }
  if (value instanceof Optional || typeof value === 'object') {
    throw new CelFault(
      `error during formatting: string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps, was given ${typeName(value)}`,
    )
  }
  return String(value)
}
