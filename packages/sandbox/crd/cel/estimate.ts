// What the estimate of a cost knows of one part of an expression.
import type { Node } from './node.ts'
import type { Range } from './range.ts'
import type { Extent } from './size.ts'
import type { CelType } from './type.ts'

/** What is known of one part of an expression. */
export interface Estimate {
  readonly cost: Range
  /** Its size; null where nobody knows. */
  readonly size: Range | null
  /** Sizes of its keys and values, where they were computed. */
  readonly entries: Entries | null
  /** Where it comes from the object: what its schema says. */
  readonly extent: Extent | null
  readonly type: CelType
  readonly node: Node
}

/** Sizes within a list or map. */
export interface Entries {
  readonly list: boolean
  readonly key: Range
  readonly value: Range
}
