// Whether a policy of admission is about a write: its rules for resources, and selectors for objects and namespaces.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectAt, objectsAt, textAt, textsAt } from '../kinds/look.ts'
import { selects } from '../kinds/metadata.ts'
import type { AdmissionRequest } from '../registry/admission.ts'
import type { Surroundings } from '../registry/kind.ts'

const NAMESPACES = { group: '', plural: 'namespaces' } as const

/** True where match constraints take a write in; without any they take in everything. */
export function matches(constraints: JsonObject, request: AdmissionRequest, around: Surroundings): boolean {
  const ruled = (key: string): boolean => objectsAt(constraints, key).some((rule) => isRuled(rule, request))
  const rules = objectsAt(constraints, 'resourceRules')
  if (rules.length > 0 && !ruled('resourceRules')) return false
  if (ruled('excludeResourceRules')) return false
  const selector = objectAt(constraints, 'objectSelector')
  const objects = [request.object, request.old].filter((each) => each !== null)
  if (!objects.some((each) => selects(selector, labelsOf(each)))) return false
  return inNamespace(objectAt(constraints, 'namespaceSelector'), request, around)
}

function labelsOf(object: KubeObject | null): JsonObject {
  return object === null ? {} : objectAt(object, 'metadata', 'labels')
}

function inNamespace(selector: JsonObject, request: AdmissionRequest, around: Surroundings): boolean {
  const { resource, namespace, object, old } = request
  if (resource.group === '' && resource.plural === 'namespaces') return selects(selector, labelsOf(object ?? old))
  if (namespace === null) return true
  return selects(selector, labelsOf(around.get(NAMESPACES, null, namespace)))
}

function isRuled(
  rule: JsonObject,
  { resource, version, operation, subresource, namespace, name }: AdmissionRequest,
): boolean {
  const has = (key: string, wanted: string): boolean => {
    const list = textsAt(rule, key)
    return list.includes('*') || list.includes(wanted)
  }
  const scope = textAt(rule, 'scope')
  const scoped = scope === '' || scope === '*' || (scope === 'Namespaced') === (namespace !== null)
  const names = textsAt(rule, 'resourceNames')
  return (
    scoped &&
    has('apiGroups', resource.group) &&
    has('apiVersions', version.name) &&
    has('operations', operation) &&
    textsAt(rule, 'resources').some((pattern) => covers(pattern, resource.plural, subresource)) &&
    (names.length === 0 || names.includes(name))
  )
}

// `pods`, `pods/status`, `pods/*`, `*` (no subresources) and `*/*`.
function covers(pattern: string, plural: string, subresource: string | null): boolean {
  const [of = '', part = null] = pattern.split('/')
  if (of !== '*' && of !== plural) return false
  return part === '*' || part === subresource
}
