// Claims of volumes: what may be asked for, and what stays as it was asked for.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause, Surroundings } from '../../registry/kind.ts'
import { failure } from '../../registry/status.ts'
import { forbidden, invalid, invalids, notSupported, required, same, unchanged } from '../causes.ts'
import { differenceText } from '../difference.ts'
import type { Entry } from '../entry.ts'
import { dnsSubdomain } from '../formats.ts'
import { internalLines } from '../internal.ts'
import { has, objectAt, textAt, textsAt, withAt } from '../look.ts'
import { selectorCauses } from '../metadata.ts'
import { nanoOf } from '../quantity.ts'
import { accessModesText } from './access.ts'

const MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

/** The ways in which a volume may be mounted. */
export function accessModeCauses(spec: JsonObject, path: string): readonly Cause[] {
  const modes = textsAt(spec, 'accessModes')
  const field = `${path}.accessModes`
  const alone =
    modes.includes('ReadWriteOncePod') && modes.some((each) => each !== 'ReadWriteOncePod' && MODES.includes(each))
  return [
    ...modes.filter((each) => !MODES.includes(each)).map((each) => notSupported(field, each, MODES)),
    ...(alone ? [forbidden(field, 'may not use ReadWriteOncePod with other access modes')] : []),
  ]
}

/** The spec of a claim, alone or in a template. */
export function claimSpecCauses(spec: JsonObject, path: string): readonly Cause[] {
  const mode = textAt(spec, 'volumeMode')
  return [
    ...(has(spec, 'accessModes') ? [] : [required(`${path}.accessModes`, 'at least 1 access mode is required')]),
    ...selectorCauses(objectAt(spec, 'selector'), `${path}.selector`),
    ...accessModeCauses(spec, path),
    ...sizeCauses(spec, `${path}.resources[storage]`),
    ...classCauses(spec, 'storageClassName', path),
    ...(has(spec, 'volumeMode') && !['Block', 'Filesystem'].includes(mode)
      ? [notSupported(`${path}.volumeMode`, mode, ['Block', 'Filesystem'])]
      : []),
    ...['dataSource', 'dataSourceRef'].flatMap((key) =>
      sourceCauses(objectAt(spec, key), has(spec, key), `${path}.${key}`),
    ),
    ...pairCauses(spec, path),
    ...classCauses(spec, 'volumeAttributesClassName', path),
  ]
}

/** Both sources must be the same one. The server shows a path where it means a value. */
function pairCauses(spec: JsonObject, path: string): readonly Cause[] {
  if (!has(spec, 'dataSource') || !has(spec, 'dataSourceRef')) return []
  if (textAt(spec, 'dataSourceRef', 'namespace') !== '') {
    return [invalid(path, {}, 'may not be specified when dataSourceRef.namespace is specified')]
  }
  const equal = ['apiGroup', 'kind', 'name'].every(
    (key) => textAt(spec, 'dataSource', key) === textAt(spec, 'dataSourceRef', key),
  )
  return equal ? [] : [invalid(path, {}, 'must match dataSourceRef')]
}

function sizeCauses(spec: JsonObject, path: string): readonly Cause[] {
  const size = objectAt(spec, 'resources', 'requests').storage
  if (size === undefined) return [required(path)]
  return nanoOf(size) <= 0n ? [invalid(path, size, 'must be greater than zero')] : []
}

function classCauses(spec: JsonObject, key: string, path: string): readonly Cause[] {
  const name = textAt(spec, key)
  return name === '' ? [] : invalids(`${path}.${key}`, name, dnsSubdomain(name))
}

function sourceCauses(source: JsonObject, given: boolean, path: string): readonly Cause[] {
  if (!given) return []
  const [name, kind, group] = [textAt(source, 'name'), textAt(source, 'kind'), textAt(source, 'apiGroup')]
  const own = "must be 'PersistentVolumeClaim' when referencing the default apiGroup"
  return [
    ...(name === '' ? [required(`${path}.name`)] : []),
    ...(kind === '' ? [required(`${path}.kind`)] : []),
    ...(group === '' && kind !== 'PersistentVolumeClaim' ? [invalid(path, kind, own)] : []),
    ...(group === '' ? [] : invalids(`${path}.apiGroup`, group, dnsSubdomain(group))),
  ]
}

