// Nodes, events, endpoints, and what is left of the core group.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { addressCauses, isIpv6, reachableCauses } from '../address.ts'
import { containerImages, containerNames, lastingCauses } from '../apps/template.ts'
import { duplicate, forbidden, invalid, invalids, notSupported, oneOf, required } from '../causes.ts'
import { sinceText } from '../duration.ts'
import type { Entry } from '../entry.ts'
import { dnsLabel, dnsSubdomain, pathSegment, portNumber } from '../formats.ts'
import { entriesAt, has, isTrue, objectAt, objectsAt, textAt, wholeAt, withAt } from '../look.ts'
import { countsCauses } from '../pod/numbers.ts'
import { templateCauses } from '../pod/spec.ts'
import { templateWarnings } from '../pod/warnings.ts'
import { labelsCell, listCell } from './cells.ts'

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }

/** A new node takes no Pods until it says that it is ready. */
function withTaint(object: KubeObject): KubeObject {
  const taints = objectsAt(object, 'spec', 'taints')
  const there = taints.some((each) => textAt(each, 'key') === NOT_READY.key && textAt(each, 'effect') === 'NoSchedule')
  return there ? object : withAt(object, ['spec', 'taints'], [...taints, NOT_READY])
}

function nodeStatus(object: KubeObject): string {
  const ready = objectsAt(object, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Ready')
  const word = ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady'
  return isTrue(object, 'spec', 'unschedulable') ? `${word},SchedulingDisabled` : word
}

const ROLE = 'node-role.kubernetes.io/'

function nodeRoles(object: KubeObject): string {
  const roles = entriesAt(object, 'metadata', 'labels').flatMap(([key, value]) =>
    key.startsWith(ROLE) ? [key.slice(ROLE.length)] : key === 'kubernetes.io/role' ? [value] : [],
  )
  return [...new Set(roles.filter((each) => each !== ''))].sort().join(',') || '<none>'
}

function nodeAddress(object: KubeObject, type: string): string {
  const found = objectsAt(object, 'status', 'addresses').find((each) => textAt(each, 'type') === type)
  return textAt(found, 'address') || '<none>'
}

function kernel(object: KubeObject): string {
  const info = objectAt(object, 'status', 'nodeInfo')
  const architecture = textAt(info, 'architecture')
  const version = textAt(info, 'kernelVersion') || '<unknown>'
  return architecture === '' ? version : `${version} (${architecture})`
}

/** Nodes. */
export const node: Entry = {
  keepsStatus: true,
  prepareCreate: withTaint,
  prepareUpdate: (object, old) => withAt(object, ['status'], old.status),
  cells: {
    Status: nodeStatus,
    Roles: nodeRoles,
    Version: (object) => textAt(object, 'status', 'nodeInfo', 'kubeletVersion'),
    'Internal-IP': (object) => nodeAddress(object, 'InternalIP'),
    'External-IP': (object) => nodeAddress(object, 'ExternalIP'),
    'OS-Image': (object) => textAt(object, 'status', 'nodeInfo', 'osImage') || '<unknown>',
    'Kernel-Version': kernel,
    'Container-Runtime': (object) => textAt(object, 'status', 'nodeInfo', 'containerRuntimeVersion') || '<unknown>',
  },
}

/** An event in the fields of either group. */
function about(object: KubeObject): JsonObject {
  return has(object, 'involvedObject') ? objectAt(object, 'involvedObject') : objectAt(object, 'regarding')
}

function firstOf(object: JsonObject, ...keys: readonly string[]): string {
  return keys.map((key) => textAt(object, key)).find((each) => each !== '') ?? ''
}

function firstSeen(object: KubeObject, now: number): string {
  return sinceText(firstOf(object, 'firstTimestamp', 'deprecatedFirstTimestamp', 'eventTime'), now)
}

function lastSeen(object: KubeObject, now: number): string {
  if (has(object, 'series')) return sinceText(textAt(object, 'series', 'lastObservedTime'), now)
  const last = firstOf(object, 'lastTimestamp', 'deprecatedLastTimestamp')
  return last === '' ? firstSeen(object, now) : sinceText(last, now)
}

function target(object: KubeObject): string {
  const kind = textAt(about(object), 'kind').toLowerCase()
  const name = textAt(about(object), 'name')
  return name === '' ? kind : `${kind}/${name}`
}

function source(object: KubeObject): string {
  const from = has(object, 'source') ? objectAt(object, 'source') : objectAt(object, 'deprecatedSource')
  const component = textAt(from, 'component') || firstOf(object, 'reportingComponent', 'reportingController')
  const host = textAt(from, 'host') || textAt(object, 'reportingInstance')
  return host === '' ? component : `${component}, ${host}`
}

function count(object: KubeObject): string {
  const own = wholeAt(object, 'count') ?? wholeAt(object, 'deprecatedCount') ?? 0
  return String(has(object, 'series') ? (wholeAt(object, 'series', 'count') ?? 0) : own === 0 ? 1 : own)
}

function eventCauses(object: KubeObject): readonly Cause[] {
  const own = textAt(object, 'metadata', 'namespace')
  const namespace = textAt(about(object), 'namespace')
  const place = namespace === '' ? 'default' : namespace
  const text = 'does not match event.namespace'
  return own === place || own === namespace ? [] : [invalid('involvedObject.namespace', namespace, text)]
}

/** Events of the core group. */
export const event: Entry = {
  validate: (object) => (has(object, 'involvedObject') ? eventCauses(object) : []),
  cells: {
    'Last Seen': lastSeen,
    Type: (object) => textAt(object, 'type'),
    Reason: (object) => textAt(object, 'reason'),
    Object: target,
    Subobject: (object) => textAt(about(object), 'fieldPath'),
    Source: source,
    Message: (object) => firstOf(object, 'message', 'note').trim(),
    'First Seen': firstSeen,
    Count: (object) => Number(count(object)),
  },
}

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
  const wrong = addressCauses(`${path}.ip`, ip)
  return [
    ...(wrong.length > 0 ? wrong : reachableCauses(`${path}.ip`, ip)),
    ...(host === '' ? [] : invalids(`${path}.hostname`, host, dnsLabel(host))),
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
  ]
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
  warnings: () => ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  cells: { Endpoints: endpointsCell },
}

