// A Deployment with its ReplicaSets: the one of its template, and those of earlier ones.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { objectAt, textAt, withAt } from '../../../kinds/look.ts'
import { equalJson } from '../../../verbs/equal.ts'
import { replicasOf } from './amounts.ts'

/** The label by which ReplicaSets of one Deployment differ. */
export const HASH = 'pod-template-hash'

/** What a look at a Deployment sees. */
export interface View {
  readonly deployment: KubeObject
  /** The ReplicaSet of the template as it is now; null where there is none yet. */
  readonly fresh: KubeObject | null
  /** All others, the oldest first. */
  readonly old: readonly KubeObject[]
}

/** Tells a Deployment's ReplicaSets apart. */
export function viewOf(deployment: KubeObject, sets: readonly KubeObject[]): View {
  const sorted = [...sets].sort(byAge)
  const template = plainTemplate(deployment)
  const fresh = sorted.find((each) => equalJson(plainTemplate(each), template)) ?? null
  return { deployment, fresh, old: sorted.filter((each) => each !== fresh) }
}

/** All ReplicaSets of a Deployment. */
export function allOf({ fresh, old }: View): readonly KubeObject[] {
  return fresh === null ? old : [...old, fresh]
}

/** Those that are to have Pods. */
export function activeOf(sets: readonly KubeObject[]): readonly KubeObject[] {
  return sets.filter((each) => replicasOf(each) > 0)
}

/** The older first. */
export function byAge(a: KubeObject, b: KubeObject): number {
  return (
    compareText(textAt(a, 'metadata', 'creationTimestamp'), textAt(b, 'metadata', 'creationTimestamp')) ||
    compareText(a.metadata.name, b.metadata.name)
  )
}

/** A template without the label that its ReplicaSet put there. */
function plainTemplate(object: KubeObject): JsonObject {
  const template = withAt(objectAt(object, 'spec', 'template'), ['metadata', 'labels', HASH], undefined)
  return withAt(template, ['metadata', 'creationTimestamp'], undefined)
}
