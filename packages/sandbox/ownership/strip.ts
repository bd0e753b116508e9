// Fields that no manager ever owns.
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

/** What of a set can be owned. */
export function ownable(set: FieldSet): FieldSet {
  return difference(set, UNOWNABLE)
}
