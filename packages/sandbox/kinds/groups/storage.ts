// Drivers of storage, what nodes have of them, volumes on their way, and classes of what volumes can do.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { duplicate, forbidden, invalid, invalids, notSupported, required, same, unchanged } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { byteLength, dnsSubdomain, qualifiedName } from '../formats.ts'
import { internalForm } from '../internal.ts'
import { has, isTrue, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../look.ts'
import { selectorCauses } from '../metadata.ts'
import { countCauses, NEGATIVE } from '../pod/numbers.ts'
import { driverCauses } from '../pod/volumes.ts'
import { nanoOf } from '../quantity.ts'
import { protectedBy } from '../storage/claim.ts'
import { parametersCauses } from '../storage/parameters.ts'

const MODES = ['Persistent', 'Ephemeral']
const GROUP_POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType']
const SHORTEST_TOKEN = 600
const LONGEST_TOKEN = 2 ** 32

function driverSpecCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const policy = textAt(spec, 'fsGroupPolicy')
  const period = wholeAt(spec, 'nodeAllocatableUpdatePeriodSeconds')
  const alone = isTrue(spec, 'serviceAccountTokenInSecrets') && objectsAt(spec, 'tokenRequests').length === 0
  const text = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified'
  return [
    ...(policy === '' || GROUP_POLICIES.includes(policy)
      ? []
      : [notSupported('spec.fsGroupPolicy', policy, GROUP_POLICIES)]),
    ...tokenCauses(objectsAt(spec, 'tokenRequests')),
    ...textsAt(spec, 'volumeLifecycleModes')
      .filter((each) => !MODES.includes(each))
      .map((each) => notSupported('spec.volumeLifecycleModes', each, MODES)),
    ...(period !== null && period < 10
      ? [invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, 'must be greater than or equal to 10 seconds')]
      : []),
    ...(alone ? [invalid('spec.serviceAccountTokenInSecrets', true, text)] : []),
  ]
}

