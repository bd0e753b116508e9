// What the items of lists are: a strategic merge takes only lists of one kind.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { PatchFault } from './fault.ts'
import { goText, goType } from './go-text.ts'

/** Why lists in lists are refused. */
export const LIST_OF_LISTS = 'lists of lists are not supported'

/** Objects, or anything else. */
export type Kind = 'objects' | 'scalars'

/** The kind of the items of all lists together. */
export function kindOf(lists: readonly (readonly Json[])[]): Kind {
  let first: Json | undefined
  for (const item of lists.flat()) {
    if (first === undefined) {
      if (isList(item)) throw new PatchFault(LIST_OF_LISTS)
      first = item
    } else if (goType(first) !== goType(item)) {
      throw new PatchFault(`list element types are not identical: ${goText(lists as Json)}`)
    }
  }
  if (first === undefined) throw new PatchFault('no elements in any of the given slices')
  return isObject(first) ? 'objects' : 'scalars'
}
