// Defaults in a schema must themselves be valid, and hold nothing that would be pruned.
import type { Cause } from '../../registry/kind.ts'
import { defaultRuleCauses } from '../cel/rules.ts'
import { coerceEmbedded, embeddedCauses } from '../schema/embedded.ts'
import { pruneValue } from '../schema/prune.ts'
import type { Schema } from '../schema/schema.ts'
import { META_FIELDS } from '../schema/schema.ts'
import { atKey, child, invalid } from '../value/cause.ts'
import { sameJson } from '../value/same.ts'
import { validateValue } from '../value/validate.ts'

/** What is wrong with the defaults of a schema and of all below it, combinations aside. */
export function defaultCauses(schema: Schema, path: string, embedded = true): readonly Cause[] {
  return [
    ...ownCauses(schema, path),
    ...(schema.items === null ? [] : defaultCauses(schema.items, child(path, 'items'), schema.items.embedded)),
    ...[...schema.properties].flatMap(([name, property]) => {
      // Metadata knows its own fields; a default there is judged with them, which the sandbox leaves out.
      if (embedded && META_FIELDS.has(name)) return []
      return defaultCauses(property, atKey(child(path, 'properties'), name), property.embedded)
    }),
  ]
}

function ownCauses(schema: Schema, path: string): readonly Cause[] {
  const value = schema.default
  if (value === null) return []
  const at = child(path, 'default')
  const unknown = sameJson(pruneValue(value, schema), value) ? [] : [invalid(at, value, 'must not have unknown fields')]
  const { fault } = coerceEmbedded(value, schema)
  if (fault !== null) return [...unknown, { ...fault, field: `${at}.${fault.field}` }]
  const embedded = embeddedCauses(value, schema, at)
  if (embedded.length > 0) return [...unknown, ...embedded]
  const wrong = validateValue(at, value, schema)
  return [...unknown, ...(wrong.length > 0 ? wrong : defaultRuleCauses(value, schema, at))]
}
