// Conditions and counts as controllers write them into a status, read with care: any of it may be missing.
import type { Json } from '../object/json.ts'
import { isList } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { numberAt, stringAt, valueAt } from '../object/object.ts'
import type { Health, HealthStatus } from './health.ts'

/** One condition of a status. */
export interface Condition {
  readonly type: string
  /** `True`, `False` or `Unknown`. */
  readonly status: string
  readonly reason: string
  readonly message: string
}

/** `status.conditions`; empty where there are none. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  return readConditions(valueAt(object, 'status', 'conditions'))
}

/** Conditions from wherever they are kept; entries that are none are left out. */
export function readConditions(list: Json | undefined): readonly Condition[] {
  if (!isList(list)) return []
  return list.flatMap((each) => {
    const type = stringAt(each, 'type')
    if (type === undefined) return []
    const [status, reason, message] = ['status', 'reason', 'message'].map((key) => stringAt(each, key) ?? '')
    return [{ type, status: status ?? '', reason: reason ?? '', message: message ?? '' }]
  })
}

/** The condition of a type, if it has this status. */
export function findCondition(
  conditions: readonly Condition[],
  type: string,
  status: 'True' | 'False',
): Condition | undefined {
  return conditions.find((each) => each.type === type && each.status === status)
}

/** What a condition has to say: `reason: message`, or the one of them that is there. */
export function sayOf(condition: Condition): string {
  return [condition.reason, condition.message].filter((part) => part !== '').join(': ')
}

/** A count in the status; controllers leave zeros out. */
export function countOf(object: KubeObject, field: string): number {
  return numberAt(object, 'status', field) ?? 0
}

/** `spec.replicas`, which the API server sets to 1 where it is left out. */
export function replicasOf(object: KubeObject): number {
  return numberAt(object, 'spec', 'replicas') ?? 1
}

/** Parts that say something, as one message. */
export function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('; ')
}

/** A health with its reason. */
export function health(status: HealthStatus, message = ''): Health {
  return { status, message }
}
