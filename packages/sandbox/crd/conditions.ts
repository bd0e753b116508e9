// Conditions in the status of a CustomResourceDefinition.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { valueAt } from '@mainstay/core/object/object.ts'

/** The conditions that the API server's controllers write. */
export type ConditionType =
  | 'NamesAccepted'
  | 'Established'
  | 'Terminating'
  | 'NonStructuralSchema'
  | 'KubernetesAPIApprovalPolicyConformant'

/** A condition as it is stored. */
export interface Condition extends JsonObject {
  readonly type: ConditionType
  readonly status: 'True' | 'False' | 'Unknown'
  readonly lastTransitionTime: string
  readonly reason: string
  readonly message: string
}

/** All conditions. */
export function conditionsOf(crd: KubeObject): readonly JsonObject[] {
  const conditions = valueAt(crd, 'status', 'conditions')
  return isList(conditions) ? conditions.filter(isObject) : []
}

/** One condition, or null where it was never written. */
export function conditionOf(crd: KubeObject, type: ConditionType): JsonObject | null {
  return conditionsOf(crd).find((each) => each.type === type) ?? null
}

/** True where a condition is there and holds. */
export function isTrue(crd: KubeObject, type: ConditionType): boolean {
  return conditionOf(crd, type)?.status === 'True'
}

/** The object with a condition. Its time moves only when its status does. */
export function withCondition(crd: KubeObject, condition: Condition): KubeObject {
  const status = isObject(crd.status) ? crd.status : {}
  const before = conditionOf(crd, condition.type)
  const kept = before !== null && before.status === condition.status ? before.lastTransitionTime : undefined
  const made = { ...condition, ...(kept === undefined ? {} : { lastTransitionTime: kept }) }
  const others = conditionsOf(crd)
  const conditions =
    before === null ? [...others, made] : others.map((each) => (each.type === condition.type ? made : each))
  return { ...crd, status: { ...status, conditions } }
}
