// JSON merge patch (RFC 7386), with the words of the real server.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { failure } from '../registry/status.ts'

/** A document with a patch laid over it; null takes a field away. Throws a StatusError for what is no patch. */
export function mergePatch(document: Json, patch: Json): Json {
  if (patch === null) throw failure(400, 'BadRequest', 'Invalid JSON Patch')
  if (!isObject(patch)) {
    const kind = isList(patch)
      ? 'array'
      : typeof patch === 'boolean'
        ? 'bool'
        : typeof patch === 'string'
          ? 'string'
          : 'number'
    const what = `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`
    throw failure(400, 'BadRequest', `error decoding patch: ${what}`)
  }
  return isObject(document) ? mergeObject(document, patch) : pruned(patch)
}

function mergeObject(document: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...document }
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name]
    else merged[name] = mergeValue(Object.hasOwn(document, name) ? document[name] : undefined, value)
  }
  return merged
}

function mergeValue(before: Json | undefined, value: Json): Json {
  if (isObject(before)) return isObject(value) ? mergeObject(before, value) : value
  return pruned(value)
}

/** A new value: fields that are null are not set, also those of objects in lists. */
function pruned(value: Json): Json {
  if (isList(value)) return value.map(pruned)
  if (!isObject(value)) return value
  const fields = Object.entries(value).filter(([, item]) => item !== null)
  return Object.fromEntries(fields.map(([name, item]) => [name, pruned(item)]))
}
