// Causes of a refusal in the real server's words, and the field paths they point at.
import type { Json } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { goJson, numberText, quote } from './text.ts'

/** A value that is not shown in the message. */
export const OMITTED = Symbol('omitted')

/** A value in the server's own spelling: its inner types have fields with capitals, in an order of their own. */
export class GoText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What a message says of the value that was refused. */
export type BadValue = Json | GoText | typeof OMITTED

/** The path of the object itself. Messages print it as `<nil>`. */
export const ROOT = ''

/** `spec` + `replicas` → `spec.replicas`. */
export function child(path: string, ...names: readonly string[]): string {
  return names.reduce((parent, name) => (parent === ROOT ? name : `${parent}.${name}`), path)
}

/** `labels` + `a` → `labels[a]`. */
export function atKey(path: string, key: string): string {
  return `${path}[${key}]`
}

/** `items` + 0 → `items[0]`. */
export function atIndex(path: string, index: number): string {
  return `${path}[${index}]`
}

/** A value that is wrong. */
export function invalid(path: string, value: BadValue, detail: string): Cause {
  return make('FieldValueInvalid', path, withValue('Invalid value', value), detail)
}

/** A value of the wrong JSON type. */
export function typeInvalid(path: string, value: BadValue, detail: string): Cause {
  return make('FieldValueTypeInvalid', path, withValue('Invalid value', value), detail)
}

/** A value that must be there. */
export function required(path: string, detail = ''): Cause {
  return make('FieldValueRequired', path, 'Required value', detail)
}

/** A value that may not be there. */
export function forbidden(path: string, detail: string): Cause {
  return make('FieldValueForbidden', path, 'Forbidden', detail)
}

/** A value that was there before. */
export function duplicate(path: string, value: BadValue): Cause {
  return make('FieldValueDuplicate', path, withValue('Duplicate value', value), '')
}

/** A value outside a list of allowed ones. */
export function notSupported(path: string, value: BadValue, allowed: readonly string[]): Cause {
  const detail = allowed.length === 0 ? '' : `supported values: ${allowed.map(quote).join(', ')}`
  return make('FieldValueNotSupported', path, withValue('Unsupported value', value), detail)
}

/** A text that is too long. The real server counts characters and says bytes. */
export function tooLong(path: string, most: number): Cause {
  return make('FieldValueTooLong', path, 'Too long', `may not be more than ${most} ${most === 1 ? 'byte' : 'bytes'}`)
}

/** Too many items or properties. */
export function tooMany(path: string, actual: number, most: number): Cause {
  const detail = `must have at most ${most} ${most === 1 ? 'item' : 'items'}`
  return make('FieldValueTooMany', path, `Too many: ${actual}`, detail)
}

function make(reason: Cause['reason'], path: string, body: string, detail: string): Cause {
  const field = path === ROOT ? '<nil>' : path
  return { reason, field, message: detail === '' ? body : `${body}: ${detail}` }
}

function withValue(word: string, value: BadValue): string {
  if (value === OMITTED) return word
  if (value instanceof GoText) return `${word}: ${value.text}`
  if (typeof value === 'string') return `${word}: ${quote(value)}`
  if (typeof value === 'number' || typeof value === 'bigint') return `${word}: ${numberText(value)}`
  if (typeof value === 'boolean') return `${word}: ${value}`
  return `${word}: ${goJson(value)}`
}
