// What stories of kinds are made of.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'

/** A story: an object, and what is sent after it, each as a change of the object as it then is. */
export interface Story {
  readonly name: string
  readonly object: JsonObject
  readonly updates?: readonly ((live: KubeObject) => JsonObject)[]
}