/** The source under its old name and its new one. */
function withBothSources(given: KubeObject, old: KubeObject | null): KubeObject {
  const known = has(old, 'spec', 'dataSource') || has(old, 'spec', 'dataSourceRef')
  const odd = !known && has(given, 'spec', 'dataSource') && !has(given, 'spec', 'dataSourceRef') && !isOldSource(given)
  const object = odd ? withAt(given, ['spec', 'dataSource'], undefined) : given
  const spec = objectAt(object, 'spec')
  if (has(spec, 'dataSource') && !has(spec, 'dataSourceRef')) {
    return withAt(object, ['spec', 'dataSourceRef'], spec.dataSource)
  }
  const apart = textAt(spec, 'dataSourceRef', 'namespace') !== ''
  if (!has(spec, 'dataSourceRef') || has(spec, 'dataSource') || apart) return object
  return withAt(object, ['spec', 'dataSource'], spec.dataSourceRef)
}

/** The two sources that the old field knows; others are dropped without a word. */
function isOldSource(object: KubeObject): boolean {
  const source = objectAt(object, 'spec', 'dataSource')
  const [group, kind] = [textAt(source, 'apiGroup'), textAt(source, 'kind')]
  if (kind === 'PersistentVolumeClaim') return group === ''
  return kind === 'VolumeSnapshot' && group === 'snapshot.storage.k8s.io'
}

const PROTECTION = 'kubernetes.io/pvc-protection'

/** A claim that is in use is not deleted. */
export function protectedBy(object: KubeObject, finalizer: string): KubeObject {
  const finalizers = textsAt(object, 'metadata', 'finalizers')
  return finalizers.includes(finalizer)
    ? object
    : withAt(object, ['metadata', 'finalizers'], [...finalizers, finalizer])
}

const BETA = 'volume.beta.kubernetes.io/storage-class'

/** A claim that names no class gets the default one. */
function withClass(object: KubeObject, around: Surroundings): KubeObject {
  if (has(object, 'spec', 'storageClassName') || has(object, 'metadata', 'annotations', BETA)) return object
  const name = defaultClass(around.list({ group: 'storage.k8s.io', plural: 'storageclasses' }, null))
  return name === null ? object : withAt(object, ['spec', 'storageClassName'], name)
}

/** The name of the default class; of several, the newest. */
export function defaultClass(classes: readonly KubeObject[]): string | null {
  const name = (each: KubeObject): string => each.metadata.name
  const made = (each: KubeObject): string => textAt(each, 'metadata', 'creationTimestamp')
  const [first] = classes
    .filter(isDefaultClass)
    .sort((a, b) => (made(a) === made(b) ? (name(a) < name(b) ? -1 : 1) : made(a) > made(b) ? -1 : 1))
  return first?.metadata.name ?? null
}

/** The class that claims without one get. */
export function isDefaultClass(object: KubeObject): boolean {
  const own = 'storageclass.kubernetes.io/is-default-class'
  const old = 'storageclass.beta.kubernetes.io/is-default-class'
  const notes = objectAt(object, 'metadata', 'annotations')
  return notes[own] === 'true' || notes[old] === 'true'
}

/** A claim grows where its class lets it; the plugin that says so refuses after everything else. */
function checkGrowth(object: KubeObject, old: KubeObject, around: Surroundings): void {
  const size = (each: KubeObject): bigint => nanoOf(objectAt(each, 'spec', 'resources', 'requests').storage)
  if (size(object) <= size(old)) return
  const [name, before] = [object, old].map((each) => textAt(each, 'spec', 'storageClassName'))
  const chosen =
    name === undefined || name === '' || name !== before
      ? null
      : around.get({ group: 'storage.k8s.io', plural: 'storageclasses' }, null, name)
  if (chosen?.allowVolumeExpansion === true) return
  const why =
    'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize'
  const { name: claim } = object.metadata
  const message = `persistentvolumeclaims ${JSON.stringify(claim)} is forbidden: ${why}`
  throw failure(403, 'Forbidden', message, { name: claim, kind: 'persistentvolumeclaims' })
}

