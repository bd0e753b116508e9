// Live objects in few words, for the tests of health.
import type { Json, JsonObject } from '../../object/json.ts'
import type { KubeObject } from '../../object/object.ts'
import { healthOf } from '../of.ts'

/** The parts of an object that its health is read from. */
export interface Parts {
  readonly metadata?: JsonObject
  readonly spec?: JsonObject
  readonly status?: JsonObject
}

/** An object of a kind, called `x`. */
export function live(apiVersion: string, kind: string, parts: Parts = {}): KubeObject {
  return {
    apiVersion,
    kind,
    metadata: { name: 'x', namespace: 'shop', ...parts.metadata },
    ...(parts.spec === undefined ? {} : { spec: parts.spec }),
    ...(parts.status === undefined ? {} : { status: parts.status }),
  }
}

/** A condition: `cond('Ready', 'False', 'Why', 'words')`. */
export function cond(type: string, status: string, reason = '', message = ''): JsonObject {
  return { type, status, reason, message }
}

/** Its health as one line: `Degraded: container web waits`; `none` where its kind has no health. */
export function shown(object: KubeObject): string {
  const found = healthOf(object)
  if (found === null) return 'none'
  return found.message === '' ? found.status : `${found.status}: ${found.message}`
}

/** A container status of a pod. */
export function container(name: string, parts: JsonObject = {}): Json {
  return { name, ready: false, restartCount: 0, state: {}, lastState: {}, ...parts }
}
