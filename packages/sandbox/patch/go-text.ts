// Values as Go prints them in messages.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'

/** `%v`: `map[a:1 b:[x y]]`. */
export function goText(value: Json): string {
  if (isList(value)) return `[${value.map(goText).join(' ')}]`
  if (isObject(value)) {
    const keys = Object.keys(value).sort()
    return `map[${keys.map((key) => `${key}:${goText(value[key] ?? null)}`).join(' ')}]`
  }
  return value === null ? '<nil>' : String(value)
}

/** `%#v`: `map[string]interface {}{"a":1}`. */
export function goSyntax(value: Json): string {
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (isObject(value)) {
    const keys = Object.keys(value).sort()
    const fields = keys.map((key) => `${JSON.stringify(key)}:${goSyntax(value[key] ?? null)}`)
    return `map[string]interface {}{${fields.join(', ')}}`
  }
  if (value === null) return 'interface {}(nil)'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

/** `%T`: `map[string]interface {}`. */
export function goType(value: Json): string {
  if (isList(value)) return '[]interface {}'
  if (isObject(value)) return 'map[string]interface {}'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64'
    case 'bigint':
      return 'int64'
    default:
      return '<nil>'
  }
}
