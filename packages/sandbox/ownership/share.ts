// Lets objects that come from outside share what they say of their fields: most objects of a kind say the same.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'

/** Finds equal FieldsV1 by their text. */
export class FieldsShare {
  readonly #known = new Map<string, JsonObject>()

  /** The object with FieldsV1 that another one had before, where it has equal ones. */
  of(object: KubeObject): KubeObject {
    const entries = object.metadata.managedFields
    if (!isList(entries) || entries.length === 0) return object
    const managedFields = entries.map((entry) => {
      if (!isObject(entry) || !isObject(entry.fieldsV1)) return entry
      return { ...entry, fieldsV1: this.#shared(entry.fieldsV1) }
    })
    return { ...object, metadata: { ...object.metadata, managedFields } }
  }

  #shared(fields: JsonObject): JsonObject {
    const text = JSON.stringify(fields)
    const before = this.#known.get(text)
    if (before !== undefined) return before
    this.#known.set(text, fields)
    return fields
  }
}
