// Fields that no manager ever owns.
import { Recent } from '../schema/recent.ts'
import { fieldElement } from './element.ts'
import { difference, type FieldSet, setOf } from './set.ts'

const UNOWNABLE = setOf([
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', fieldElement(name)]),
])

// Who applies often applies the same fields.
const known = new Recent<FieldSet, FieldSet>()

/** What of a set can be owned. */
export function ownable(set: FieldSet): FieldSet {
  let stripped = known.get(set)
  if (stripped === undefined) {
    stripped = difference(set, UNOWNABLE)
    known.set(set, stripped)
  }
  return stripped
}
