// Volumes and classes of storage.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { timeText } from '../../schema/time.ts'
import { duplicate, forbidden, invalid, invalids, notSupported, required, same, unchanged } from '../causes.ts'
import { differenceText } from '../difference.ts'
import type { Entry } from '../entry.ts'
import { dnsSubdomain, qualifiedName } from '../formats.ts'
import { internalLines } from '../internal.ts'
import { has, isTrue, objectAt, objectsAt, textAt, textsAt, withAt } from '../look.ts'
import { stepCauses } from '../pod/paths.ts'
import { nodeSelectorCauses } from '../pod/scheduling.ts'
import { driverSecretCauses, olderSourceCauses } from '../pod/sources.ts'
import { driverCauses } from '../pod/volumes.ts'
import { nanoOf } from '../quantity.ts'
import { accessModesText } from './access.ts'
import { accessModeCauses, isDefaultClass, protectedBy } from './claim.ts'
import { parametersCauses } from './parameters.ts'

const SOURCES = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
]

const POLICIES = ['Delete', 'Recycle', 'Retain']

function volumeCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const policy = textAt(spec, 'persistentVolumeReclaimPolicy')
  const mode = textAt(spec, 'volumeMode')
  const affinity = objectAt(spec, 'nodeAffinity', 'required')
  return [
    ...(has(spec, 'accessModes') ? [] : [required('spec.accessModes')]),
    ...accessModeCauses(spec, 'spec'),
    ...capacityCauses(spec),
    ...(POLICIES.includes(policy) ? [] : [notSupported('spec.persistentVolumeReclaimPolicy', policy, POLICIES)]),
    ...(has(spec, 'nodeAffinity') && has(spec, 'nodeAffinity', 'required')
      ? nodeSelectorCauses(affinity, 'spec.nodeAffinity.required')
      : []),
    ...sourceCauses(spec),
    ...(textAt(spec, 'hostPath', 'path') === '/' && policy === 'Recycle'
      ? [forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'")]
      : []),
    ...(textAt(spec, 'storageClassName') === ''
      ? []
      : invalids('spec.storageClassName', spec.storageClassName, dnsSubdomain(textAt(spec, 'storageClassName')))),
    ...(has(spec, 'volumeMode') && !['Block', 'Filesystem'].includes(mode)
      ? [notSupported('spec.volumeMode', mode, ['Block', 'Filesystem'])]
      : []),
  ]
}

function capacityCauses(spec: JsonObject): readonly Cause[] {
  const capacity = objectAt(spec, 'capacity')
  const names = Object.keys(capacity)
  const path = 'spec.capacity'
  return [
    ...(names.length === 0 ? [required(path)] : []),
    ...(names.length === 1 && names[0] === 'storage' ? [] : [notSupported(path, spec.capacity, ['storage'])]),
    ...names.flatMap((name) => sizeCauses(capacity[name], `${path}[${name}]`)),
  ]
}

function sizeCauses(value: Json | undefined, path: string): readonly Cause[] {
  const nano = nanoOf(value)
  return [
    ...(nano < 0n ? [invalid(path, Number(nano / 1_000_000_000n), 'must be a valid resource quantity')] : []),
    ...(nano <= 0n ? [invalid(path, value, 'must be greater than zero')] : []),
  ]
}

function sourceCauses(spec: JsonObject): readonly Cause[] {
  const given = SOURCES.filter((key) => has(spec, key))
  if (given.length === 0) return [required('spec', 'must specify a volume type')]
  return given.flatMap((key, at) =>
    at > 0
      ? [forbidden(`spec.${key === 'cephfs' ? 'cephFS' : key}`, 'may not specify more than 1 volume type')]
      : oneSourceCauses(key, objectAt(spec, key), spec, `spec.${key}`),
  )
}

function oneSourceCauses(key: string, source: JsonObject, spec: JsonObject, path: string): readonly Cause[] {
  const place = textAt(source, 'path')
  switch (key) {
    case 'hostPath':
      return place === '' ? [required(`${path}.path`)] : stepCauses(`${path}.path`, place)
    case 'local': {
      const affine = has(spec, 'nodeAffinity', 'required')
      const own = place === '' ? [required(`${path}.path`)] : stepCauses(`${path}.path`, place)
      return [...own, ...(affine ? [] : [required('spec.nodeAffinity', 'Local volume requires node affinity')])]
    }
    case 'nfs':
      return [
        ...(textAt(source, 'server') === '' ? [required(`${path}.server`)] : []),
        ...(place === '' ? [required(`${path}.path`)] : []),
        ...(place.startsWith('/') ? [] : [invalid(`${path}.path`, place, 'must be an absolute path')]),
      ]
    case 'csi':
      return [
        ...driverCauses(textAt(source, 'driver'), `${path}.driver`),
        ...(textAt(source, 'volumeHandle') === '' ? [required(`${path}.volumeHandle`)] : []),
        ...driverSecretCauses(source, path),
      ]
    default:
      return olderSourceCauses(key, source, path, false)
  }
}

