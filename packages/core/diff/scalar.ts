// When two scalars are one value to the API server, although they are written differently.
import type { Json } from '../object/json.ts'
import { sameDuration } from './duration.ts'
import { hasUnit, sameQuantity } from './quantity.ts'
import type { ScalarSchema } from './schema.ts'
import { sameTime } from './time.ts'

/** `perhaps`: the same if the field is what it looks like; only the API server knows. */
export type Sameness = 'same' | 'perhaps' | 'differs'

/**
 * Compares two scalars of a known type. Values of a wrong type (a number where the schema says string) are never the
 * same as their other spelling: the API server refuses them, and that refusal must come to light.
 */
export function sameScalar(schema: ScalarSchema, a: Json, b: Json): Sameness {
  if (a === b || sameNumber(a, b)) return 'same'
  return sameForm(schema, a, b) ? 'same' : 'differs'
}

/** Compares two values of which nothing is known but what they look like. */
export function sameUnknownScalar(a: Json, b: Json): Sameness {
  if (a === b || sameNumber(a, b)) return 'same'
  if (!isAmount(a) || !isAmount(b)) return 'differs'
  // Texts such as "1.10" and "1.1" are versions far more often than amounts: one side must show that it is an amount.
  const shown = typeof a !== 'string' || typeof b !== 'string' || hasUnit(a) || hasUnit(b)
  return shown && sameQuantity(a, b) ? 'perhaps' : 'differs'
}

/** True when a number and a bigint (or two numbers) are one value. */
export function sameNumber(a: Json, b: Json): boolean {
  if (typeof a === 'bigint' && typeof b === 'number') return Number.isInteger(b) && BigInt(b) === a
  if (typeof a === 'number' && typeof b === 'bigint') return Number.isInteger(a) && BigInt(a) === b
  return a === b && (typeof a === 'number' || typeof a === 'bigint')
}

function sameForm(schema: ScalarSchema, a: Json, b: Json): boolean {
  switch (schema.form) {
    case 'quantity':
      return isAmount(a) && isAmount(b) && sameQuantity(a, b)
    case 'duration':
      return typeof a === 'string' && typeof b === 'string' && sameDuration(a, b)
    case 'time':
      return typeof a === 'string' && typeof b === 'string' && sameTime(a, b)
    case 'bytes':
      return typeof a === 'string' && typeof b === 'string' && unwrapped(a) === unwrapped(b)
    case 'plain':
    case 'int-or-string':
      return false
  }
}

function isAmount(value: Json): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
}

/** Base64 without the line breaks that people wrap it with and the API server skips. */
function unwrapped(text: string): string {
  return text.replaceAll(/[\r\n]/g, '')
}
