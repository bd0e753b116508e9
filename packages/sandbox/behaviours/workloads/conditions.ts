// Conditions in a status: read, set and taken away as the controllers do it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectsAt, textAt } from '../../kinds/look.ts'

/** The condition of a type in a list. */
export function conditionOf(conditions: readonly JsonObject[], type: string): JsonObject | null {
  return conditions.find((each) => textAt(each, 'type') === type) ?? null
}

/** The conditions of an object. */
export function conditionsOf(object: KubeObject): readonly JsonObject[] {
  return objectsAt(object, 'status', 'conditions')
}

/** True where a condition of an object is true. */
export function holds(object: KubeObject, type: string): boolean {
  return textAt(conditionOf(conditionsOf(object), type) ?? undefined, 'status') === 'True'
}

/** Sets a condition: it goes to the end, unless its status and its reason are what they were. */
export function withCondition(conditions: readonly JsonObject[], condition: JsonObject): readonly JsonObject[] {
  const type = textAt(condition, 'type')
  const before = conditionOf(conditions, type)
  const same = (key: string): boolean => before !== null && before[key] === condition[key]
  if (same('status') && same('reason')) return conditions
  const lasting = same('status') ? { lastTransitionTime: before?.lastTransitionTime ?? null } : {}
  return [...withoutCondition(conditions, type), { ...condition, ...lasting }]
}

/** The list without the condition of a type. */
export function withoutCondition(conditions: readonly JsonObject[], type: string): readonly JsonObject[] {
  return conditions.some((each) => textAt(each, 'type') === type)
    ? conditions.filter((each) => textAt(each, 'type') !== type)
    : conditions
}
