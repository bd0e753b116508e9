// The volumes of a Pod: one source each, and the sources that clusters use today in detail.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { Recent } from '../../schema/recent.ts'
import { duplicate, forbidden, invalid, invalids, notSupported, required, tooLong } from '../causes.ts'
import { dnsLabel, dnsSubdomain } from '../formats.ts'
import { has, objectAt, objectsAt, textAt, wholeAt } from '../look.ts'
import { nanoOf } from '../quantity.ts'
import { claimSpecCauses } from '../storage/claim.ts'
import { FILE_FIELDS, fieldRefCauses, resourceRefCauses } from './environment.ts'
import type { Volumes } from './mounts.ts'
import { modeCauses } from './numbers.ts'
import { plainPathCauses, stepCauses } from './paths.ts'
import { olderSourceCauses } from './sources.ts'

/** What is wrong with the volumes, and those that can be mounted. */
export function volumesCauses(
  spec: JsonObject,
  path: string,
): { readonly causes: readonly Cause[]; readonly volumes: Volumes } {
  const list = isList(spec.volumes) ? spec.volumes : NONE
  const known = fine.get(list)
  if (known !== undefined) return { causes: [], volumes: known }
  const volumes = new Map<string, JsonObject>()
  const causes: Cause[] = []
  for (const [at, volume] of objectsAt(spec, 'volumes').entries()) {
    const own = `${path}[${at}]`
    const name = textAt(volume, 'name')
    const wrong = [
      ...sourceCauses(volume, own),
      ...(name === '' ? [required(`${own}.name`)] : invalids(`${own}.name`, name, dnsLabel(name))),
      ...(volumes.has(name) ? [duplicate(`${own}.name`, name)] : []),
    ]
    if (wrong.length === 0) volumes.set(name, volume)
    causes.push(...wrong)
  }
  if (causes.length === 0) fine.set(list, volumes)
  return { causes, volumes }
}

const NONE: readonly Json[] = []

/** Lists of volumes of late with which nothing is wrong. */
const fine = new Recent<readonly Json[], Volumes>()

/** The order in which the server looks for sources: the second one that is there is too many. */
const ORDER = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
]

/** Two fields that the server names in its own way. */
const SPELLED: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' }

function sourceCauses(volume: JsonObject, path: string): readonly Cause[] {
  const given = ORDER.filter((key) => has(volume, key))
  if (given.length === 0) return [required(path, 'must specify a volume type')]
  return given.flatMap((key, at) =>
    at === 0
      ? oneSourceCauses(key, objectAt(volume, key), `${path}.${key}`)
      : [forbidden(`${path}.${SPELLED[key] ?? key}`, 'may not specify more than 1 volume type')],
  )
}

const PATH_TYPES = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket']

