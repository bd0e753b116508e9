// Environment variables of containers, and what may stand in them.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { invalid, invalids, notSupported, required } from '../causes.ts'
import { asPrefix, configKey, dnsLabel, dnsSubdomain, qualifiedName, variableName } from '../formats.ts'
import { has, objectAt, objectsAt, textAt } from '../look.ts'
import { stepCauses } from './paths.ts'

const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]

/** The fields that a file may hold. */
export const FILE_FIELDS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
]

const RESOURCES = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]

/** `env` and `envFrom` of a container. */
export function environmentCauses(container: JsonObject, path: string): readonly Cause[] {
  return [
    ...objectsAt(container, 'env').flatMap((each, at) => variableCauses(each, `${path}.env[${at}]`)),
    ...objectsAt(container, 'envFrom').flatMap((each, at) => fromCauses(each, `${path}.envFrom`, at)),
  ]
}

function variableCauses(variable: JsonObject, path: string): readonly Cause[] {
  const name = textAt(variable, 'name')
  return [
    ...(name === '' ? [required(`${path}.name`)] : invalids(`${path}.name`, name, variableName(name))),
    ...(has(variable, 'valueFrom') ? valueFromCauses(variable, `${path}.valueFrom`) : []),
  ]
}

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef']
const NO_SOURCE =
  'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'

function valueFromCauses(variable: JsonObject, path: string): readonly Cause[] {
  const from = objectAt(variable, 'valueFrom')
  const given = SOURCES.filter((key) => has(from, key))
  const own = given.flatMap((key) => sourceCauses(key, objectAt(from, key), `${path}.${key}`))
  const text =
    given.length === 0
      ? NO_SOURCE
      : textAt(variable, 'value') !== ''
        ? 'may not be specified when `value` is not empty'
        : given.length > 1
          ? 'may not have more than one field specified at a time'
          : null
  return text === null ? own : [...own, invalid(path, '', text)]
}

function sourceCauses(key: string, source: JsonObject, path: string): readonly Cause[] {
  switch (key) {
    case 'fieldRef':
      return fieldRefCauses(source, ENV_FIELDS, path)
    case 'resourceFieldRef':
      return resourceRefCauses(source, path, false)
    case 'fileKeyRef':
      return fileKeyCauses(source, path)
    default:
      return keyRefCauses(source, path)
  }
}

function keyRefCauses(source: JsonObject, path: string): readonly Cause[] {
  const name = textAt(source, 'name')
  const key = textAt(source, 'key')
  return [
    ...invalids(`${path}.name`, name, dnsSubdomain(name)),
    ...(key === '' ? [required(`${path}.key`)] : invalids(`${path}.key`, key, configKey(key))),
  ]
}

function fileKeyCauses(source: JsonObject, path: string): readonly Cause[] {
  const [key, volume, file] = [textAt(source, 'key'), textAt(source, 'volumeName'), textAt(source, 'path')]
  return [
    ...(key === '' ? [required(`${path}.key`)] : invalids(`${path}.key`, key, variableName(key))),
    ...(volume === '' ? [required(`${path}.volumeName`)] : invalids(`${path}.volumeName`, volume, dnsLabel(volume))),
    ...(file === '' ? [required(`${path}.path`)] : stepCauses(`${path}.path`, file)),
  ]
}

/** A reference to a field of the Pod itself. */
export function fieldRefCauses(ref: JsonObject, allowed: readonly string[], path: string): readonly Cause[] {
  const field = textAt(ref, 'fieldPath')
  const version = textAt(ref, 'apiVersion')
  if (version === '') return [required(`${path}.apiVersion`)]
  if (field === '') return [required(`${path}.fieldPath`)]
  const found = /^(?<map>.*)\['(?<key>.*)'\]$/.exec(field)?.groups
  if (!isPodField(found?.map ?? field, found !== undefined) || version !== 'v1') {
    const why = version === 'v1' ? `field label not supported: ${field}` : `unsupported pod version: ${version}`
    return [invalid(`${path}.fieldPath`, field, `error converting fieldPath: ${why}`)]
  }
  if (found === undefined) {
    return allowed.includes(field) ? [] : [notSupported(`${path}.fieldPath`, field, allowed)]
  }
  const key = found.key ?? ''
  return invalids(path, key, qualifiedName(found.map === 'metadata.annotations' ? key.toLowerCase() : key))
}

/** The fields that the API can convert at all. */
function isPodField(field: string, subscripted: boolean): boolean {
  if (subscripted) return field === 'metadata.annotations' || field === 'metadata.labels'
  return [
    ...ENV_FIELDS,
    ...FILE_FIELDS,
    'spec.restartPolicy',
    'spec.schedulerName',
    'status.phase',
    'spec.host',
  ].includes(field)
}

const MEMORY = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei'

/** A reference to what a container requests or is limited to. */
export function resourceRefCauses(ref: JsonObject, path: string, inFile: boolean): readonly Cause[] {
  const resource = textAt(ref, 'resource')
  const huge = /^(requests|limits)\.hugepages-/.test(resource)
  const own =
    inFile && textAt(ref, 'containerName') === ''
      ? [required(`${path}.containerName`)]
      : resource === ''
        ? [required(`${path}.resource`)]
        : RESOURCES.includes(resource) || huge
          ? []
          : [notSupported(`${path}.resource`, resource, RESOURCES)]
  return [...own, ...divisorCauses(resource, textAt(ref, 'divisor'), `${path}.divisor`)]
}

function divisorCauses(resource: string, divisor: string, path: string): readonly Cause[] {
  if (divisor === '0' || divisor === '') return []
  const kind = resource.replace(/^(requests|limits)\./, '')
  if (kind === 'cpu') {
    const text = "only divisor's values 1m and 1 are supported with the cpu resource"
    return divisor === '1' || divisor === '1m' ? [] : [invalid(path, resource, text)]
  }
  const what =
    kind === 'memory'
      ? 'memory'
      : kind === 'ephemeral-storage'
        ? 'local ephemeral storage'
        : kind.startsWith('hugepages-')
          ? 'hugepages'
          : null
  if (what === null || MEMORY.split(', ').includes(divisor)) return []
  return [invalid(path, resource, `only divisor's values ${MEMORY} are supported with the ${what} resource`)]
}

function fromCauses(source: JsonObject, path: string, at: number): readonly Cause[] {
  const prefix = textAt(source, 'prefix')
  const given = ['configMapRef', 'secretRef'].filter((key) => has(source, key))
  const own = given.flatMap((key) => {
    const name = textAt(source, key, 'name')
    const field = `${path}[${at}].${key}.name`
    return name === '' ? [required(field)] : invalids(field, name, asPrefix(dnsSubdomain)(name))
  })
  return [
    ...(prefix === '' ? [] : invalids(`${path}[${at}].prefix`, prefix, variableName(prefix))),
    ...own,
    ...(given.length === 0 ? [invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`')] : []),
    ...(given.length > 1 ? [invalid(path, '', 'may not have more than one field specified at a time')] : []),
  ]
}
