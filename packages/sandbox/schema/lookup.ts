// The types of the built-in kinds, by group, version and kind.
import { openTypes } from './table.ts'
import type { StructType } from './type.ts'
import types from './types.json' with { type: 'json' }

const table = openTypes(types.lines)

/** The type of a built-in kind; null where the pinned server has none. The core group is the empty text. */
export function typeOf(group: string, version: string, kind: string): StructType | null {
  return table.kind(`${group}/${version}/${kind}`)
}

/** A definition by its name in OpenAPI (`io.k8s.api.core.v1.PodSpec`). */
export function definition(name: string): StructType | null {
  return table.struct(name)
}
