// One case of the differential test of values.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'

/** One definition and what is sent to it. */
export interface ValueCase {
  readonly name: string
  readonly schema: JsonObject
  readonly objects: readonly JsonObject[]
  /** Beside the schema in the version: subresources, columns. */
  readonly more?: JsonObject
}

/** Objects that have each of some values at one field of the spec. */
export function texts(key: string, values: readonly Json[]): readonly JsonObject[] {
  return values.map((value) => ({ spec: { [key]: value } }))
}
