// Endpoints, templates of Pods, and what is left of the core group.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { addressCauses, isIpv6, reachableCauses } from '../address.ts'
import { containerImages, containerNames, lastingCauses } from '../apps/template.ts'
import { invalid, invalids, notSupported, oneOf, required, same } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { dnsLabel, dnsSubdomain, pathSegment, portNumber, qualifiedName } from '../formats.ts'
import { has, objectAt, objectsAt, textAt, wholeAt } from '../look.ts'
import { countsCauses } from '../pod/numbers.ts'
import { templateCauses } from '../pod/spec.ts'
import { podWarnings, templateWarnings } from '../pod/warnings.ts'
import { labelsCell, listCell } from './cells.ts'

function endpointsCauses(object: KubeObject): readonly Cause[] {
  return objectsAt(object, 'subsets').flatMap((subset, at) => {
    const path = `subsets[${at}]`
    const ports = objectsAt(subset, 'ports')
    const empty = !has(subset, 'addresses') && !has(subset, 'notReadyAddresses')
    return [
      ...(empty ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : []),
      ...['addresses', 'notReadyAddresses'].flatMap((key) =>
        objectsAt(subset, key).flatMap((each, index) => endpointCauses(each, `${path}.${key}[${index}]`)),
      ),
      ...ports.flatMap((each, index) => portCauses(each, ports.length > 1, `${path}.ports[${index}]`)),
    ]
  })
}

function endpointCauses(address: JsonObject, path: string): readonly Cause[] {
  const [ip, host] = [textAt(address, 'ip'), textAt(address, 'hostname')]
  const node = textAt(address, 'nodeName')
  return [
    ...addressCauses(`${path}.ip`, ip),
    ...(host === '' ? [] : invalids(`${path}.hostname`, host, dnsLabel(host))),
    ...(has(address, 'nodeName') ? invalids(`${path}.nodeName`, node, dnsSubdomain(node)) : []),
    ...reachableCauses(`${path}.ip`, ip),
  ]
}

function portCauses(port: JsonObject, named: boolean, path: string): readonly Cause[] {
  const name = textAt(port, 'name')
  const number = wholeAt(port, 'port') ?? 0
  return [
    ...(named && name === '' ? [required(`${path}.name`)] : []),
    ...(name === '' ? [] : invalids(`${path}.name`, name, dnsLabel(name))),
    ...invalids(`${path}.port`, number, portNumber(number)),
    ...oneOf(`${path}.protocol`, textAt(port, 'protocol'), ['SCTP', 'TCP', 'UDP']),
    ...appProtocolCauses(port, path),
  ]
}

/** The name of what is spoken at a port. */
export function appProtocolCauses(port: JsonObject, path: string): readonly Cause[] {
  const name = textAt(port, 'appProtocol')
  return has(port, 'appProtocol') ? invalids(`${path}.appProtocol`, name, qualifiedName(name)) : []
}

function endpointsCell(object: KubeObject): string {
  const all = objectsAt(object, 'subsets').flatMap((subset) => {
    const addresses = objectsAt(subset, 'addresses').map((each) => textAt(each, 'ip'))
    const ports = objectsAt(subset, 'ports').map((each) => wholeAt(each, 'port') ?? 0)
    if (ports.length === 0) return addresses
    return ports.flatMap((port) => addresses.map((each) => (isIpv6(each) ? `[${each}]:${port}` : `${each}:${port}`)))
  })
  return objectsAt(object, 'subsets').length === 0 ? '<none>' : listCell(all, '')
}

/** Endpoints. */
export const endpoints: Entry = {
  validate: endpointsCauses,
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  cells: { Endpoints: endpointsCell },
}

function controllerCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const selector = objectAt(spec, 'selector')
  const labels = objectAt(spec, 'template', 'metadata', 'labels')
  const fits = Object.entries(selector).every(([key, value]) => labels[key] === value)
  const path = 'spec.template'
  return [
    ...countsCauses(spec, ['minReadySeconds', 'replicas'], 'spec'),
    ...(Object.keys(selector).length === 0 ? [required('spec.selector')] : []),
    ...(has(spec, 'template') ? [] : [required(path)]),
    ...(has(spec, 'template') && !fits
      ? [invalid(`${path}.metadata.labels`, labels, '`selector` does not match template `labels`')]
      : []),
    ...(has(spec, 'template')
      ? [
          ...templateCauses(objectAt(spec, 'template'), path),
          ...lastingCauses(objectAt(spec, 'template'), path, 'ReplicationController'),
        ]
      : []),
  ]
}

/** ReplicationControllers. */
export const replicationController: Entry = {
  generation: 'spec',
  validate: controllerCauses,
  warnings: templateWarnings,
  defaultPropagation: 'Orphan',
  cells: {
    Desired: (object) => wholeAt(object, 'spec', 'replicas') ?? 0,
    Current: (object) => wholeAt(object, 'status', 'replicas') ?? 0,
    Ready: (object) => wholeAt(object, 'status', 'readyReplicas') ?? 0,
    Containers: (object) => containerNames(objectAt(object, 'spec', 'template')),
    Images: (object) => containerImages(objectAt(object, 'spec', 'template')),
    Selector: (object) => labelsCell(objectAt(object, 'spec', 'selector')),
  },
}

/** PodTemplates. */
export const podTemplate: Entry = {
  generation: 'all-but-metadata',
  validate: (object) => templateCauses(objectAt(object, 'template'), 'template'),
  warnings: (object, old) =>
    old !== null && same(object.template, old.template) ? [] : podWarnings(objectAt(object, 'template'), 'template.'),
  cells: {
    Containers: (object) => containerNames(objectAt(object, 'template')),
    Images: (object) => containerImages(objectAt(object, 'template')),
    'Pod Labels': (object) => labelsCell(objectAt(object, 'template', 'metadata', 'labels')),
  },
}

function conditionCell(object: KubeObject, key: string): string {
  const found = objectsAt(object, 'conditions').find((each) => textAt(each, 'type') === 'Healthy')
  return textAt(found, key)
}

/** The health of the control plane, which nobody asks any more. */
export const componentStatus: Entry = {
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  name: pathSegment,
  cells: {
    Status: (object) => {
      const state = conditionCell(object, 'status')
      return state === '' ? 'Unknown' : state === 'True' ? 'Healthy' : 'Unhealthy'
    },
    Message: (object) => conditionCell(object, 'message'),
    Error: (object) => conditionCell(object, 'error'),
  },
}

/** A binding of a Pod to a node. */
export const binding: Entry = {
  validate: (object) => {
    const [kind, name] = [textAt(object, 'target', 'kind'), textAt(object, 'target', 'name')]
    return [
      ...(kind === '' || kind === 'Node' ? [] : [notSupported('target.kind', kind, ['Node', '<empty>'])]),
      ...(name === '' ? [required('target.name')] : invalids('target.name', name, dnsSubdomain(name))),
    ]
  },
}
