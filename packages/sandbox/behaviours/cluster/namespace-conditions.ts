// What the status of a namespace that ends says of its content, in the real controller's words.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { objectAt, objectsAt, textAt } from '../../kinds/look.ts'
import type { Resource } from '../../registry/kind.ts'
import { timeText } from '../../schema/time.ts'

/** What was found when the content of a namespace was deleted. */
export interface Remains {
  readonly failures: readonly string[]
  /** Objects that are still there, by resource. */
  readonly objects: ReadonlyMap<Resource, readonly KubeObject[]>
}

/** Types in their order, with what they say when all is well. */
const FINE = [
  ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  [
    'NamespaceDeletionContentFailure',
    'ContentDeleted',
    'All content successfully deleted, may be waiting on finalization',
  ],
  ['NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'],
  ['NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
] as const

/** A namespace whose conditions say what remains; the same one where they say it already. */
export function withConditions(namespace: KubeObject, remains: Remains, now: number): KubeObject {
  const found = conditionsOf(remains)
  const before = objectsAt(namespace, 'status', 'conditions')
  const conditions = FINE.map(([type, reason, message]) => {
    const said = found.get(type) ?? { status: 'False', reason, message }
    return settled(
      before.find((each) => each.type === type),
      { type, ...said },
      now,
    )
  })
  const same = conditions.every((each) => before.includes(each)) && before.length === conditions.length
  return same ? namespace : { ...namespace, status: { ...objectAt(namespace, 'status'), conditions } }
}

function settled(before: JsonObject | undefined, condition: JsonObject, now: number): JsonObject {
  const same = ['status', 'reason', 'message'].every((key) => textAt(before, key) === condition[key])
  if (before !== undefined && same) return before
  return { ...condition, lastTransitionTime: timeText(now) }
}

function conditionsOf({ failures, objects }: Remains): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>()
  if (failures.length > 0) {
    const told = [...failures].sort(compareText).join(', ')
    const message = `Failed to delete all resource types, ${failures.length} remaining: ${told}`
    found.set('NamespaceDeletionContentFailure', { status: 'True', reason: 'ContentDeletionFailed', message })
  }
  const counts = [...objects].map(
    ([{ plural, group }, list]) => `${plural}.${group} has ${list.length} resource instances`,
  )
  if (counts.length > 0) {
    const message = `Some resources are remaining: ${counts.sort(compareText).join(', ')}`
    found.set('NamespaceContentRemaining', { status: 'True', reason: 'SomeResourcesRemain', message })
  }
  const holders = finalizerCounts([...objects.values()].flat())
  if (holders.length > 0) {
    const message = `Some content in the namespace has finalizers remaining: ${holders.join(', ')}`
    found.set('NamespaceFinalizersRemaining', { status: 'True', reason: 'SomeFinalizersRemain', message })
  }
  return found
}

function finalizerCounts(objects: readonly KubeObject[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { metadata } of objects) {
    const finalizers = Array.isArray(metadata.finalizers) ? metadata.finalizers : []
    for (const each of finalizers) counts.set(String(each), (counts.get(String(each)) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${name} in ${count} resource instances`).sort(compareText)
}
