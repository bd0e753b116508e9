// The kinds that a cluster's own parts use: each with its columns and the little that is special about it.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { selectorText } from '../apps/template.ts'
import { forbidden, invalid, invalids, notSupported, required, same, unchanged } from '../causes.ts'
import { listCell } from '../core/cells.ts'
import { spanText } from '../duration.ts'
import type { Cells, Entry } from '../entry.ts'
import { dnsLabel, dnsSubdomain, pathSegment } from '../formats.ts'
import { has, isTrue, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../look.ts'

/** The kind of an owner that controls: `Kind.group/name`. */
function controllerCell(object: KubeObject): string {
  const owner = objectsAt(object, 'metadata', 'ownerReferences').find((each) => isTrue(each, 'controller'))
  if (owner === undefined) return '<none>'
  const version = textAt(owner, 'apiVersion')
  const group = version.includes('/') ? `.${version.split('/')[0]}` : ''
  return `${textAt(owner, 'kind').toLowerCase()}${group}/${textAt(owner, 'name')}`
}

/** ControllerRevisions. */
export const controllerRevision: Entry = {
  validateUpdate: (object, old) => unchanged('data', object.data, old.data),
  validateCreate: (object) => (has(object, 'data') ? [] : [required('data', 'data is mandatory')]),
  cells: { Controller: controllerCell, Revision: (object) => wholeAt(object, 'revision') ?? 0 },
}

/** Leases. */
export const lease: Entry = {
  validate: (object) => {
    const seconds = wholeAt(object, 'spec', 'leaseDurationSeconds')
    const changes = wholeAt(object, 'spec', 'leaseTransitions')
    return [
      ...(seconds !== null && seconds <= 0
        ? [invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]
        : []),
      ...(changes !== null && changes < 0
        ? [invalid('spec.leaseTransitions', changes, 'must be greater than or equal to 0')]
        : []),
    ]
  },
  cells: { Holder: (object) => textAt(object, 'spec', 'holderIdentity') },
}

/** PriorityClasses. */
export const priorityClass: Entry = {
  generation: 'none',
  validate: (object) => {
    const { name } = object.metadata
    const value = wholeAt(object, 'value') ?? 0
    const system = name === 'system-node-critical' || name === 'system-cluster-critical'
    const text = 'maximum allowed value of a user defined priority is 1000000000'
    return [
      ...(name.startsWith('system-') && !system
        ? [
            forbidden(
              'metadata.name',
              `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
            ),
          ]
        : []),
      ...(value > 1_000_000_000 && !name.startsWith('system-') ? [forbidden('value', text)] : []),
    ]
  },
  prepareCreate: (object) => ({ ...object, metadata: { ...object.metadata, generation: 1 } }),
  validateUpdate: (object, old) => [
    ...(same(object.value, old.value) ? [] : [forbidden('value', 'may not be changed in an update.')]),
    ...unchanged('preemptionPolicy', object.preemptionPolicy, old.preemptionPolicy),
  ],
  cells: {
    Value: (object) => wholeAt(object, 'value') ?? 0,
    'Global-Default': (object) => isTrue(object, 'globalDefault'),
    PreemptionPolicy: (object) => textAt(object, 'preemptionPolicy'),
  },
}

/** RuntimeClasses. */
export const runtimeClass: Entry = {
  validate: (object) => {
    const handler = textAt(object, 'handler')
    return handler === '' ? [required('handler')] : invalids('handler', handler, dnsLabel(handler))
  },
  validateUpdate: (object, old) => unchanged('handler', object.handler, old.handler),
  cells: { Handler: (object) => textAt(object, 'handler') },
}

/** EndpointSlices. */
export const endpointSlice: Entry = {
  generation: 'anything',
  validate: (object) => {
    const type = textAt(object, 'addressType')
    const types = ['FQDN', 'IPv4', 'IPv6']
    if (type === '') return [required('addressType')]
    return types.includes(type) ? [] : [notSupported('addressType', type, types)]
  },
  validateUpdate: (object, old) => unchanged('addressType', object.addressType, old.addressType),
  cells: {
    AddressType: (object) => textAt(object, 'addressType'),
    Ports: (object) =>
      listCell(
        objectsAt(object, 'ports').map((each) => String(wholeAt(each, 'port') ?? (textAt(each, 'name') || '*'))),
        '<unset>',
      ),
    Endpoints: (object) =>
      listCell(
        objectsAt(object, 'endpoints').flatMap((each) => textsAt(each, 'addresses')),
        '<unset>',
      ),
  },
}

/** Classes of Ingresses. */
export const ingressClass: Entry = {
  generation: 'spec',
  validate: (object) => (textAt(object, 'spec', 'controller') === '' ? [required('spec.controller')] : []),
  validateUpdate: (object, old) =>
    unchanged('spec.controller', objectAt(object, 'spec').controller, objectAt(old, 'spec').controller),
  cells: {
    Name: (object) => {
      const fallback =
        textAt(object, 'metadata', 'annotations', 'ingressclass.kubernetes.io/is-default-class') === 'true'
      return fallback ? `${object.metadata.name} (default)` : object.metadata.name
    },
    Controller: (object) => textAt(object, 'spec', 'controller'),
    Parameters: (object) => {
      if (!has(object, 'spec', 'parameters')) return '<none>'
      const parameters = objectAt(object, 'spec', 'parameters')
      const group = has(parameters, 'apiGroup') ? `.${textAt(parameters, 'apiGroup')}` : ''
      return `${textAt(parameters, 'kind')}${group}/${textAt(parameters, 'name')}`
    },
  },
}

/** Addresses that are given out. */
export const ipAddress: Entry = {
  name: (value) => (value === '' ? ['must be a valid IP address'] : []),
  cells: {
    ParentRef: (object) => {
      const ref = objectAt(object, 'spec', 'parentRef')
      const group = textAt(ref, 'group') === '' ? '' : `.${textAt(ref, 'group')}`
      const namespace = textAt(ref, 'namespace') === '' ? '' : `/${textAt(ref, 'namespace')}`
      return `${textAt(ref, 'resource')}${group}${namespace}/${textAt(ref, 'name')}`.toLowerCase()
    },
  },
}

/** Ranges of addresses for Services. */
export const serviceCidr: Entry = { cells: { CIDRs: (object) => textsAt(object, 'spec', 'cidrs').join(',') } }

/** Drivers of storage. */
export const csiDriver: Entry = {
  cells: {
    AttachRequired: (object) => isTrue(object, 'spec', 'attachRequired'),
    PodInfoOnMount: (object) => isTrue(object, 'spec', 'podInfoOnMount'),
    StorageCapacity: (object) => isTrue(object, 'spec', 'storageCapacity'),
    TokenRequests: (object) =>
      has(object, 'spec', 'tokenRequests')
        ? objectsAt(object, 'spec', 'tokenRequests')
            .map((each) => textAt(each, 'audience'))
            .join(',')
        : '<unset>',
    RequiresRepublish: (object) => isTrue(object, 'spec', 'requiresRepublish'),
    Modes: (object) => textsAt(object, 'spec', 'volumeLifecycleModes').join(',') || '<none>',
  },
}

/** What storage a node has. */
export const csiNode: Entry = { cells: { Drivers: (object) => objectsAt(object, 'spec', 'drivers').length } }

/** Volumes on their way to a node. */
export const volumeAttachment: Entry = {
  cells: {
    Attacher: (object) => textAt(object, 'spec', 'attacher'),
    PV: (object) => textAt(object, 'spec', 'source', 'persistentVolumeName'),
    Node: (object) => textAt(object, 'spec', 'nodeName'),
    Attached: (object) => isTrue(object, 'status', 'attached'),
  },
}

/** Classes of what volumes can do. */
export const volumeAttributesClass: Entry = {
  validateUpdate: (object, old) => [
    ...unchanged('driverName', object.driverName, old.driverName),
    ...unchanged('parameters', object.parameters, old.parameters),
  ],
  cells: { DriverName: (object) => textAt(object, 'driverName') },
}

function requestState(object: KubeObject): string {
  const types = objectsAt(object, 'status', 'conditions').map((each) => textAt(each, 'type'))
  const word = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending'
  const failed = types.includes('Failed') ? ',Failed' : ''
  return `${word}${failed}${textAt(object, 'status', 'certificate') === '' ? '' : ',Issued'}`
}

/** Requests for certificates. */
export const certificateSigningRequest: Entry = {
  validate: (object) => [
    ...(textAt(object, 'spec', 'signerName') === '' ? [required('spec.signerName')] : []),
    ...(has(object, 'spec', 'usages') ? [] : [required('spec.usages')]),
  ],
  cells: {
    SignerName: (object) => textAt(object, 'spec', 'signerName') || '<none>',
    Requestor: (object) => textAt(object, 'spec', 'username'),
    RequestedDuration: (object) => {
      const seconds = wholeAt(object, 'spec', 'expirationSeconds')
      return seconds === null ? '<none>' : spanText(seconds * 1000)
    },
    Condition: requestState,
  },
}

function webhookCauses(object: KubeObject): readonly Cause[] {
  const names = objectsAt(object, 'webhooks').map((each) => textAt(each, 'name'))
  return objectsAt(object, 'webhooks').flatMap((each, at) => {
    const path = `webhooks[${at}]`
    const name = names[at] ?? ''
    const short = 'should be a domain with at least three segments separated by dots'
    return [
      ...(name === ''
        ? [required(`${path}.name`)]
        : dnsSubdomain(name).length > 0
          ? [invalid(`${path}.name`, name, dnsSubdomain(name).join(','))]
          : name.split('.').length < 3
            ? [invalid(`${path}.name`, name, short)]
            : []),
      ...(names.indexOf(name) < at
        ? [{ reason: 'FieldValueDuplicate', field: `${path}.name`, message: `Duplicate value: "${name}"` } as const]
        : []),
      ...(has(each, 'sideEffects') ? [] : [required(`${path}.sideEffects`, 'must specify one of None, NoneOnDryRun')]),
      ...(has(each, 'admissionReviewVersions')
        ? []
        : [required(`${path}.admissionReviewVersions`, 'must specify one of v1, v1beta1')]),
    ]
  })
}

const webhookCells: Cells = { Webhooks: (object) => objectsAt(object, 'webhooks').length }

/** Webhooks that judge and that change. */
export const webhooks: Entry = { generation: 'all-but-metadata', validate: webhookCauses, cells: webhookCells }

function paramCell(object: KubeObject): string {
  if (!has(object, 'spec', 'paramKind')) return '<unset>'
  return `${textAt(object, 'spec', 'paramKind', 'apiVersion')}/${textAt(object, 'spec', 'paramKind', 'kind')}`
}

/** Policies of admission. */
export const admissionPolicy: Entry = {
  generation: 'spec',
  cells: {
    Validations: (object) => objectsAt(object, 'spec', 'validations').length,
    Mutations: (object) => objectsAt(object, 'spec', 'mutations').length,
    ParamKind: paramCell,
  },
}

function paramRefCell(object: KubeObject): string {
  const ref = objectAt(object, 'spec', 'paramRef')
  const name = textAt(ref, 'name')
  if (name !== '') return `${textAt(ref, 'namespace') || '*'}/${name}`
  return has(ref, 'selector') ? selectorText(objectAt(ref, 'selector')) : '<unset>'
}

/** What binds a policy. */
export const admissionBinding: Entry = {
  generation: 'spec',
  validate: (object) => (textAt(object, 'spec', 'policyName') === '' ? [required('spec.policyName')] : []),
  cells: { PolicyName: (object) => textAt(object, 'spec', 'policyName'), ParamRef: paramRefCell },
}

/** Groups that another server answers. */
export const apiService: Entry = {
  name: pathSegment,
  validate: apiServiceCauses,
  cells: {
    Service: (object) =>
      has(object, 'spec', 'service')
        ? `${textAt(object, 'spec', 'service', 'namespace')}/${textAt(object, 'spec', 'service', 'name')}`
        : 'Local',
    Available: (object) => {
      const found = objectsAt(object, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Available')
      const state = textAt(found, 'status')
      return found === undefined ? 'Unknown' : state === 'True' ? 'True' : `${state} (${textAt(found, 'reason')})`
    },
  },
}

function apiServiceCauses(object: KubeObject): readonly Cause[] {
  const [group, version] = [textAt(object, 'spec', 'group'), textAt(object, 'spec', 'version')]
  const wanted = `${version}.${group}`
  const text = `must be \`spec.version+"."+spec.group\`: "${wanted}"`
  return object.metadata.name === wanted ? [] : [invalid('metadata.name', object.metadata.name, text)]
}

/** Which requests go where when there are many. */
export const flowSchema: Entry = {
  generation: 'spec',
  cells: {
    PriorityLevel: (object) => textAt(object, 'spec', 'priorityLevelConfiguration', 'name'),
    MatchingPrecedence: (object) => wholeAt(object, 'spec', 'matchingPrecedence') ?? 0,
    DistinguisherMethod: (object) => textAt(object, 'spec', 'distinguisherMethod', 'type') || '<none>',
    MissingPL: (object) => {
      const found = objectsAt(object, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Dangling')
      return textAt(found, 'status') || '?'
    },
  },
}

function shareCell(object: KubeObject, ...path: readonly string[]): Json {
  return wholeAt(object, 'spec', 'limited', ...path) ?? '<none>'
}

const QUEUING = ['limitResponse', 'queuing'] as const

/** How many requests run at once. */
export const priorityLevel: Entry = {
  generation: 'spec',
  cells: {
    Type: (object) => textAt(object, 'spec', 'type'),
    NominalConcurrencyShares: (object) => shareCell(object, 'nominalConcurrencyShares'),
    Queues: (object) => shareCell(object, ...QUEUING, 'queues'),
    HandSize: (object) => shareCell(object, ...QUEUING, 'handSize'),
    QueueLengthLimit: (object) => shareCell(object, ...QUEUING, 'queueLengthLimit'),
  },
}

function claimState(object: JsonObject): string {
  const ending = has(object, 'metadata', 'deletionTimestamp')
  if (!has(object, 'status', 'allocation')) return ending ? 'deleted' : 'pending'
  const reserved = objectsAt(object, 'status', 'reservedFor').length > 0 ? ['reserved'] : []
  return [...(ending ? ['deleted'] : []), 'allocated', ...reserved].join(',')
}

/** Claims of devices. */
export const resourceClaim: Entry = { cells: { State: claimState } }

/** Kinds of devices. */
export const deviceClass: Entry = { generation: 'spec' }

/** The devices of a node. */
export const resourceSlice: Entry = {
  generation: 'spec',
  cells: {
    Node: (object) => textAt(object, 'spec', 'nodeName'),
    Driver: (object) => textAt(object, 'spec', 'driver'),
    Pool: (object) => textAt(object, 'spec', 'pool', 'name'),
  },
}