const LIMITED = ['Container', 'PersistentVolumeClaim', 'Pod']

function limitRangeCauses(object: KubeObject): readonly Cause[] {
  const types = objectsAt(object, 'spec', 'limits').map((each) => textAt(each, 'type'))
  return types.flatMap((type, at) => {
    const path = `spec.limits[${at}]`
    const known = LIMITED.includes(type) || type.includes('/')
    return [
      ...(known ? [] : [invalid(`${path}.type`, type, 'must be a standard limit type or fully qualified')]),
      ...(types.indexOf(type) < at ? [duplicate(`${path}.type`, type)] : []),
      ...(type === 'Pod'
        ? ['default', 'defaultRequest']
            .filter((key) => has(objectsAt(object, 'spec', 'limits')[at], key))
            .map((key) => forbidden(`${path}.${key}`, "may not be specified when `type` is 'Pod'"))
        : []),
    ]
  })
}

/** LimitRanges. */
export const limitRange: Entry = { validate: limitRangeCauses }

function quotaCell(object: KubeObject, limits: boolean): string {
  const hard = objectAt(object, 'status', 'hard')
  return Object.keys(hard)
    .sort()
    .filter((name) => name.startsWith('limits.') === limits)
    .map((name) => `${name}: ${textAt(objectAt(object, 'status', 'used'), name) || '0'}/${textAt(hard, name)}`)
    .join(', ')
}

/** ResourceQuotas. */
export const resourceQuota: Entry = {
  cells: { Request: (object) => quotaCell(object, false), Limit: (object) => quotaCell(object, true) },
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
