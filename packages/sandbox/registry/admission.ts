// Who else has a say in a write: what they change before an object is judged, and what they refuse afterwards.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Resource, ServedVersion, Surroundings } from './kind.ts'
import type { StatusError } from './status.ts'

/** A write as admission sees it. Objects are in the version of the request. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly resource: Resource
  readonly version: ServedVersion
  /** null for what is in no namespace. */
  readonly namespace: string | null
  readonly subresource: string | null
  /** Empty where the server is going to make a name. */
  readonly name: string
  /** What is to be kept; null for a deletion. */
  readonly object: KubeObject | null
  /** What is kept now; null for a creation. */
  readonly old: KubeObject | null
  readonly dryRun: boolean
  readonly manager: string
}

/** What somebody says to a write. */
export interface Verdict {
  /** The object as it is to be; absent: as it is. */
  readonly object?: KubeObject
  readonly refusal?: StatusError
  /** What the client is to be told, whatever comes of it. */
  readonly warnings?: readonly string[]
}

/** Somebody who is asked about writes. Decides and does nothing. */
export interface Admission {
  readonly name: string
  /** Asked first, before the object is judged; may change it. */
  readonly mutate?: (request: AdmissionRequest, around: Surroundings) => Verdict
  /** Asked last, when all changes are made and the object is found valid. */
  readonly validate?: (request: AdmissionRequest, around: Surroundings) => Verdict
}
