// Checks a value against a schema with the checks, their order and the words of the real server.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import type { Schema } from '../schema/schema.ts'
import { invalid, required } from './cause.ts'
import { checkCombinations } from './combine.ts'
import type { Correlation } from './correlate.ts'
import { atItem, atName, isUnchanged } from './correlate.ts'
import { checkCounts, checkLength } from './count.ts'
import { checkNumber } from './number.ts'
import { failureAt, Result } from './result.ts'
import { sameJson } from './same.ts'
import { checkEnum, checkFormat, checkText, checkType } from './scalar.ts'

/** Causes for a value at `base` (`''` for a whole object). With a correlation, what did not change is not told. */
export function validateValue(
  base: string,
  value: Json,
  schema: Schema,
  correlation: Correlation | null = null,
): readonly Cause[] {
  return check(value, schema, '', correlation).causes(base)
}

/** Checks one node and all below it. */
export function check(value: Json, schema: Schema, path: string, correlation: Correlation | null): Result {
  const result = checkNode(value, schema, path, correlation)
  if (result.valid || correlation === null || !isUnchanged(correlation)) return result
  const forgiven = new Result()
  forgiven.matches = result.matches
  return forgiven
}

/** Below a combination nothing is compared with the old object. */
function plainly(value: Json, schema: Schema, path: string): Result {
  return check(value, schema, path, null)
}

function checkNode(value: Json, schema: Schema, path: string, correlation: Correlation | null): Result {
  const result = new Result()
  if (value === null) return result.merge(checkType(value, schema, path), checkEnum(value, schema, path))
  const steps: Result[] = []
  if (schema.type !== '' || schema.intOrString || schema.format !== '') steps.push(checkType(value, schema, path))
  steps.push(checkCombinations(value, schema, path, plainly))
  if (typeof value === 'string') steps.push(checkText(value, schema, path), ...checkFormat(value, schema, path))
  if (typeof value === 'number' || typeof value === 'bigint') steps.push(checkNumber(value, schema, path))
  if (isList(value)) steps.push(checkList(value, schema, path, correlation))
  steps.push(checkEnum(value, schema, path))
  if (isObject(value)) steps.push(checkObject(value, schema, path, correlation))
  for (const step of steps) result.merge(step).pass()
  return result.pass()
}

function checkList(value: readonly Json[], schema: Schema, path: string, correlation: Correlation | null): Result {
  const result = new Result()
  const items = schema.items
  if (items !== null) {
    value.forEach((item, index) => {
      result.merge(check(item, items, `${path}[${index}]`, correlation === null ? null : atItem(correlation, index)))
    })
  }
  result.add(...checkLength(value.length, schema, path))
  if (schema.uniqueItems && hasRepeated(value)) {
    const text = `${path} in body shouldn't contain duplicates`
    result.add(failureAt(text, path, (field) => invalid(field, '', text)))
  }
  return result.pass()
}

function hasRepeated(items: readonly Json[]): boolean {
  return items.some((item, index) => items.slice(0, index).some((before) => sameJson(before, item)))
}

function checkObject(
  value: { readonly [key: string]: Json },
  schema: Schema,
  path: string,
  correlation: Correlation | null,
): Result {
  const result = new Result()
  result.add(...checkCounts(Object.keys(value).length, schema, path))
  for (const [key, field] of Object.entries(value)) {
    if (schema.properties.has(key)) continue
    if (schema.additional?.allows === false) {
      const text = `${path}.${key} in body is a forbidden property`
      result.add(failureAt(text, path, (at) => invalid(at, key, text)))
    } else if (schema.additional?.schema != null) {
      result.merge(check(field, schema.additional.schema, `${path}.${key}`, below(correlation, path, key)))
    }
  }
  for (const [name, property] of schema.properties) {
    const field = Object.hasOwn(value, name) ? value[name] : undefined
    if (field === undefined) continue
    const at = path === '' ? name : `${path}.${name}`
    result.merge(check(field, property, at, below(correlation, path, name)))
  }
  for (const name of schema.required) {
    if (Object.hasOwn(value, name)) continue
    const at = `${path}.${name}`
    result.add(failureAt(`${at} in body is required`, at, (field) => required(field)))
  }
  return result
}

/** A change of kind or apiVersion cannot be seen, as both objects are in one version: they are always checked. */
function below(correlation: Correlation | null, path: string, name: string): Correlation | null {
  if (correlation === null || (path === '' && (name === 'kind' || name === 'apiVersion'))) return null
  return atName(correlation, name)
}
