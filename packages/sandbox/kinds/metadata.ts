// What the API server demands of the metadata that every object has.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import type { Cause } from '../registry/kind.ts'
import { RecentSet } from '../schema/recent.ts'
import { forbidden, invalid, invalids, required, same, tooLong, unchanged } from './causes.ts'
import { asPrefix, byteLength, dnsLabel, type Form, labelValue, qualifiedName } from './formats.ts'
import { entriesAt, isTrue, objectAt, objectsAt, textAt, textsAt, wholeAt } from './look.ts'

const ANNOTATION_BYTES = 256 * 1024

/** The metadata of a new object; `path` is `metadata`, or that of a template. */
export function metadataCauses(object: JsonObject, name: Form, namespaced: boolean): readonly Cause[] {
  const metadata = objectAt(object, 'metadata')
  return [
    ...nameCauses(metadata, name),
    ...namespaceCauses(metadata, namespaced),
    ...((wholeAt(metadata, 'generation') ?? 0) < 0
      ? [invalid('metadata.generation', metadata.generation, 'must be greater than or equal to 0')]
      : []),
    ...labelCauses(metadata, 'metadata.labels', 'labels'),
    ...annotationCauses(metadata, 'metadata.annotations'),
    ...ownerCauses(metadata),
    ...finalizerCauses(metadata),
  ]
}

/** The same of a new object of a built-in kind, which asks more of finalizers. */
export function builtInMetadataCauses(object: JsonObject, name: Form, namespaced: boolean): readonly Cause[] {
  return [...metadataCauses(object, name, namespaced), ...standardCauses(object)]
}

function standardCauses(object: JsonObject): readonly Cause[] {
  return textsAt(object, 'metadata', 'finalizers').flatMap((each, at) =>
    standardFinalizerCauses(each, `metadata.finalizers[${at}]`),
  )
}

function nameCauses(metadata: JsonObject, form: Form): readonly Cause[] {
  const name = textAt(metadata, 'name')
  const prefix = textAt(metadata, 'generateName')
  return [
    ...(prefix === '' ? [] : invalids('metadata.generateName', prefix, asPrefix(form)(prefix))),
    ...(name === ''
      ? [required('metadata.name', 'name or generateName is required')]
      : invalids('metadata.name', name, form(name))),
  ]
}

function namespaceCauses(metadata: JsonObject, namespaced: boolean): readonly Cause[] {
  const namespace = textAt(metadata, 'namespace')
  if (!namespaced) return namespace === '' ? [] : [forbidden('metadata.namespace', 'not allowed on this type')]
  if (namespace === '') return [required('metadata.namespace')]
  return invalids('metadata.namespace', namespace, dnsLabel(namespace))
}

/** Labels at a key of an object. */
export function labelCauses(object: JsonObject, path: string, key: string): readonly Cause[] {
  const labels = objectAt(object, key)
  if (fineLabels.has(labels)) return []
  const causes = entriesAt(labels).flatMap(([name, value]) => [
    ...invalids(path, name, qualifiedName(name)),
    ...invalids(path, value, labelValue(value)),
  ])
  if (causes.length === 0) fineLabels.add(labels)
  return causes
}

/** Labels and annotations of late with which nothing is wrong: every write asks again. */
const fineLabels = new RecentSet<JsonObject>()
const fineAnnotations = new RecentSet<JsonObject>()

/** The annotations of metadata. */
export function annotationCauses(metadata: JsonObject, path: string): readonly Cause[] {
  const annotations = objectAt(metadata, 'annotations')
  if (fineAnnotations.has(annotations)) return []
  const entries = entriesAt(annotations)
  const size = entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0)
  const causes = [
    // Capitals are allowed in the prefix of an annotation.
    ...entries.flatMap(([key]) => invalids(path, key, qualifiedName(key.toLowerCase()))),
    ...(size > ANNOTATION_BYTES ? [tooLong(path, ANNOTATION_BYTES)] : []),
  ]
  if (causes.length === 0) fineAnnotations.add(annotations)
  return causes
}

function ownerCauses(metadata: JsonObject): readonly Cause[] {
  const path = 'metadata.ownerReferences'
  const owners = objectsAt(metadata, 'ownerReferences')
  const first = owners.find((each) => isTrue(each, 'controller'))
  const named = (owner: JsonObject | undefined): string => `${textAt(owner, 'kind')}/${textAt(owner, 'name')}`
  return owners.flatMap((each) => {
    const again = isTrue(each, 'controller') && each !== first
    const text = `Only one reference can have Controller set to true. Found "true" in references for ${named(first)} and ${named(each)}`
    return [...ownerFaults(each, path), ...(again ? [invalid(path, valueAt(metadata, 'ownerReferences'), text)] : [])]
  })
}

