// How a CustomResourceDefinition goes: its objects first, then the finalizer, then itself. Decisions, no deeds.
import { isList } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, valueAt } from '@mainstay/core/object/object.ts'
import { timeText } from '../schema/time.ts'
import type { Condition } from './conditions.ts'
import { conditionOf, isTrue, withCondition } from './conditions.ts'

/** Set on every definition whose deletion was asked for; taken away when its objects are gone. */
export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io'

/** What an accepted DELETE writes: mark, finalizer and condition, in one update. Nothing where it was asked before. */
export function markForDeletion(crd: KubeObject, now: number): KubeObject {
  if (isTerminating(crd)) return crd
  const finalizers = finalizersOf(crd)
  const marked: KubeObject = {
    ...crd,
    metadata: {
      ...crd.metadata,
      deletionTimestamp: timeText(now),
      finalizers: finalizers.includes(CLEANUP) ? finalizers : [...finalizers, CLEANUP],
    },
  }
  const text = 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon'
  return withCondition(marked, terminating('True', 'InstanceDeletionPending', text, now))
}

/** What is to be done next for a definition that is going. */
export type TerminationStep =
  | { readonly kind: 'none' }
  /** Write the status (a resourceVersion of its own), then ask again. */
  | { readonly kind: 'write'; readonly crd: KubeObject }
  /** Delete every object, as a delete of the collection in each namespace would; then ask again. */
  | { readonly kind: 'delete-objects' }
  /** Objects are held by finalizers: the real server looks again every five seconds. */
  | { readonly kind: 'wait' }

/**
 * The next step. `objects` are those of the resource that are still there. The last write takes the finalizer away:
 * where no other finalizer is left, that write is the deletion, and who watches sees the definition as it was before.
 */
export function terminationStep(crd: KubeObject, objects: readonly KubeObject[], now: number): TerminationStep {
  if (!isTerminating(crd) || !finalizersOf(crd).includes(CLEANUP)) return { kind: 'none' }
  if (conditionOf(crd, 'Terminating')?.reason !== 'InstanceDeletionInProgress') {
    const text = 'CustomResource deletion is in progress'
    return { kind: 'write', crd: withCondition(crd, terminating('True', 'InstanceDeletionInProgress', text, now)) }
  }
  if (!isTrue(crd, 'Established')) {
    return finish(crd, terminating('False', 'NeverEstablished', 'resource was never established', now))
  }
  if (objects.length === 0) {
    return finish(crd, terminating('False', 'InstanceDeletionCompleted', 'removed all instances', now))
  }
  return objects.every(isTerminating) ? { kind: 'wait' } : { kind: 'delete-objects' }
}

function finish(crd: KubeObject, condition: Condition): TerminationStep {
  const finalizers = finalizersOf(crd).filter((each) => each !== CLEANUP)
  const { finalizers: _, ...metadata } = crd.metadata
  const freed: KubeObject = {
    ...crd,
    metadata: { ...metadata, name: crd.metadata.name, ...(finalizers.length === 0 ? {} : { finalizers }) },
  }
  return { kind: 'write', crd: withCondition(freed, condition) }
}

function terminating(status: 'True' | 'False', reason: string, message: string, now: number): Condition {
  return { type: 'Terminating', status, lastTransitionTime: timeText(now), reason, message }
}

function finalizersOf(crd: KubeObject): readonly string[] {
  const finalizers = valueAt(crd, 'metadata', 'finalizers')
  return isList(finalizers) ? finalizers.filter((each): each is string => typeof each === 'string') : []
}
