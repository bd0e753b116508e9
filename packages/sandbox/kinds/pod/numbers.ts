// Checks of numbers that many fields share.
import type { Json } from '@mainstay/core/object/json.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { invalid } from '../causes.ts'
import { betweenText } from '../formats.ts'
import { has, wholeAt } from '../look.ts'

/** What the server says of a number below zero. */
export const NEGATIVE = 'must be greater than or equal to 0'

/** A number that is not negative; absent counts as zero. */
export function countCauses(value: Json | undefined, key: string, path: string): readonly Cause[] {
  const number = wholeAt(value, key) ?? 0
  return number < 0 ? [invalid(`${path}.${key}`, valueAt(value, key), NEGATIVE)] : []
}

/** Several of them. */
export function countsCauses(value: Json | undefined, keys: readonly string[], path: string): readonly Cause[] {
  return keys.flatMap((key) => countCauses(value, key, path))
}

/** A number in a range, where it is there. */
export function rangeCause(
  value: Json | undefined,
  key: string,
  path: string,
  [low, high]: readonly [number, number],
): readonly Cause[] {
  if (!has(value, key)) return []
  const number = wholeAt(value, key) ?? 0
  return number < low || number > high ? [invalid(`${path}.${key}`, valueAt(value, key), betweenText(low, high))] : []
}

const MODE = 'must be a number between 0 and 0777 (octal), both inclusive'

/** The mode of a file. */
export function modeCauses(value: Json | undefined, key: string, path: string): readonly Cause[] {
  const mode = wholeAt(value, key) ?? 0
  return mode < 0 || mode > 0o777 ? [invalid(`${path}.${key}`, mode, MODE)] : []
}