function ownerFaults(owner: JsonObject, path: string): readonly Cause[] {
  const empty = (key: string, text: string): readonly Cause[] =>
    textAt(owner, key) === '' ? [invalid(`${path}.${key}`, '', text)] : []
  const version = textAt(owner, 'apiVersion')
  const readable = version !== '' && version.split('/').length <= 2
  const banned = textAt(owner, 'apiVersion') === 'v1' && textAt(owner, 'kind') === 'Event'
  return [
    ...(readable ? [] : [invalid(`${path}.apiVersion`, version, 'version must not be empty')]),
    ...empty('kind', 'must not be empty'),
    ...empty('name', 'must not be empty'),
    ...empty('uid', 'must not be empty'),
    ...(banned ? [invalid(path, owner, '/v1, Kind=Event is disallowed from being an owner')] : []),
  ]
}

function finalizerCauses(metadata: JsonObject): readonly Cause[] {
  const finalizers = textsAt(metadata, 'finalizers')
  const path = 'metadata.finalizers'
  const both = finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')
  return [
    ...finalizers.flatMap((each) => invalids(path, each, qualifiedName(each))),
    ...(both ? [invalid(path, [...finalizers], 'finalizer orphan and foregroundDeletion cannot be both set')] : []),
  ]
}

const STANDARD = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])

/** A finalizer without a domain must be one of Kubernetes' own. */
export function standardFinalizerCauses(name: string, path: string): readonly Cause[] {
  const text = 'name is neither a standard finalizer name nor is it fully qualified'
  return name.includes('/') || STANDARD.has(name) ? [] : [invalid(path, name, text)]
}

/** What may not change about the metadata, and what must still be well formed. */
export function metadataUpdateCauses(object: JsonObject, old: JsonObject): readonly Cause[] {
  const metadata = objectAt(object, 'metadata')
  const before = objectAt(old, 'metadata')
  const generation = wholeAt(metadata, 'generation') ?? 0
  const fixed = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds']
  return [
    ...newFinalizerCauses(metadata, before),
    ...(generation < (wholeAt(before, 'generation') ?? 0)
      ? [invalid('metadata.generation', generation, 'must not be decremented')]
      : []),
    ...fixed.flatMap((key) => unchanged(`metadata.${key}`, metadata[key], before[key])),
    ...labelCauses(metadata, 'metadata.labels', 'labels'),
    ...annotationCauses(metadata, 'metadata.annotations'),
    ...ownerCauses(metadata),
  ]
}

/** The same of an object of a built-in kind. */
export function builtInUpdateCauses(object: JsonObject, old: JsonObject): readonly Cause[] {
  return [...metadataUpdateCauses(object, old), ...standardCauses(object)]
}

function newFinalizerCauses(metadata: JsonObject, before: JsonObject): readonly Cause[] {
  if (textAt(before, 'deletionTimestamp') === '') return []
  const known = new Set(textsAt(before, 'finalizers'))
  const added = [...new Set(textsAt(metadata, 'finalizers'))].filter((each) => !known.has(each)).sort()
  if (added.length === 0) return []
  const shown = `[]string{${added.map((each) => JSON.stringify(each)).join(', ')}}`
  const text = `no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`
  return [forbidden('metadata.finalizers', text)]
}

/** A label selector. */
export function selectorCauses(selector: JsonObject, path: string): readonly Cause[] {
  return [
    ...labelCauses(selector, `${path}.matchLabels`, 'matchLabels'),
    ...objectsAt(selector, 'matchExpressions').flatMap((each, at) =>
      requirementCauses(each, `${path}.matchExpressions[${at}]`),
    ),
  ]
}

function requirementCauses(requirement: JsonObject, path: string): readonly Cause[] {
  const key = textAt(requirement, 'key')
  return [
    ...operatorCauses(requirement, path),
    ...invalids(`${path}.key`, key, qualifiedName(key)),
    ...textsAt(requirement, 'values').flatMap((each, at) => invalids(`${path}.values[${at}]`, each, labelValue(each))),
  ]
}

function operatorCauses(requirement: JsonObject, path: string): readonly Cause[] {
  const operator = textAt(requirement, 'operator')
  const values = textsAt(requirement, 'values')
  if (operator === 'In' || operator === 'NotIn') {
    const text = "must be specified when `operator` is 'In' or 'NotIn'"
    return values.length === 0 ? [required(`${path}.values`, text)] : []
  }
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    const text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
    return values.length > 0 ? [forbidden(`${path}.values`, text)] : []
  }
  return [invalid(`${path}.operator`, operator, 'not a valid selector operator')]
}

/** True where a label selector selects these labels. */
export function selects(selector: JsonObject, labels: JsonObject): boolean {
  const equal = entriesAt(selector, 'matchLabels').every(([key, value]) => labels[key] === value)
  return equal && objectsAt(selector, 'matchExpressions').every((each) => meets(each, labels))
}

function meets(requirement: JsonObject, labels: JsonObject): boolean {
  const key = textAt(requirement, 'key')
  const value = labels[key]
  const listed = typeof value === 'string' && textsAt(requirement, 'values').includes(value)
  switch (textAt(requirement, 'operator')) {
    case 'In':
      return listed
    case 'NotIn':
      return !listed
    case 'Exists':
      return value !== undefined
    default:
      return value === undefined
  }
}

/** True for a selector that says nothing, and so selects everything. */
export function isEmptySelector(selector: JsonObject): boolean {
  return same(selector.matchLabels, undefined) && same(selector.matchExpressions, undefined)
}
