// How large a value of a schema can be in one request: what the estimated cost of a rule is made of.
import type { Schema } from '../schema/schema.ts'
import { escapeName, withRoot } from './convert.ts'

/** What a schema says of the size of its values. */
export interface Extent {
  /** Most items, fields or bytes; nothing for what has one size. */
  readonly most: bigint
  /** Fewest bytes in JSON. */
  readonly least: bigint
  readonly items: Extent | null
  readonly keys: Extent | null
  readonly fields: ReadonlyMap<string, Extent>
}

/** The largest request, in bytes. */
export const REQUEST = 3n * 1024n * 1024n

const NONE: ReadonlyMap<string, Extent> = new Map()

function simple(least: bigint, most = 0n): Extent {
  return { most, least, items: null, keys: null, fields: NONE }
}

/** The extent of a node; null where rules cannot see it. */
export function extentOf(schema: Schema, root: boolean): Extent | null {
  if (schema.intOrString) return simple(1n, textMost(schema))
  const known = root ? withRoot(schema) : schema
  switch (known.type) {
    case 'array':
      return listExtent(known)
    case 'object':
      return known.additional?.schema == null ? objectExtent(known) : mapExtent(known, known.additional.schema)
    case 'string':
      return textExtent(known)
    case 'boolean':
      return simple(4n)
    case 'number':
    case 'integer':
      return simple(1n)
    default:
      return null
  }
}

function positive(value: number | null): bigint | null {
  return value === null ? null : BigInt(Math.max(0, Math.trunc(value)))
}

function listExtent(schema: Schema): Extent | null {
  const items = schema.items === null ? null : extentOf(schema.items, schema.items.embedded)
  if (items === null) return null
  return { ...simple(2n, positive(schema.maxItems) ?? (REQUEST - 2n) / (items.least + 1n)), items }
}

function mapExtent(schema: Schema, every: Schema): Extent | null {
  const items = extentOf(every, every.embedded)
  if (items === null) return null
  const most = positive(schema.maxProperties) ?? (REQUEST - 2n) / (items.least + 6n)
  return { ...simple(2n, most), items, keys: simple(2n) }
}

function objectExtent(schema: Schema): Extent {
  const fields = new Map<string, Extent>()
  let least = 2n
  for (const [name, property] of schema.properties) {
    const extent = extentOf(property, property.embedded)
    if (extent === null) continue
    const field = escapeName(name)
    if (field !== null) fields.set(field, extent)
    if (schema.required.includes(name) && property.default === null) {
      least += BigInt(new TextEncoder().encode(name).length) + extent.least + 4n
    }
  }
  return { ...simple(least), fields }
}

/** Characters of a text may take four bytes each. */
function textMost(schema: Schema): bigint {
  const most = positive(schema.maxLength)
  return most === null ? REQUEST - 2n : most * 4n
}

function textExtent(schema: Schema): Extent {
  switch (schema.format) {
    case 'byte':
      return simple(2n, positive(schema.maxLength) ?? REQUEST - 2n)
    case 'duration':
      return simple(3n, 32n)
    case 'date':
      return simple(12n, 12n)
    case 'date-time':
      return simple(21n, 32n)
    default: {
      if (schema.maxLength !== null || schema.enum.length === 0) return simple(2n, textMost(schema))
      const sizes = schema.enum.map((each) => (typeof each === 'string' ? new TextEncoder().encode(each).length : 0))
      return simple(2n, BigInt(Math.max(...sizes)))
    }
  }
}

/** How often a node can be in one object: a number, or null where nothing bounds it. */
export function timesBelow(schema: Schema, times: bigint | null): bigint | null {
  if (times === null) return null
  if (schema.type === 'array') return multiplied(times, positive(schema.maxItems))
  if (schema.type === 'object' && schema.additional !== null) return multiplied(times, positive(schema.maxProperties))
  return times
}

function multiplied(times: bigint, by: bigint | null): bigint | null {
  return by === null ? null : times * by
}
