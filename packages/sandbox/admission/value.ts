// What an expression of a policy sees: the objects and the request as values of CEL, without a schema.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList } from '@mainstay/core/object/json.ts'
import type { Scope } from '../crd/cel/evaluate.ts'
import type { Value } from '../crd/cel/value.ts'
import { List, MapValue } from '../crd/cel/value.ts'
import type { AdmissionRequest } from '../registry/admission.ts'
import type { Surroundings } from '../registry/kind.ts'

/** JSON as a value. */
export function asValue(json: Json): Value {
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json
  if (json === null || typeof json !== 'object') return json
  if (isList(json)) return new List(json.map(asValue))
  return new MapValue(Object.entries(json).map(([key, value]) => [key, asValue(value)] as const))
}

/** The names that every expression may use, with their values. */
export function scopeOf(request: AdmissionRequest, around: Surroundings): Scope {
  const { object, old, namespace } = request
  const own = namespace === null ? null : around.get({ group: '', plural: 'namespaces' }, null, namespace)
  return new Map<string, Value>([
    ['object', asValue(object)],
    ['oldObject', asValue(old)],
    ['request', asValue(requestOf(request))],
    ['namespaceObject', asValue(own)],
    ['params', null],
  ])
}

/** The request as the real server shows it, but for who sent it. */
function requestOf({ resource, version, operation, name, namespace, subresource, dryRun }: AdmissionRequest): Json {
  const { group, plural, kind } = resource
  const kindHere = { group, version: version.name, kind }
  const resourceHere = { group, version: version.name, resource: plural }
  return {
    kind: kindHere,
    resource: resourceHere,
    subResource: subresource ?? '',
    requestKind: kindHere,
    requestResource: resourceHere,
    requestSubResource: subresource ?? '',
    name,
    namespace: namespace ?? '',
    operation,
    dryRun,
  }
}
