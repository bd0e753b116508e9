// A schema in the words of Swagger 2, which has no combinations and no nulls: what it cannot say is left open.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { eachBelow } from './below.ts'

/** The simpler schema. Defaults are not published in version 2. */
export function simplify(raw: JsonObject): JsonObject {
  const { allOf: _, anyOf: __, oneOf: ___, not: ____, default: _____, ...kept } = raw
  return eachBelow(opened(kept), simplify)
}

function opened(raw: JsonObject): JsonObject {
  const made: Record<string, Json> = { ...raw }
  const preserves = raw['x-kubernetes-preserve-unknown-fields'] === true
  if (raw.nullable === true) delete made.type
  if (raw.nullable === true || preserves) {
    delete made.items
    delete made.properties
  }
  delete made.nullable
  if (made.items === undefined && made.type === 'array') delete made.type
  if (preserves && made.type === 'object') delete made.type
  return withRequired(made)
}

/** A field that may be null may as well be absent. */
function withRequired(raw: JsonObject): JsonObject {
  if (!isList(raw.required)) return raw
  const { required, ...rest } = raw
  if (isObject(raw.additionalProperties) && raw.additionalProperties.nullable === true) return rest
  const { properties } = raw
  const needed = required.filter((name) => {
    const property = isObject(properties) && typeof name === 'string' ? properties[name] : undefined
    return !(isObject(property) && property.nullable === true)
  })
  return needed.length === 0 ? rest : { ...rest, required: needed }
}
