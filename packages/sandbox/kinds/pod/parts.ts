// Parts of a Pod that few Pods have: claims of devices, ephemeral containers, resources of the Pod, another host name.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { duplicate, forbidden, invalid, invalids, notFoundValue, notSupported, required, tooLong } from '../causes.ts'
import { byteLength, dnsLabel, dnsSubdomain } from '../formats.ts'
import { internalForm } from '../internal.ts'
import { has, isTrue, objectAt, objectsAt, textAt } from '../look.ts'
import { CONTAINER_RESOURCES, isHugePages, resourceCauses } from './resources.ts'

/** Claims of devices that containers may name. */
export function deviceClaimsCauses(spec: JsonObject, path: string): readonly Cause[] {
  const claims = objectsAt(spec, 'resourceClaims')
  const names = claims.map((each) => textAt(each, 'name'))
  return claims.flatMap((claim, at) => {
    const own = `${path}.resourceClaims[${at}]`
    const name = names[at] ?? ''
    const again = name !== '' && names.indexOf(name) < at
    return [
      ...(name === '' ? [required(`${own}.name`)] : invalids(`${own}.name`, name, dnsLabel(name))),
      ...(again ? [duplicate(`${own}.name`, name)] : []),
      ...sourceCauses(claim, own),
    ]
  })
}

const SOURCES = ['resourceClaimName', 'resourceClaimTemplateName']

function sourceCauses(claim: JsonObject, path: string): readonly Cause[] {
  const given = SOURCES.filter((key) => has(claim, key))
  const shown = internalForm('core.v1.PodResourceClaim', claim)
  const both = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified'
  const none = 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`'
  return [
    ...(given.length > 1 ? [invalid(path, shown, both)] : []),
    ...(given.length === 0 ? [invalid(path, shown, none)] : []),
    ...given.flatMap((key) => invalids(`${path}.${key}`, textAt(claim, key), dnsSubdomain(textAt(claim, key)))),
  ]
}

/** Claims that a container names. */
export function namedClaimsCauses(container: JsonObject, spec: JsonObject, path: string): readonly Cause[] {
  const known = objectsAt(spec, 'resourceClaims').map((each) => textAt(each, 'name'))
  const names = objectsAt(container, 'resources', 'claims').map((each) => textAt(each, 'name'))
  const list = [...new Set(known.filter((each) => each !== ''))].sort().join(', ')
  return names.flatMap((name, at) => {
    const own = `${path}.resources.claims[${at}]`
    if (name === '') return [required(`${own}.name`)]
    if (names.indexOf(name) < at) return [duplicate(own, name)]
    if (known.includes(name)) return []
    const { message, ...cause } = notFoundValue(own, name)
    const where = known.length === 0 ? 'must be one of the names in pod.spec.resourceClaims which is empty' : null
    return [
      { ...cause, message: `${message}: ${where ?? `must be one of the names in pod.spec.resourceClaims: ${list}`}` },
    ]
  })
}

/** What containers have that are there for a look only. */
const NOT_EPHEMERAL = ['ports', 'resources', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle']

/** Containers that are put into a running Pod for a look. */
export function ephemeralCauses(spec: JsonObject, parent: string): readonly Cause[] {
  const path = `${parent}.ephemeralContainers`
  const lists = ['containers', 'initContainers'].flatMap((key) => objectsAt(spec, key))
  const others = lists.map((each) => textAt(each, 'name'))
  const containers = objectsAt(spec, 'ephemeralContainers')
  const own = containers.map((each) => textAt(each, 'name'))
  return containers.flatMap((container, at) => {
    const field = `${path}[${at}]`
    const name = own[at] ?? ''
    const target = textAt(container, 'targetContainerName')
    const again = name !== '' && (others.includes(name) || own.indexOf(name) < at)
    const filled = (key: string): boolean =>
      Object.keys(objectAt(container, key)).length > 0 || objectsAt(container, key).length > 0
    return [
      ...(name === '' ? [required(`${field}.name`)] : invalids(`${field}.name`, name, dnsLabel(name))),
      ...(textAt(container, 'image') === '' ? [required(`${field}.image`)] : []),
      ...(again ? [duplicate(`${field}.name`, name)] : []),
      ...(target === '' || others.includes(target) ? [] : [notFoundValue(`${field}.targetContainerName`, target)]),
      ...NOT_EPHEMERAL.filter(filled).map((key) =>
        forbidden(`${field}.${key}`, 'cannot be set for an Ephemeral Container'),
      ),
    ]
  })
}

/** What all containers of a Pod may use together. */
export function podResourcesCauses(spec: JsonObject, path: string): readonly Cause[] {
  const resources = objectAt(spec, 'resources')
  const known = ['cpu', 'hugepages-', 'memory']
  return [
    ...resourceCauses(resources, `${path}.resources`),
    ...['limits', 'requests'].flatMap((kind) =>
      Object.keys(objectAt(resources, kind))
        .filter((name) => CONTAINER_RESOURCES.has(name) && !isHugePages(name) && !known.includes(name))
        .map((name) => notSupported(`${path}.resources.${kind}[${name}]`, name, known)),
    ),
  ]
}

const LONGEST = 64

/** Another host name than the Pod's own. */
export function hostnameOverrideCauses(spec: JsonObject, path: string): readonly Cause[] {
  if (!has(spec, 'hostnameOverride')) return []
  const name = textAt(spec, 'hostnameOverride')
  const field = `${path}.hostnameOverride`
  return [
    ...(isTrue(spec, 'setHostnameAsFQDN')
      ? [forbidden(field, 'may not be specified when setHostnameAsFQDN is true')]
      : []),
    ...(isTrue(spec, 'hostNetwork') ? [forbidden(field, 'may not be specified when hostNetwork is true')] : []),
    ...invalids(field, name, dnsSubdomain(name)),
    ...(byteLength(name) > LONGEST ? [tooLong(field, LONGEST)] : []),
  ]
}
