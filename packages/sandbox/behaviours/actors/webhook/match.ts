// Which writes a webhook is asked about: by rules, by the labels of the namespace and of the object.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { has, objectAt, objectsAt, textAt, textsAt } from '../../../kinds/look.ts'
import { selects } from '../../../kinds/metadata.ts'
import type { AdmissionRequest } from '../../../registry/admission.ts'
import type { Surroundings } from '../../../registry/kind.ts'

/** The version in which a webhook wants the object; null where it is not asked. */
export function versionFor(webhook: JsonObject, request: AdmissionRequest, around: Surroundings): string | null {
  if (isExempt(request) || request.subresource === 'scale') return null
  const own = request.version.name
  const others = request.resource.versions.map((each) => each.name).filter((each) => each !== own)
  const versions = webhook.matchPolicy === 'Exact' ? [own] : [own, ...others]
  const found = versions.find((version) => objectsAt(webhook, 'rules').some((rule) => applies(rule, request, version)))
  if (found === undefined || !namespaceMatches(webhook, request, around)) return null
  return objectMatches(webhook, request) ? found : null
}

/** Nobody can lock the door behind himself. */
function isExempt({ resource }: AdmissionRequest): boolean {
  return resource.group === 'admissionregistration.k8s.io'
}

function applies(rule: JsonObject, request: AdmissionRequest, version: string): boolean {
  const { resource, operation, subresource } = request
  const one = (key: string, value: string): boolean => textsAt(rule, key).some((each) => each === '*' || each === value)
  const scope = textAt(rule, 'scope')
  const inScope = scope === '' || scope === '*' || (scope === 'Namespaced') === isNamespaced(request)
  const named = textsAt(rule, 'resources').some((each) => resourceMatches(each, resource.plural, subresource))
  return (
    named && inScope && one('operations', operation) && one('apiGroups', resource.group) && one('apiVersions', version)
  )
}

/** A namespace counts as being in itself elsewhere, but not here. */
function isNamespaced({ resource }: AdmissionRequest): boolean {
  return resource.namespaced
}

function resourceMatches(pattern: string, plural: string, subresource: string | null): boolean {
  const [resource = '', part] = pattern.split('/')
  if (resource !== '*' && resource !== plural) return false
  if (part === undefined) return subresource === null
  return part === '*' || part === subresource
}

function namespaceMatches(webhook: JsonObject, request: AdmissionRequest, around: Surroundings): boolean {
  if (!has(webhook, 'namespaceSelector')) return true
  const { resource, namespace, object, old } = request
  const isNamespace = resource.group === '' && resource.plural === 'namespaces'
  if (!isNamespace && namespace === null) return true
  const live = isNamespace ? (object ?? old) : around.get({ group: '', plural: 'namespaces' }, null, namespace ?? '')
  return selects(objectAt(webhook, 'namespaceSelector'), labelsOf(live))
}

/** The object as it is to be or as it was. */
function objectMatches(webhook: JsonObject, { object, old }: AdmissionRequest): boolean {
  if (!has(webhook, 'objectSelector')) return true
  const selector = objectAt(webhook, 'objectSelector')
  return [object, old].some((each) => each !== null && selects(selector, labelsOf(each)))
}

function labelsOf(object: KubeObject | null): JsonObject {
  return objectAt(object ?? {}, 'metadata', 'labels')
}
