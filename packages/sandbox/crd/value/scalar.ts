// Type, enum, length, pattern and format of one value.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Schema } from '../schema/schema.ts'
import { invalid, notSupported, tooLong, typeInvalid } from './cause.ts'
import { findFormat, isKnownFormat } from './format.ts'
import { compilePattern } from './pattern.ts'
import { failureAt, Result } from './result.ts'
import { sameJson } from './same.ts'
import { goJson, isInt64, plainValue, quote } from './text.ts'

/** Types a node accepts: none means any. */
export function typesOf(schema: Schema): readonly string[] {
  if (schema.intOrString) return ['integer', 'string']
  return schema.type === '' ? [] : [schema.type]
}

/** The node's format where the server knows it for the node's type, else `''`. */
export function formatOf(schema: Schema): string {
  const types = typesOf(schema)
  const type = types.length === 1 ? types[0] : ''
  switch (type) {
    case '':
    case 'string':
      return isKnownFormat(schema.format) ? schema.format : ''
    case 'integer':
      return schema.format === 'int32' || schema.format === 'int64' ? schema.format : ''
    case 'number':
      return schema.format === 'float' || schema.format === 'double' ? schema.format : ''
    default:
      return ''
  }
}

/** JSON type of a value, and the format that a number has by its kind. */
function kindOf(value: Json): { readonly type: string; readonly format: string } {
  if (isList(value)) return { type: 'array', format: '' }
  if (isObject(value)) return { type: 'object', format: '' }
  if (typeof value === 'string') return { type: 'string', format: '' }
  if (typeof value === 'boolean') return { type: 'boolean', format: '' }
  return isInt64(value) ? { type: 'integer', format: 'int64' } : { type: 'number', format: 'float64' }
}

/** The type check. Texts (and lists!) under a format of texts are left to the check of the format. */
export function checkType(value: Json, schema: Schema, path: string): Result {
  const types = typesOf(schema)
  const format = formatOf(schema)
  const result = new Result().pass()
  if (value === null) {
    if (types.length === 0 || schema.nullable) return result
    return wrongType(path, types.join(','), 'null')
  }
  if (types.length === 0 && format === '') return result
  const kind = kindOf(value)
  const isWhole = kind.type === 'number' && Number.isSafeInteger(value) && types.includes('integer')
  const fits = types.includes(kind.type) || isWhole || (kind.type === 'integer' && types.includes('number'))
  const isTextLike = typeof value === 'string' || isList(value)
  if (format !== '' && !isTextLike && !fits && kind.format !== format) return wrongType(path, format, kind.format)
  if (format !== '' && isTextLike && !types.includes('number') && !types.includes('integer')) return result
  return fits ? result : wrongType(path, types.join(','), kind.type)
}

function wrongType(path: string, wanted: string, found: string): Result {
  const text = `${path} in body must be of type ${wanted}: ${quote(found)}`
  return new Result().add(failureAt(text, path, (field) => typeInvalid(field, found, text)))
}

/** The enum check. */
export function checkEnum(value: Json, schema: Schema, path: string): Result {
  const result = new Result()
  if (schema.enum.length === 0 || schema.enum.some((each) => each !== null && sameJson(each, value))) return result
  const text = `${path} in body should be one of [${schema.enum.map(plainValue).join(' ')}]`
  const allowed = schema.enum.map((each) => (typeof each === 'string' ? each : goJson(each)))
  return result.add(failureAt(text, path, (field) => notSupported(field, value, allowed)))
}

/** Length and pattern; only the first failure is told. */
export function checkText(value: string, schema: Schema, path: string): Result {
  const result = new Result()
  const length = [...value].length
  const { maxLength, minLength, pattern } = schema
  if (maxLength !== null && length > maxLength) {
    const text = `${path} in body should be at most ${maxLength} chars long`
    return result.add(failureAt(text, path, (field) => tooLong(field, maxLength)))
  }
  if (minLength !== null && length < minLength) {
    const text = `${path} in body should be at least ${minLength} chars long`
    return result.add(failureAt(text, path, (field) => invalid(field, value, text)))
  }
  if (pattern === '') return result
  const compiled = compilePattern(pattern)
  if (compiled.kind === 'pattern' && compiled.expression.test(value)) return result
  const why = compiled.kind === 'pattern' ? pattern : `${pattern}, but pattern is invalid: ${compiled.problem}`
  const text = `${path} in body should match '${why}'`
  return result.add(failureAt(text, path, (field) => invalid(field, value, text)))
}

/** The check of a text's format; nothing where the format is none of texts. */
export function checkFormat(value: string, schema: Schema, path: string): readonly Result[] {
  const format = formatOf(schema)
  const known = format === '' ? null : findFormat(format)
  if (known === null) return []
  if (known(value)) return [new Result()]
  const text = `${path} in body must be of type ${format}: ${quote(value)}`
  return [new Result().add(failureAt(text, path, (field) => typeInvalid(field, value, text)))]
}
