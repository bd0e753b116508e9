// Sources of volumes from the time before drivers: what each must say, in a Pod or as a volume of the cluster.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { invalid, notSupported, required } from '../causes.ts'
import { betweenText } from '../formats.ts'
import { has, textAt, textsAt, wholeAt } from '../look.ts'

/** Texts that must not be empty. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  awsElasticBlockStore: ['volumeID'],
  azureDisk: ['diskName', 'diskURI'],
  azureFile: ['secretName', 'shareName'],
  cinder: ['volumeID'],
  flexVolume: ['driver'],
  gcePersistentDisk: ['pdName'],
  gitRepo: ['repository'],
  glusterfs: ['endpoints', 'path'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  storageos: ['volumeName'],
  vsphereVolume: ['volumePath'],
}

/** Names that the server has for them. */
const SPELLED: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' }

/** What is wrong with a source; `path` ends with its key. `inPod`: in the spec of a Pod. */
export function olderSourceCauses(key: string, source: JsonObject, path: string, inPod: boolean): readonly Cause[] {
  const own = `${path.slice(0, -key.length)}${SPELLED[key] ?? key}`
  const empty = (REQUIRED[key] ?? []).flatMap((each) =>
    textAt(source, each) === '' ? [required(`${own}.${each}`)] : [],
  )
  return [...empty, ...furtherCauses(key, source, own, inPod)]
}

function furtherCauses(key: string, source: JsonObject, path: string, inPod: boolean): readonly Cause[] {
  switch (key) {
    case 'awsElasticBlockStore':
    case 'gcePersistentDisk':
      return numberCauses(source, 'partition', `${path}.partition`, 0, betweenText(1, 255))
    case 'iscsi':
      return iscsiCauses(source, path, inPod)
    case 'fc':
      return fibreCauses(source, path)
    case 'rbd':
      return [...monitorCauses(source, path), ...(textAt(source, 'image') === '' ? [required(`${path}.image`)] : [])]
    case 'cephfs':
      return monitorCauses(source, path)
    case 'quobyte':
      return quobyteCauses(source, path)
    case 'flocker':
      return has(source, 'datasetName') || has(source, 'datasetUUID')
        ? []
        : [required(path, 'one of datasetName and datasetUUID is required')]
    case 'azureDisk':
      return azureCauses(source, path)
    default:
      return []
  }
}

function numberCauses(source: JsonObject, key: string, path: string, low: number, text: string): readonly Cause[] {
  const number = wholeAt(source, key) ?? 0
  return number < low || number > 255 ? [invalid(path, number, text)] : []
}

function iscsiCauses(source: JsonObject, path: string, inPod: boolean): readonly Cause[] {
  const name = textAt(source, 'iqn')
  const text = inPod ? 'must be valid format starting with iqn, eui, or naa' : 'must be valid format'
  const formed = /^(iqn\.\d{4}-\d{2}\.\S+|eui\.[0-9A-Fa-f]{16}|naa\.[0-9A-Fa-f]{16}([0-9A-Fa-f]{16})?)$/.test(name)
  const field = `${path}.iqn`
  return [
    ...(textAt(source, 'targetPortal') === '' ? [required(`${path}.targetPortal`)] : []),
    ...(name === '' ? [required(field)] : formed ? [] : [invalid(field, name, text)]),
    ...numberCauses(source, 'lun', `${path}.lun`, 0, betweenText(0, 255)),
  ]
}

function fibreCauses(source: JsonObject, path: string): readonly Cause[] {
  const [targets, names] = [textsAt(source, 'targetWWNs'), textsAt(source, 'wwids')]
  const field = `${path}.targetWWNs`
  const one = 'must specify either targetWWNs or wwids, but not both'
  if (targets.length === 0 && names.length === 0) return [required(field, one)]
  if (targets.length > 0 && names.length > 0) return [invalid(field, [...targets], one)]
  if (targets.length === 0) return []
  if (!has(source, 'lun')) return [required(`${path}.lun`, 'lun is required if targetWWNs is specified')]
  return numberCauses(source, 'lun', `${path}.lun`, 0, betweenText(0, 255))
}

function monitorCauses(source: JsonObject, path: string): readonly Cause[] {
  return textsAt(source, 'monitors').length === 0 ? [required(`${path}.monitors`)] : []
}

function quobyteCauses(source: JsonObject, path: string): readonly Cause[] {
  const registry = textAt(source, 'registry')
  const field = `${path}.registry`
  const text = 'must be a host:port pair or multiple pairs separated by commas'
  const wrong = registry.split(',').filter((each) => !/^[^:]*:\d+$/.test(each))
  return [
    ...(registry === '' ? [required(field, text)] : wrong.map(() => invalid(field, registry, text))),
    ...(textAt(source, 'volume') === '' ? [required(`${path}.volume`)] : []),
  ]
}

const CACHING = ['None', 'ReadOnly', 'ReadWrite']
const DISKS = ['Dedicated', 'Managed', 'Shared']
const MANAGED = ['/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}']
const BLOBS = ['https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd']

function azureCauses(source: JsonObject, path: string): readonly Cause[] {
  const [caching, kind, uri] = [textAt(source, 'cachingMode'), textAt(source, 'kind'), textAt(source, 'diskURI')]
  const managed = kind === 'Managed'
  const reached = managed ? uri.startsWith('/subscriptions/') : uri.startsWith('https://')
  return [
    ...(caching === '' || CACHING.includes(caching) ? [] : [notSupported(`${path}.cachingMode`, caching, CACHING)]),
    ...(kind === '' || DISKS.includes(kind) ? [] : [notSupported(`${path}.kind`, kind, DISKS)]),
    ...(reached ? [] : [notSupported(`${path}.diskURI`, uri, managed ? MANAGED : BLOBS)]),
  ]
}

const SECRETS = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
]

/** The Secrets of a volume's driver, which must be named in full. */
export function driverSecretCauses(source: JsonObject, path: string): readonly Cause[] {
  return SECRETS.filter((key) => has(source, key)).flatMap((key) =>
    ['name', 'namespace'].flatMap((part) =>
      textAt(source, key, part) === '' ? [required(`${path}.${key}.${part}`)] : [],
    ),
  )
}
