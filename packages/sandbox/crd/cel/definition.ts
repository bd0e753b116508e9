// The rules of a schema node when a definition is judged: do they compile, are they of the right type, what do they cost.
import type { Cause } from '../../registry/kind.ts'
import type { Schema } from '../schema/schema.ts'

/** What is known of the place of a node in its schema. */
export interface RulePlace {
  /** The root of a resource, where kind, apiVersion and metadata are known. */
  readonly root: boolean
  /** The first node above whose parts cannot be told apart in an old object; null where all can. */
  readonly uncorrelatable: string | null
}

/** Causes for the rules of one node. */
export function compileCauses(_schema: Schema, _place: RulePlace, _path: string): readonly Cause[] {
  return []
}
