// Bounds of numbers. A bound that does not fit the field's type is told of as well, as the real server does.
import type { Cause } from '../../registry/kind.ts'
import type { Schema } from '../schema/schema.ts'
import type { BadValue } from './cause.ts'
import { invalid } from './cause.ts'
import { failureAt, Result } from './result.ts'
import { formatOf, typesOf } from './scalar.ts'
import { floatText, isInt64, numberText } from './text.ts'

type Numeric = number | bigint

/** Checks range, multipleOf, minimum and maximum. */
export function checkNumber(value: Numeric, schema: Schema, path: string): Result {
  const types = typesOf(schema)
  const type = types.length === 1 ? (types[0] ?? '') : ''
  const range = { type: type === 'integer' || type === 'number' ? type : '', format: formatOf(schema), path }
  const result = new Result()
  addRange(result, value, range, 'Checked')
  const multiple = new Result()
  const { multipleOf, maximum, minimum } = schema
  if (multipleOf !== null) {
    addRange(multiple, multipleOf, range, 'MultipleOf')
    addMultiple(multiple, value, multipleOf, path, multiple.valid)
  }
  const most = maximum === null ? new Result() : checkMaximum(value, maximum, schema.exclusiveMaximum, range)
  const least = minimum === null ? new Result() : checkMinimum(value, minimum, schema.exclusiveMinimum, range)
  return result.merge(multiple, least, most).pass()
}

function checkMaximum(value: Numeric, maximum: number, exclusive: boolean, range: Range): Result {
  const result = new Result()
  addRange(result, maximum, range, 'Maximum boundary')
  const native = result.valid
  const bound = boundFor(value, maximum, native)
  if (value > bound || (exclusive && value >= bound)) {
    const words = exclusive ? 'less than' : 'less than or equal to'
    addBound(result, value, range.path, `${words} ${boundText(bound, value, native)}`)
  }
  return result
}

function checkMinimum(value: Numeric, minimum: number, exclusive: boolean, range: Range): Result {
  const result = new Result()
  addRange(result, minimum, range, 'Minimum boundary')
  const native = result.valid
  const bound = boundFor(value, minimum, native)
  if (value < bound || (exclusive && value <= bound)) {
    const words = exclusive ? 'greater than' : 'greater than or equal to'
    addBound(result, value, range.path, `${words} ${boundText(bound, value, native)}`)
  }
  return result
}

interface Range {
  readonly type: string
  readonly format: string
  readonly path: string
}

function addRange(result: Result, value: Numeric, { type, format, path }: Range, what: string): void {
  if (fitsRange(value, type, format)) return
  const named = format === '' ? `${type} (default format)` : `${type} with format ${format}`
  const text = `${what} value must be of type ${named} in ${path}`
  result.add({ text, cause: (base) => invalid(base, '', text) })
}

function fitsRange(value: Numeric, type: string, format: string): boolean {
  if (type === 'integer') {
    if (!isInt64(value)) return false
    return format !== 'int32' || (value >= -(2 ** 31) && value < 2 ** 31)
  }
  // The largest finite float32, rounded up by half a step.
  return format !== 'float' || Math.abs(Number(value)) < 3.4028235677973366e38
}

/** A whole number is compared with the whole part of a bound, where the bound fits the field's type. */
function boundFor(value: Numeric, bound: number, native: boolean): number {
  if (!native || !isInt64(value)) return bound
  // What no int64 holds becomes the least one, as in Go.
  return isInt64(Math.trunc(bound)) ? Math.trunc(bound) : -(2 ** 63)
}

function boundText(bound: number, value: Numeric, native: boolean): string {
  return native && isInt64(value) ? numberText(bound) : floatText(bound)
}

function addBound(result: Result, value: Numeric, path: string, words: string): void {
  const text = `${path} in body should be ${words}`
  result.add(failureAt(text, path, (field): Cause => invalid(field, value as BadValue, text)))
}

function addMultiple(result: Result, value: Numeric, factor: number, path: string, native: boolean): void {
  const whole = native && isInt64(value)
  const by = whole ? Math.trunc(factor) : factor
  const shown = whole ? numberText(by) : floatText(by)
  if (by <= 0) {
    const text = `factor MultipleOf declared for ${path} must be positive: ${shown}`
    result.add(failureAt(text, path, (field) => invalid(field, by, text)))
    return
  }
  if (isMultiple(value, by, whole)) return
  const text = `${path} in body should be a multiple of ${shown}`
  result.add(failureAt(text, path, (field) => invalid(field, value, text)))
}

function isMultiple(value: Numeric, by: number, whole: boolean): boolean {
  if (whole) return BigInt(value) % BigInt(by) === 0n
  const quotient = by < 1 ? (1 / by) * Number(value) : Number(value) / by
  return isNearlyWhole(quotient)
}

/** Whole, give or take a rounding error: the tolerance of the real server. */
function isNearlyWhole(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false
  const whole = Math.trunc(value)
  if (value === whole) return true
  const difference = Math.abs(value - whole)
  if (value === 0 || whole === 0 || difference < Number.MIN_VALUE * 1e-9) return difference < 1e-9 * Number.MIN_VALUE
  return difference / (Math.abs(value) + Math.abs(whole)) < 1e-9
}
