// allOf, anyOf, oneOf and not: which of the inner failures are told is decided by how many checks held.
import type { Json } from '@mainstay/core/object/json.ts'
import type { Schema } from '../schema/schema.ts'
import { invalid } from './cause.ts'
import type { Failure } from './result.ts'
import { Result } from './result.ts'
import { quote } from './text.ts'

/** The check of a whole node, given by the one who asks. */
type Check = (value: Json, schema: Schema, path: string) => Result

/** Checks a value against the combinations of a node. Nothing below them is compared with the old object. */
export function checkCombinations(value: Json, schema: Schema, path: string, check: Check): Result {
  const result = new Result()
  if (schema.anyOf.length > 0) anyOf(result, value, schema.anyOf, path, check)
  if (schema.oneOf.length > 0) oneOf(result, value, schema.oneOf, path, check)
  if (schema.allOf.length > 0) allOf(result, value, schema.allOf, path, check)
  if (schema.not !== null && check(value, schema.not, path).valid) {
    result.add(whole(`${quote(path)} must not validate the schema (not)`))
  }
  return result.pass()
}

function anyOf(result: Result, value: Json, schemas: readonly Schema[], path: string, check: Check): void {
  let best: Result | null = null
  for (const schema of schemas) {
    const tried = check(value, schema, path)
    if (tried.valid) {
      result.merge(tried)
      return
    }
    if (best === null || tried.matches > best.matches) best = tried
  }
  result.add(whole(`${quote(path)} must validate at least one schema (anyOf)`))
  if (best !== null) result.merge(best)
}

function oneOf(result: Result, value: Json, schemas: readonly Schema[], path: string, check: Check): void {
  const tried = schemas.map((schema) => check(value, schema, path))
  const valid = tried.filter((each) => each.valid)
  const first = valid[0]
  if (valid.length === 1 && first !== undefined) {
    result.merge(first)
    return
  }
  const found = valid.length === 0 ? 'Found none valid' : `Found ${valid.length} valid alternatives`
  result.add(whole(`${quote(path)} must validate one and only one schema (oneOf). ${found}`))
  if (valid.length > 0) return
  const best = tried.reduce<Result | null>((a, b) => (a === null || b.matches > a.matches ? b : a), null)
  if (best !== null) result.merge(best)
}

function allOf(result: Result, value: Json, schemas: readonly Schema[], path: string, check: Check): void {
  const tried = schemas.map((schema) => check(value, schema, path))
  result.merge(...tried)
  const valid = tried.filter((each) => each.valid).length
  if (valid === schemas.length) return
  const none = valid === 0 ? '. None validated' : ''
  result.add(whole(`${quote(path)} must validate all the schemas (allOf)${none}`))
}

/** Such a failure has no path of its own: it is told of the whole object. */
function whole(text: string): Failure {
  return { text, cause: (base) => invalid(base, '', text) }
}