const FIXED =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'

function changeCauses(object: KubeObject, old: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const before = objectAt(old, 'spec')
  const bound = textAt(old, 'status', 'phase') === 'Bound'
  const size = (each: JsonObject): bigint => nanoOf(objectAt(each, 'resources', 'requests').storage)
  const real = nanoOf(objectAt(old, 'status', 'capacity').storage)
  const smaller = size(spec) < size(before) && size(spec) <= real
  return [
    ...fixedCauses(spec, before, bound),
    ...(smaller ? [forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity')] : []),
    ...unchanged('volumeMode', spec.volumeMode, before.volumeMode),
  ]
}

function fixedCauses(spec: JsonObject, before: JsonObject, bound: boolean): readonly Cause[] {
  const named = has(before, 'volumeName') ? before : withAt(before, ['volumeName'], spec.volumeName)
  const compared = comparedSpec(spec, before, bound)
  if (same(compared, named)) return []
  const type = 'core.v1.PersistentVolumeClaimSpec'
  return [forbidden('spec', `${FIXED}\n${differenceText(internalLines(type, named), internalLines(type, compared))}`)]
}

/** The new spec with what may change as it was. */
function comparedSpec(spec: JsonObject, before: JsonObject, bound: boolean): JsonObject {
  const free = [
    ...(has(before, 'storageClassName') ? [] : ['storageClassName']),
    ...(bound ? ['volumeAttributesClassName'] : []),
  ]
  const kept = free.reduce((at, key) => withAt(at, [key], before[key]), spec)
  const size = objectAt(before, 'resources', 'requests').storage
  return bound && has(kept, 'resources', 'requests') ? withAt(kept, ['resources', 'requests', 'storage'], size) : kept
}

function warnings(object: KubeObject): readonly string[] {
  const noted = has(object, 'metadata', 'annotations', BETA)
  const text = `metadata.annotations[${BETA}]: deprecated since v1.8; use "storageClassName" attribute instead`
  return [...(noted ? [text] : []), ...claimSpecWarnings(objectAt(object, 'spec'), 'spec')]
}

/** What is odd about a claim. */
export function claimSpecWarnings(spec: JsonObject, path: string): readonly string[] {
  const requests = objectAt(spec, 'resources', 'requests')
  const nano = nanoOf(requests.storage)
  const fraction = requests.storage !== undefined && nano % 1_000_000_000n !== 0n
  const shown = String(requests.storage)
  return fraction
    ? [`${path}.resources.requests[storage]: fractional byte value "${shown}" is invalid, must be an integer`]
    : []
}

/** Claims. */
export const persistentVolumeClaim: Entry = {
  prepareCreate: (object, around) => protectedBy(withClass(withBothSources(object, null), around), PROTECTION),
  prepareUpdate: withBothSources,
  validate: (object) => claimSpecCauses(objectAt(object, 'spec'), 'spec'),
  validateUpdate: (object, old, around) => {
    const causes = changeCauses(object, old)
    if (causes.length === 0) checkGrowth(object, old, around)
    return causes
  },
  warnings,
  cells: {
    Status: (object) =>
      has(object, 'metadata', 'deletionTimestamp') ? 'Terminating' : textAt(object, 'status', 'phase'),
    Volume: (object) => textAt(object, 'spec', 'volumeName'),
    Capacity: (object) =>
      textAt(object, 'spec', 'volumeName') === '' ? '' : textAt(object, 'status', 'capacity', 'storage'),
    'Access Modes': (object) =>
      textAt(object, 'spec', 'volumeName') === '' ? '' : accessModesText(textsAt(object, 'status', 'accessModes')),
    StorageClass: (object) =>
      textAt(object, 'metadata', 'annotations', BETA) || textAt(object, 'spec', 'storageClassName'),
    VolumeAttributesClass: (object) => textAt(object, 'spec', 'volumeAttributesClassName') || '<unset>',
    VolumeMode: (object) => textAt(object, 'spec', 'volumeMode') || '<unset>',
  },
}
