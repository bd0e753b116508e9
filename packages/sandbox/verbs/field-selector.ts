// Field selectors in the query of a request, with the fields that each kind can be selected by.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import { failure, StatusError } from '../registry/status.ts'
import type { Selector } from './label-selector.ts'
import type { Target } from './target.ts'
import { versionOf } from './target.ts'

/** A field selector: what it selects, and the one name that it asks for, if it does. */
export interface FieldSelector {
  readonly selects: Selector
  readonly name: string | null
}

interface Term {
  readonly field: string
  readonly equal: boolean
  readonly value: string
}

/** Fields by `group/kind`, beside `metadata.name` (and `metadata.namespace` of what is in one). */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '/Pod': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
    'spec.host',
  ],
  '/Node': ['spec.unschedulable'],
  '/ReplicationController': ['status.replicas'],
  '/Namespace': ['status.phase'],
  '/Secret': ['type'],
  '/Service': ['spec.clusterIP', 'spec.type'],
  '/Event': eventFields('involvedObject', 'reportingComponent', 'source'),
  'events.k8s.io/Event': eventFields('regarding', 'reportingController'),
  'batch/Job': ['status.successful'],
  'certificates.k8s.io/CertificateSigningRequest': ['spec.signerName'],
  'certificates.k8s.io/ClusterTrustBundle': ['spec.signerName'],
  'resource.k8s.io/ResourceSlice': ['spec.nodeName', 'spec.driver'],
}

function eventFields(object: string, ...more: readonly string[]): readonly string[] {
  const of = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath']
  return [...of.map((field) => `${object}.${field}`), 'reason', 'type', ...more]
}

/** Fields that are not where their name says, or not there at all where they have a zero value. */
const READ: Readonly<Record<string, (object: KubeObject) => string>> = {
  'spec.host': (object) => textOf(object, 'spec', 'nodeName'),
  'spec.hostNetwork': (object) => textOf(object, 'spec', 'hostNetwork') || 'false',
  'spec.unschedulable': (object) => textOf(object, 'spec', 'unschedulable') || 'false',
  'status.successful': (object) => textOf(object, 'status', 'succeeded') || '0',
  'status.replicas': (object) => textOf(object, 'status', 'replicas') || '0',
  'status.podIPs': (object) => textOf(object, 'status', 'podIP'),
  source: (object) => textOf(object, 'source', 'component') || textOf(object, 'reportingComponent'),
  reportingComponent: (object) => textOf(object, 'reportingComponent') || textOf(object, 'reportingController'),
}

/** Reads a field selector; null where it selects everything. */
export function fieldSelector(target: Target, text: string): FieldSelector | null {
  const terms = parse(text)
  if (terms.length === 0) return null
  const known = knownFields(target)
  for (const { field } of terms) if (!known.includes(field)) throw notKnown(target, field)
  const tests = terms.map(({ field, equal, value }): Selector => {
    const read = readerOf(field)
    return (object) => (read(object) === value) === equal
  })
  return { selects: (object) => tests.every((test) => test(object)), name: nameIn(terms) }
}

/** The one name that a field selector asks for; null where it asks for none, or cannot be read. */
export function selectedName(text: string): string | null {
  try {
    return nameIn(parse(text))
  } catch (error) {
    if (error instanceof StatusError) return null
    throw error
  }
}

function nameIn(terms: readonly Term[]): string | null {
  return terms.find(({ field, equal }) => field === 'metadata.name' && equal)?.value ?? null
}

function readerOf(field: string): (object: KubeObject) => string {
  const special = Object.hasOwn(READ, field) ? READ[field] : undefined
  if (special !== undefined) return special
  const path = field.split('.')
  return (object) => textOf(object, ...path)
}

function textOf(object: KubeObject, ...path: readonly string[]): string {
  const value = valueAt(object, ...path)
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value)
}

function knownFields({ resource, version }: Target): readonly string[] {
  const special = FIELDS[`${resource.group}/${resource.kind}`] ?? version.selectable ?? []
  return ['metadata.name', 'metadata.namespace', ...special]
}

function notKnown(target: Target, field: string): Error {
  const { resource } = target
  const key = `${resource.group}/${resource.kind}`
  if (FIELDS[key] === undefined && resource.custom !== true) {
    const only = 'only "metadata.name", "metadata.namespace"'
    return failure(400, 'BadRequest', `${JSON.stringify(field)} is not a known field selector: ${only}`)
  }
  if (key === 'batch/Job')
    return failure(400, 'BadRequest', `field label ${JSON.stringify(field)} not supported for Job`)
  const kind = key === 'resource.k8s.io/ResourceSlice' ? ` for ${versionOf(target)}, Kind=ResourceSlice` : ''
  return failure(400, 'BadRequest', `field label not supported${kind}: ${field}`)
}

/** Terms are separated by commas; a backslash takes the meaning from a comma, an equals sign or a backslash. */
function parse(text: string): readonly Term[] {
  const parts = text.match(/(?:\\.|[^,\\])+/g) ?? []
  return parts.map((part) => {
    const found = /^((?:\\.|[^=!\\])*)(!=|==|=)(.*)$/s.exec(part)
    if (found === null) throw failure(400, 'BadRequest', `invalid selector: '${text}'; can't understand '${part}'`)
    const [, field = '', operator = '', value = ''] = found
    return { field, equal: operator !== '!=', value: value.replaceAll(/\\(.)/g, '$1') }
  })
}
