// What this folder says of a request for a custom resource, as the server would ask it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause, Resource, Surroundings } from '../../registry/kind.ts'
import { StatusError } from '../../registry/status.ts'
import { DecodeFault } from '../../verbs/decode.ts'
import { sameJson } from '../value/same.ts'

/** What came of a request: what is stored, why it was refused, or that it could not be read. */
export type Outcome =
  | {
      readonly kind: 'stored'
      readonly object: JsonObject
      readonly unknown: readonly string[]
      readonly warnings: readonly string[]
    }
  | { readonly kind: 'invalid'; readonly causes: readonly Cause[] }
  | { readonly kind: 'unreadable'; readonly message: string }

/** Surroundings of a request that no custom resource looks at. */
export const around: Surroundings = {
  now: 0,
  dryRun: false,
  uid: () => '',
  random: () => 0,
  get: () => null,
  list: () => [],
}

/** What the server puts before the words of one that cannot read an object. */
const UNREADABLE = 'Thing in version "v1" cannot be handled as a Thing: '

/** The outcome of a create (`old` null), or of an update of all or of the status. */
export function ask(
  resource: Resource,
  sent: KubeObject,
  old: KubeObject | null = null,
  part: 'whole' | 'status' = 'whole',
): Outcome {
  try {
    return answer(resource, sent, old, part)
  } catch (error) {
    if (error instanceof StatusError) return { kind: 'unreadable', message: error.body.message }
    if (error instanceof DecodeFault) return { kind: 'unreadable', message: `${UNREADABLE}${error.message}` }
    throw error
  }
}

function answer(resource: Resource, sent: KubeObject, old: KubeObject | null, part: 'whole' | 'status'): Outcome {
  const version = resource.versions.find((each) => sent.apiVersion.endsWith(`/${each.name}`))
  if (version?.prune === undefined) throw new Error('a custom resource has its own way of reading')
  const { object, unknown } = version.prune(sent)
  const { behaviour } = resource
  const prepared = prepare(resource, behaviour.fillIn?.(object) ?? object, old, part)
  const causes = judge(resource, prepared, old, part)
  if (causes.length > 0) return { kind: 'invalid', causes }
  return { kind: 'stored', object: prepared, unknown, warnings: behaviour.warnings?.(prepared, old) ?? [] }
}

function prepare(
  { behaviour }: Resource,
  object: KubeObject,
  old: KubeObject | null,
  part: 'whole' | 'status',
): KubeObject {
  if (old === null) return behaviour.prepareCreate?.(object, around) ?? object
  if (part === 'status') {
    const { status: _, ...rest } = old
    return { ...(rest as KubeObject), ...(object.status === undefined ? {} : { status: object.status }) }
  }
  const merged: KubeObject = { ...object, metadata: { ...object.metadata, generation: old.metadata.generation ?? 1 } }
  const prepared = behaviour.prepareUpdate?.(merged, old, around) ?? merged
  const moved = !sameJson(bare(prepared), bare(old))
  const generation = Number(old.metadata.generation ?? 1) + (moved ? 1 : 0)
  return { ...prepared, metadata: { ...prepared.metadata, generation } }
}

function judge(
  { behaviour }: Resource,
  object: KubeObject,
  old: KubeObject | null,
  part: 'whole' | 'status',
): readonly Cause[] {
  if (old === null) return behaviour.validateCreate?.(object, around) ?? []
  const check = part === 'status' ? behaviour.validateStatus : behaviour.validateUpdate
  return check?.(object, old, around) ?? []
}

function bare(object: KubeObject): JsonObject {
  const { metadata: _, ...rest } = object
  return rest
}

/** An object without what two servers never agree on. */
export function comparable(object: JsonObject): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {}
  const { uid: _, resourceVersion: __, creationTimestamp: ___, managedFields: ____, ...rest } = metadata
  return { ...object, metadata: rest }
}

/** Causes in one order. */
export function sorted(causes: readonly Cause[]): readonly Cause[] {
  const key = (cause: Cause): string => `${cause.field}\n${cause.message}\n${cause.reason}`
  return [...causes]
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .map(({ reason, field, message }) => ({ reason, field, message }))
}