function changeCauses(object: KubeObject, old: KubeObject): readonly Cause[] {
  const [spec, before] = [objectAt(object, 'spec'), objectAt(old, 'spec')]
  const changed = SOURCES.some((key) => !same(spec[key], before[key]))
  const type = 'core.v1.PersistentVolumeSpec'
  const difference = (): string =>
    differenceText(internalLines(type, before, SOURCES), internalLines(type, spec, SOURCES))
  const text = 'spec.persistentvolumesource is immutable after creation'
  return [
    ...(changed ? [forbidden('spec.persistentvolumesource', `${text}\n${difference()}`)] : []),
    ...unchanged('volumeMode', spec.volumeMode, before.volumeMode),
  ]
}

const BETA = 'volume.beta.kubernetes.io/storage-class'

function claimCell(object: KubeObject): string {
  const claim = objectAt(object, 'spec', 'claimRef')
  return has(object, 'spec', 'claimRef') ? `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}` : ''
}

const SINCE = 'lastPhaseTransitionTime'

/** Volumes. */
export const persistentVolume: Entry = {
  prepareCreate: (object, around) =>
    protectedBy(
      { ...object, status: { phase: 'Pending', lastPhaseTransitionTime: timeText(around.now) } },
      'kubernetes.io/pv-protection',
    ),
  // As long as the phase stays, so does the time since when.
  prepareStatus: (object, old) => {
    const spent = { ...old, metadata: object.metadata, status: objectAt(object, 'status') }
    const stays = (textAt(spent, 'status', 'phase') || 'Pending') === textAt(old, 'status', 'phase')
    if (!stays || has(spent, 'status', SINCE)) return spent
    return withAt(spent, ['status', SINCE], objectAt(old, 'status')[SINCE])
  },
  validate: volumeCauses,
  validateUpdate: changeCauses,
  cells: {
    Capacity: (object) => textAt(object, 'spec', 'capacity', 'storage') || '0',
    'Access Modes': (object) => accessModesText(textsAt(object, 'spec', 'accessModes')),
    'Reclaim Policy': (object) => textAt(object, 'spec', 'persistentVolumeReclaimPolicy'),
    Status: (object) =>
      has(object, 'metadata', 'deletionTimestamp') ? 'Terminating' : textAt(object, 'status', 'phase'),
    Claim: claimCell,
    StorageClass: (object) =>
      textAt(object, 'metadata', 'annotations', BETA) || textAt(object, 'spec', 'storageClassName'),
    VolumeAttributesClass: (object) => textAt(object, 'spec', 'volumeAttributesClassName') || '<unset>',
    Reason: (object) => textAt(object, 'status', 'reason'),
    VolumeMode: (object) => textAt(object, 'spec', 'volumeMode') || '<unset>',
  },
}

function classCauses(object: KubeObject): readonly Cause[] {
  const provisioner = textAt(object, 'provisioner')
  const [policy, mode] = [textAt(object, 'reclaimPolicy'), textAt(object, 'volumeBindingMode')]
  return [
    ...(provisioner === ''
      ? [required('provisioner')]
      : invalids('provisioner', provisioner.toLowerCase(), qualifiedName(provisioner.toLowerCase()))),
    ...parametersCauses(objectAt(object, 'parameters'), true),
    ...(['', 'Delete', 'Retain'].includes(policy) ? [] : [notSupported('reclaimPolicy', policy, ['Delete', 'Retain'])]),
    ...(['Immediate', 'WaitForFirstConsumer'].includes(mode)
      ? []
      : [notSupported('volumeBindingMode', mode, ['Immediate', 'WaitForFirstConsumer'])]),
    ...topologiesCauses(objectsAt(object, 'allowedTopologies')),
  ]
}

function topologiesCauses(terms: readonly JsonObject[]): readonly Cause[] {
  return terms.flatMap((term, at) => {
    const path = `allowedTopologies[${at}].matchLabelExpressions`
    const again = at > 0 && terms.slice(0, at).some((each) => same(each, term))
    return [
      ...objectsAt(term, 'matchLabelExpressions').flatMap((each, index) => topologyCauses(each, `${path}[${index}]`)),
      // The server takes a term without anything for a repetition of nothing.
      ...(again || !has(term, 'matchLabelExpressions') ? [duplicate(path, '')] : []),
    ]
  })
}

function topologyCauses(requirement: JsonObject, path: string): readonly Cause[] {
  const [key, values] = [textAt(requirement, 'key'), textsAt(requirement, 'values')]
  return [
    ...(values.length === 0 ? [required(`${path}.values`)] : []),
    ...values.flatMap((each, at) => (values.indexOf(each) < at ? [duplicate(`${path}.values[${at}]`, each)] : [])),
    ...invalids(`${path}.key`, key, qualifiedName(key)),
  ]
}

const FIXED = ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode']

function classChangeCauses(object: KubeObject, old: KubeObject): readonly Cause[] {
  return FIXED.flatMap((key) => unchanged(key, object[key], old[key]))
}

/** Classes of storage. */
export const storageClass: Entry = {
  validate: classCauses,
  validateUpdate: classChangeCauses,
  cells: {
    Name: (object): Json => (isDefaultClass(object) ? `${object.metadata.name} (default)` : object.metadata.name),
    Provisioner: (object) => textAt(object, 'provisioner'),
    ReclaimPolicy: (object) => textAt(object, 'reclaimPolicy') || 'Delete',
    VolumeBindingMode: (object) => textAt(object, 'volumeBindingMode') || '<unset>',
    AllowVolumeExpansion: (object) => isTrue(object, 'allowVolumeExpansion'),
  },
}
