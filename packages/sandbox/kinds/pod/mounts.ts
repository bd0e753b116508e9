// How containers mount volumes and devices.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { forbidden, invalid, notFoundValue, notSupported, required } from '../causes.ts'
import { has, isTrue, objectsAt, textAt } from '../look.ts'
import { descendingCauses, stepCauses } from './paths.ts'

/** The volumes of a Pod that are well formed, by name. */
export type Volumes = ReadonlyMap<string, JsonObject>

/** Mounts and devices of one container. */
export function mountsCauses(container: JsonObject, volumes: Volumes, path: string): readonly Cause[] {
  const mounts = objectsAt(container, 'volumeMounts')
  return [
    ...mounts.flatMap((_each, at) => mountCauses(container, at, volumes, `${path}.volumeMounts`)),
    ...objectsAt(container, 'volumeDevices').flatMap((_each, at) =>
      deviceCauses(container, at, volumes, `${path}.volumeDevices`),
    ),
  ]
}

function mountCauses(container: JsonObject, at: number, volumes: Volumes, list: string): readonly Cause[] {
  const mounts = objectsAt(container, 'volumeMounts')
  const devices = objectsAt(container, 'volumeDevices')
  const mount = mounts[at] ?? {}
  const path = `${list}[${at}]`
  const name = textAt(mount, 'name')
  const place = textAt(mount, 'mountPath')
  const again = mounts.slice(0, at).some((each) => textAt(each, 'mountPath') === place)
  return [
    ...(name === '' ? [required(`${path}.name`)] : []),
    ...(volumes.has(name) ? [] : [notFoundValue(`${path}.name`, name)]),
    ...(place === '' ? [required(`${path}.mountPath`)] : []),
    ...(again ? [invalid(`${path}.mountPath`, place, 'must be unique')] : []),
    ...(devices.some((each) => textAt(each, 'name') === name)
      ? [invalid(`${path}.name`, name, 'must not already exist in volumeDevices')]
      : []),
    ...(devices.some((each) => textAt(each, 'devicePath') === place)
      ? [invalid(`${path}.mountPath`, place, 'must not already exist as a path in volumeDevices')]
      : []),
    ...subPathCauses(mount, list, path),
    ...propagationCauses(mount, container, `${list}.mountPropagation`),
    ...readOnlyCauses(mount, `${list}.recursiveReadOnly`),
  ]
}

function subPathCauses(mount: JsonObject, list: string, path: string): readonly Cause[] {
  const [plain, expression] = [textAt(mount, 'subPath'), textAt(mount, 'subPathExpr')]
  const both = plain !== '' && expression !== ''
  return [
    ...(plain === '' ? [] : descendingCauses(`${list}.subPath`, plain)),
    ...(both ? [invalid(`${path}.subPathExpr`, expression, 'subPathExpr and subPath are mutually exclusive')] : []),
    ...(expression === '' ? [] : descendingCauses(`${list}.subPathExpr`, expression)),
  ]
}

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None']

function propagationCauses(mount: JsonObject, container: JsonObject, path: string): readonly Cause[] {
  if (!has(mount, 'mountPropagation')) return []
  const mode = textAt(mount, 'mountPropagation')
  const privileged = isTrue(container, 'securityContext', 'privileged')
  const text = 'Bidirectional mount propagation is available only to privileged containers'
  return [
    ...(PROPAGATIONS.includes(mode) ? [] : [notSupported(path, mode, PROPAGATIONS)]),
    ...(mode === 'Bidirectional' && !privileged ? [forbidden(path, text)] : []),
  ]
}

function readOnlyCauses(mount: JsonObject, path: string): readonly Cause[] {
  const mode = textAt(mount, 'recursiveReadOnly')
  if (!has(mount, 'recursiveReadOnly') || mode === 'Disabled') return []
  if (mode !== 'Enabled' && mode !== 'IfPossible') {
    return [notSupported(path, mode, ['Disabled', 'Enabled', 'IfPossible'])]
  }
  const spread = has(mount, 'mountPropagation') && textAt(mount, 'mountPropagation') !== 'None'
  return [
    ...(isTrue(mount, 'readOnly') ? [] : [forbidden(path, 'may only be specified when readOnly is true')]),
    ...(spread ? [forbidden(path, 'may only be specified when mountPropagation is None or not specified')] : []),
  ]
}

function deviceCauses(container: JsonObject, at: number, volumes: Volumes, list: string): readonly Cause[] {
  const devices = objectsAt(container, 'volumeDevices')
  const mounts = objectsAt(container, 'volumeMounts')
  const path = `${list}[${at}]`
  const name = textAt(devices[at], 'name')
  const place = textAt(devices[at], 'devicePath')
  const before = devices.slice(0, at)
  const volume = volumes.get(name)
  const block = volume !== undefined && !has(volume, 'persistentVolumeClaim') && !has(volume, 'ephemeral')
  const when = (condition: boolean, cause: Cause): readonly Cause[] => (condition ? [cause] : [])
  return [
    ...when(name === '', required(`${path}.name`)),
    ...when(
      name !== '' && before.some((each) => textAt(each, 'name') === name),
      invalid(`${path}.name`, name, 'must be unique'),
    ),
    ...when(
      block,
      invalid(
        `${path}.name`,
        name,
        'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      ),
    ),
    ...when(volume === undefined, notFoundValue(`${path}.name`, name)),
    ...when(place === '', required(`${path}.devicePath`)),
    ...when(
      before.some((each) => textAt(each, 'devicePath') === place),
      invalid(`${path}.devicePath`, place, 'must be unique'),
    ),
    ...when(stepCauses('', place).length > 0, invalid(`${path}.devicePath`, place, "can not contain backsteps ('..')")),
    ...when(
      mounts.some((each) => textAt(each, 'name') === name),
      invalid(`${path}.name`, name, 'must not already exist in volumeMounts'),
    ),
    ...when(
      mounts.some((each) => textAt(each, 'mountPath') === place),
      invalid(`${path}.devicePath`, place, 'must not already exist as a path in volumeMounts'),
    ),
  ]
}
