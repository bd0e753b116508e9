// Is a status about the object as it is now? A controller says which generation of the spec it has seen.
import type { KubeObject } from '../object/object.ts'
import { numberAt } from '../object/object.ts'
import { health } from './conditions.ts'
import type { Health } from './health.ts'

/**
 * Progressing while the status is about an earlier spec: whatever else it says is of yesterday.
 * Source: https://github.com/kubernetes/community/blob/main/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties
 */
export function behind(object: KubeObject): Health | null {
  const generation = numberAt(object, 'metadata', 'generation')
  const observed = numberAt(object, 'status', 'observedGeneration')
  if (generation === undefined || observed === undefined || observed >= generation) return null
  return health('Progressing', 'its controller has not seen the last change yet')
}

/** As `behind`, for kinds whose controller always says what it has seen: silence means that it has not looked at all. */
export function unseen(object: KubeObject): Health | null {
  const observed = numberAt(object, 'status', 'observedGeneration') ?? 0
  if (observed === 0) return health('Progressing', 'its controller has not seen it yet')
  return behind(object)
}
