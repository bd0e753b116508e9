// Walks a written schema: what lies directly below a node.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'

/** The schema with every schema below it changed, combinations aside. */
export function eachBelow(raw: JsonObject, change: (schema: JsonObject) => JsonObject): JsonObject {
  const made: Record<string, Json> = { ...raw }
  if (isObject(raw.items)) made.items = change(raw.items)
  if (isObject(raw.additionalProperties)) made.additionalProperties = change(raw.additionalProperties)
  if (isObject(raw.properties)) {
    made.properties = Object.fromEntries(
      Object.entries(raw.properties).map(([name, each]) => [name, isObject(each) ? change(each) : each]),
    )
  }
  return made
}
