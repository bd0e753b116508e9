// Formats in schemas that the server does not check: it warns of them.
import { isObject } from '@mainstay/core/object/json.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import type { Schema } from '../schema/schema.ts'
import { schemaOf } from '../schema/schema.ts'
import { isKnownFormat } from '../value/format.ts'
import type { Hub } from './hub.ts'

/** Every format that is not checked, once for each place where it stands. */
export function unknownFormats(hub: Hub): readonly string[] {
  const schemas = [hub.top.schema, ...hub.versions.map((each) => each.schema)]
  return schemas.flatMap((each) => {
    const raw = valueAt(each, 'openAPIV3Schema')
    return isObject(raw) ? formatsIn(schemaOf(raw)) : []
  })
}

function formatsIn(schema: Schema): readonly string[] {
  const below = [schema.items, schema.not, schema.additional?.schema ?? null].filter((each) => each !== null)
  const parts = [...below, ...schema.allOf, ...schema.anyOf, ...schema.oneOf, ...schema.properties.values()]
  const own = schema.format !== '' && !isChecked(schema.format, schema.type) ? [schema.format] : []
  return [...own, ...parts.flatMap(formatsIn)]
}

function isChecked(format: string, type: string): boolean {
  switch (type) {
    case '':
    case 'string':
      return isKnownFormat(format)
    case 'integer':
      return format === 'int32' || format === 'int64'
    case 'number':
      return format === 'float' || format === 'double'
    default:
      return false
  }
}
