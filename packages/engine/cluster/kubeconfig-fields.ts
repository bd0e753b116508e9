// Reads fields of a kubeconfig with a fault that names file and field for everything that is not as it should be.
import { FaultError } from '../fault.ts'

/** A place in a file: `kubeconfig`, `users[0].user.token`. */
export interface Place {
  readonly file: string
  readonly field: string
}

/** A YAML mapping whose scalars are all text (read without type guessing, so a token `0123` stays as written). */
export type Fields = Readonly<Record<string, unknown>>

/** A fault about one field of a kubeconfig. `why` must not hold the field's value: it may be a credential. */
export function badField(place: Place, why: string, fix: readonly string[] = [], cause?: unknown): FaultError {
  return new FaultError(
    { kind: 'invalid-input', what: 'the kubeconfig cannot be used', where: `${place.file}: ${place.field}`, why, fix },
    cause === undefined ? {} : { cause },
  )
}

/** The place of a field below another one. */
export function below(place: Place, key: string): Place {
  return { file: place.file, field: place.field === '' ? key : `${place.field}.${key}` }
}

/** A mapping; an absent or null one is empty. */
export function mapOf(value: unknown, place: Place): Fields {
  if (value === undefined || value === null || value === '') return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw badField(place, 'must be a mapping')
  // A plain object out of the YAML reader: string keys and unknown values is all that is claimed.
  return value as Fields
}

/** A list; an absent or null one is empty. */
export function listOf(value: unknown, place: Place): readonly unknown[] {
  if (value === undefined || value === null || value === '') return []
  if (!Array.isArray(value)) throw badField(place, 'must be a list')
  return value
}

/** Text under a key; absent, null and empty are null. */
export function textOf(fields: Fields, key: string, place: Place): string | null {
  const value = fields[key]
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') throw badField(below(place, key), 'must be text')
  return value
}

/** Text that must be there. */
export function requiredText(fields: Fields, key: string, place: Place): string {
  const value = textOf(fields, key, place)
  if (value === null) throw badField(below(place, key), 'is missing')
  return value
}

/** `true` or `false`; absent is false. */
export function flagOf(fields: Fields, key: string, place: Place): boolean {
  const value = textOf(fields, key, place)
  if (value === null || value.toLowerCase() === 'false') return false
  if (value.toLowerCase() === 'true') return true
  throw badField(below(place, key), 'must be true or false')
}

/** A list of texts; absent is empty. */
export function textsOf(fields: Fields, key: string, place: Place): readonly string[] {
  return listOf(fields[key], below(place, key)).map((item, index) => {
    if (typeof item !== 'string') throw badField(below(place, `${key}[${index}]`), 'must be text')
    return item
  })
}