function tokenCauses(requests: readonly JsonObject[]): readonly Cause[] {
  const audiences = requests.map((each) => textAt(each, 'audience'))
  return requests.flatMap((each, at) => {
    const path = `spec.tokenRequests[${at}]`
    const seconds = wholeAt(each, 'expirationSeconds')
    const audience = audiences[at] ?? ''
    const field = `${path}.expirationSeconds`
    return [
      ...(audiences.indexOf(audience) < at ? [duplicate(`${path}.audience`, audience)] : []),
      ...(seconds !== null && seconds < SHORTEST_TOKEN
        ? [invalid(field, seconds, 'may not specify a duration less than 10 minutes')]
        : []),
      ...(seconds !== null && seconds > LONGEST_TOKEN
        ? [invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds')]
        : []),
    ]
  })
}

/** Drivers of storage. */
export const csiDriver: Entry = {
  validate: driverSpecCauses,
  validateUpdate: (object, old) => [
    ...unchanged(
      'spec.attachedRequired',
      objectAt(object, 'spec').attachRequired,
      objectAt(old, 'spec').attachRequired,
    ),
    ...unchanged(
      'spec.volumeLifecycleModes',
      objectAt(object, 'spec').volumeLifecycleModes,
      objectAt(old, 'spec').volumeLifecycleModes,
    ),
  ],
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

function nodeDriversCauses(object: KubeObject): readonly Cause[] {
  const drivers = objectsAt(object, 'spec', 'drivers')
  const names = drivers.map((each) => textAt(each, 'name'))
  return drivers.flatMap((driver, at) => {
    const path = `spec.drivers[${at}]`
    const [name, id] = [names[at] ?? '', textAt(driver, 'nodeID')]
    return [
      ...driverCauses(name, `${path}.name`),
      ...(id === '' ? [required(`${path}.nodeID`)] : []),
      ...(byteLength(id) > 256 ? [invalid(`${path}.nodeID`, id, 'must be 256 characters or less')] : []),
      ...countCauses(objectAt(driver, 'allocatable'), 'count', `${path}.allocatable`),
      ...(names.indexOf(name) < at ? [duplicate(`${path}.name`, name)] : []),
      ...topologyCauses(textsAt(driver, 'topologyKeys'), path),
    ]
  })
}

function topologyCauses(keys: readonly string[], path: string): readonly Cause[] {
  return keys.flatMap((key, at) => [
    ...(key === '' ? [required(path)] : []),
    ...(keys.indexOf(key) < at ? [duplicate(path, key)] : []),
    ...invalids(path, key, qualifiedName(key)),
  ])
}

/** What storage a node has. */
export const csiNode: Entry = {
  validate: nodeDriversCauses,
  cells: { Drivers: (object) => objectsAt(object, 'spec', 'drivers').length },
}

function attachmentCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const node = textAt(spec, 'nodeName')
  return [
    ...driverCauses(textAt(spec, 'attacher'), 'spec.attacher'),
    ...sourceCauses(objectAt(spec, 'source'), 'spec.source'),
    ...invalids('spec.nodeName', node, dnsSubdomain(node)),
    ...volumeNameCauses(objectAt(spec, 'source'), 'spec.source.persistentVolumeName'),
  ]
}

function sourceCauses(source: JsonObject, path: string): readonly Cause[] {
  const [inline, named] = [has(source, 'inlineVolumeSpec'), has(source, 'persistentVolumeName')]
  const text = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'
  if (inline && named) return [forbidden(path, text)]
  if (!inline && !named) return [required(path, text)]
  if (inline) {
    const away = 'may not be specified in the context of inline volumes'
    return has(source, 'inlineVolumeSpec', 'capacity') ? [forbidden(`${path}.inlineVolumeSpec.capacity`, away)] : []
  }
  const empty = textAt(source, 'persistentVolumeName') === ''
  return empty ? [required(`${path}.persistentVolumeName`, 'must specify non empty persistentVolumeName')] : []
}

function volumeNameCauses(source: JsonObject, path: string): readonly Cause[] {
  const name = textAt(source, 'persistentVolumeName')
  return has(source, 'persistentVolumeName') && !has(source, 'inlineVolumeSpec')
    ? invalids(path, name, dnsSubdomain(name))
    : []
}

/** Volumes on their way to a node. */
export const volumeAttachment: Entry = {
  validate: attachmentCauses,
  validateUpdate: (object, old) =>
    same(object.spec, old.spec)
      ? []
      : [
          invalid(
            'spec',
            internalForm('storage.v1.VolumeAttachmentSpec', objectAt(object, 'spec')),
            'field is immutable',
          ),
        ],
  cells: {
    Attacher: (object) => textAt(object, 'spec', 'attacher'),
    PV: (object) => textAt(object, 'spec', 'source', 'persistentVolumeName'),
    Node: (object) => textAt(object, 'spec', 'nodeName'),
    Attached: (object) => isTrue(object, 'status', 'attached'),
  },
}

function driver(object: KubeObject): string {
  return textAt(object, 'driverName').toLowerCase()
}

/** Classes of what volumes can do. */
export const volumeAttributesClass: Entry = {
  prepareCreate: (object) => protectedBy(object, 'kubernetes.io/vac-protection'),
  validate: (object) => [
    ...(driver(object) === ''
      ? [required('driverName')]
      : invalids('driverName', driver(object), qualifiedName(driver(object)))),
    ...parametersCauses(objectAt(object, 'parameters'), false),
  ],
  validateUpdate: (object, old) =>
    ['driverName', 'parameters'].flatMap((key) =>
      same(object[key], old[key]) ? [] : [forbidden(key, `updates to ${key} are forbidden.`)],
    ),
  cells: { DriverName: (object) => textAt(object, 'driverName') },
}

/** How much a class of storage has left somewhere. */
export const csiStorageCapacity: Entry = {
  validate: (object) => {
    const name = textAt(object, 'storageClassName')
    return [
      ...(has(object, 'nodeTopology') ? selectorCauses(objectAt(object, 'nodeTopology'), 'nodeTopology') : []),
      ...invalids('storageClassName', name, dnsSubdomain(name)),
      ...(nanoOf(object.capacity) < 0n ? [invalid('capacity', object.capacity, NEGATIVE)] : []),
    ]
  },
}