function oneSourceCauses(key: string, source: JsonObject, path: string): readonly Cause[] {
  switch (key) {
    case 'emptyDir':
      return nanoOf(source.sizeLimit) < 0n
        ? [forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
        : []
    case 'hostPath':
      return hostPathCauses(source, path)
    case 'secret':
      return keyedCauses(source, 'secretName', path)
    case 'configMap':
      return keyedCauses(source, 'name', path)
    case 'persistentVolumeClaim':
      return textAt(source, 'claimName') === '' ? [required(`${path}.claimName`)] : []
    case 'nfs':
      return nfsCauses(source, path)
    case 'csi':
      return driverCauses(textAt(source, 'driver'), `${path}.driver`)
    case 'downwardAPI':
      return [
        ...modeCauses(source, 'defaultMode', path),
        ...objectsAt(source, 'items').flatMap((each) => fileCauses(each, path)),
      ]
    case 'projected':
      return projectedCauses(source, path)
    case 'ephemeral':
      return ephemeralCauses(source, path)
    case 'image':
      return textAt(source, 'reference') === '' ? [required(`${path}.reference`)] : []
    default:
      return olderSourceCauses(key, source, path, true)
  }
}

/** The name of a driver of storage; capitals are let through. */
export function driverCauses(name: string, path: string): readonly Cause[] {
  if (name === '') return [required(path)]
  return [...(name.length > 63 ? [tooLong(path, 63)] : []), ...invalids(path, name, dnsSubdomain(name.toLowerCase()))]
}

function hostPathCauses(source: JsonObject, path: string): readonly Cause[] {
  const [place, type] = [textAt(source, 'path'), textAt(source, 'type')]
  if (place === '') return [required(`${path}.path`)]
  return [
    ...stepCauses(`${path}.path`, place),
    ...(PATH_TYPES.includes(type) ? [] : [notSupported(`${path}.type`, type, PATH_TYPES)]),
  ]
}

function nfsCauses(source: JsonObject, path: string): readonly Cause[] {
  const place = textAt(source, 'path')
  return [
    ...(textAt(source, 'server') === '' ? [required(`${path}.server`)] : []),
    ...(place === '' ? [required(`${path}.path`)] : []),
    ...(place.startsWith('/') ? [] : [invalid(`${path}.path`, place, 'must be an absolute path')]),
  ]
}

function keyedCauses(source: JsonObject, nameKey: string, path: string): readonly Cause[] {
  return [
    ...(textAt(source, nameKey) === '' ? [required(`${path}.${nameKey}`)] : []),
    ...modeCauses(source, 'defaultMode', path),
    ...itemsCauses(source, path),
  ]
}

function itemsCauses(source: JsonObject, path: string): readonly Cause[] {
  return objectsAt(source, 'items').flatMap((item, at) => {
    const own = `${path}.items[${at}]`
    const place = textAt(item, 'path')
    return [
      ...(textAt(item, 'key') === '' ? [required(`${own}.key`)] : []),
      ...(place === '' ? [required(`${own}.path`)] : []),
      ...plainPathCauses(`${own}.path`, place),
      ...modeCauses(item, 'mode', own),
    ]
  })
}

function fileCauses(file: JsonObject, path: string): readonly Cause[] {
  const place = textAt(file, 'path')
  const [field, resource] = [has(file, 'fieldRef'), has(file, 'resourceFieldRef')]
  const both = 'fieldRef and resourceFieldRef can not be specified simultaneously'
  return [
    ...(place === '' ? [required(`${path}.path`)] : []),
    ...plainPathCauses(`${path}.path`, place),
    ...(field ? fieldRefCauses(objectAt(file, 'fieldRef'), FILE_FIELDS, `${path}.fieldRef`) : []),
    ...(field && resource ? [invalid(path, 'resource', both)] : []),
    ...(!field && resource
      ? resourceRefCauses(objectAt(file, 'resourceFieldRef'), `${path}.resourceFieldRef`, true)
      : []),
    ...(field || resource ? [] : [required(path, 'one of fieldRef and resourceFieldRef is required')]),
    ...modeCauses(file, 'mode', path),
  ]
}

function projectedCauses(source: JsonObject, path: string): readonly Cause[] {
  const seen = new Set<string>()
  const once = (place: string, shown: string): readonly Cause[] => {
    const again = place !== '' && seen.has(place)
    seen.add(place)
    return again ? [invalid(path, shown, 'conflicting duplicate paths')] : []
  }
  return [
    ...modeCauses(source, 'defaultMode', path),
    ...objectsAt(source, 'sources').flatMap((each, at) => projectionCauses(each, path, `${path}.sources[${at}]`, once)),
  ]
}

type Once = (place: string, shown: string) => readonly Cause[]

function projectionCauses(source: JsonObject, path: string, own: string, once: Once): readonly Cause[] {
  const keyed = ['secret', 'configMap'].filter((key) => has(source, key))
  const given = Object.keys(source).filter((key) => has(source, key))
  return [
    ...keyed.flatMap((key) => {
      const name = textAt(source, key, 'name')
      return [
        ...(name === '' ? [required(`${own}.${key}.name`)] : []),
        ...itemsCauses(objectAt(source, key), `${own}.${key}`),
        ...objectsAt(source, key, 'items').flatMap((item) => once(textAt(item, 'path'), name)),
      ]
    }),
    ...objectsAt(source, 'downwardAPI', 'items').flatMap((file) => [
      ...fileCauses(file, `${own}.downwardAPI`),
      ...once(textAt(file, 'path'), textAt(file, 'path')),
    ]),
    ...(has(source, 'serviceAccountToken') ? tokenCauses(objectAt(source, 'serviceAccountToken'), path, own) : []),
    ...(given.length > 1 ? [forbidden(own, 'may not specify more than 1 volume type per source')] : []),
  ]
}

function tokenCauses(token: JsonObject, path: string, own: string): readonly Cause[] {
  const seconds = wholeAt(token, 'expirationSeconds') ?? 0
  const field = `${own}.serviceAccountToken.expirationSeconds`
  const place = textAt(token, 'path')
  return [
    ...(seconds < 600 ? [invalid(field, seconds, 'may not specify a duration less than 10 minutes')] : []),
    ...(seconds > 2 ** 32 ? [invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds')] : []),
    ...(place === '' ? [required(`${path}.path`)] : plainPathCauses(`${path}.path`, place)),
  ]
}

function ephemeralCauses(source: JsonObject, path: string): readonly Cause[] {
  const own = `${path}.volumeClaimTemplate`
  if (!has(source, 'volumeClaimTemplate')) return [required(own)]
  return claimSpecCauses(objectAt(source, 'volumeClaimTemplate', 'spec'), `${own}.spec`)
}
