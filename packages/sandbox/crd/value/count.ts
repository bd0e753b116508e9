// How many items a list and how many fields an object may have.
import type { Schema } from '../schema/schema.ts'
import { invalid, tooMany } from './cause.ts'
import type { Failure } from './result.ts'
import { failureAt } from './result.ts'

/** minItems and maxItems. */
export function checkLength(size: number, schema: Schema, path: string): readonly Failure[] {
  const { minItems, maxItems } = schema
  const failures: Failure[] = []
  if (minItems !== null && size < minItems) {
    const text = `${path} in body should have at least ${minItems} items`
    failures.push(failureAt(text, path, (field) => invalid(field, size, text)))
  }
  if (maxItems !== null && size > maxItems) {
    const text = `${path} in body should have at most ${maxItems} items`
    failures.push(failureAt(text, path, (field) => tooMany(field, size, maxItems)))
  }
  return failures
}

/** minProperties and maxProperties. */
export function checkCounts(size: number, schema: Schema, path: string): readonly Failure[] {
  const { minProperties, maxProperties } = schema
  const failures: Failure[] = []
  if (minProperties !== null && size < minProperties) {
    const text = `${path} in body should have at least ${minProperties} properties`
    failures.push(failureAt(text, path, (field) => invalid(field, size, text)))
  }
  if (maxProperties !== null && size > maxProperties) {
    const text = `${path} in body should have at most ${maxProperties} properties`
    failures.push(failureAt(text, path, (field) => tooMany(field, size, maxProperties)))
  }
  return failures
}
