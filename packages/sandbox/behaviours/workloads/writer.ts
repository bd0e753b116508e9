// In whose name the controllers of workloads write.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { equalJson } from '../../verbs/equal.ts'
import type { World, Writer } from '../../world.ts'

/** The process in which all these controllers run. */
export const MANAGER: Writer = { manager: 'kube-controller-manager' }
const STATUS: Writer = { ...MANAGER, subresource: 'status' }

/** Writes a status (and what of the metadata may go with it) where it is another one. True where it was written. */
export function writeStatus(world: World, before: KubeObject, after: KubeObject): boolean {
  if (equalJson(before.status ?? {}, after.status ?? {}) && equalJson(before.metadata, after.metadata)) return false
  world.update(after, STATUS)
  return true
}

/** A status without the counts that the API leaves out when they are 0. */
export function withoutZeros(status: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(status).filter(([key, value]) => value !== 0 || !keys.includes(key)))
}
