// Reads an Application manifest in full: every field of argoproj.io/v1alpha1, and a word about every other.
import type { JsonObject } from '../object/json.ts'
import { isNamespaceName, nameFault } from '../object/names.ts'
import type { Problem } from '../object/problem.ts'
import { parseApiVersion } from '../object/ref.ts'
import type { Finding } from '../policy/finding.ts'
import type { AppKey, Application } from './application.ts'
import { readDestination } from './destination.ts'
import type { Fields, Notes } from './fields.ts'
import { readFields } from './fields.ts'
import { readIgnoreRules } from './read-ignore-rules.ts'
import { readSources } from './read-source.ts'
import { readReported } from './read-status.ts'
import { readSyncPolicy } from './read-sync-policy.ts'
import { DEFAULT_TRACKING } from './tracking.ts'
import { unsupportedFindings } from './unsupported.ts'

/** An Application, or everything that is wrong with it. */
export type ReadResult =
  | { readonly kind: 'read'; readonly application: Application; readonly findings: readonly Finding[] }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }

/** History entries that are kept where the spec is silent. */
const DEFAULT_HISTORY_LIMIT = 10

/**
 * Reads an Application. `where` is its file and line, for messages. A value of a wrong type is a problem; a field that
 * is not known, or is known and not acted on, is a finding that names it. An application file without a namespace
 * belongs to the control plane's (`defaultNamespace`).
 */
export function readApplication(
  value: JsonObject,
  where: string,
  defaultNamespace: string = DEFAULT_TRACKING.controlPlaneNamespace,
): ReadResult {
  const notes: Notes = { where, problems: [], findings: [] }
  const top = readFields(value, '', notes)
  if (top === null || !isApplication(top, notes)) return { kind: 'invalid', problems: notes.problems }
  const metadata = readMetadata(top, defaultNamespace)
  const spec = readSpec(top, notes)
  const reported = readReported(top)
  top.any('operation')
  top.finish('warning')
  if (notes.problems.length > 0 || spec === null || metadata === null) {
    return { kind: 'invalid', problems: notes.problems }
  }
  const application: Application = { ...spec, ...metadata, reported }
  return { kind: 'read', application, findings: [...notes.findings, ...unsupportedFindings(application, value)] }
}

function isApplication(top: Fields, notes: Notes): boolean {
  const apiVersion = top.text('apiVersion')
  const kind = top.text('kind')
  if (apiVersion === 'argoproj.io/v1alpha1' && kind === 'Application') return true
  const found = apiVersion === null && kind === null ? 'no apiVersion and kind' : `${apiVersion ?? '?'} ${kind ?? '?'}`
  const wrongVersion = kind === 'Application' && parseApiVersion(apiVersion ?? '').group === 'argoproj.io'
  notes.problems.push({
    where: notes.where,
    field: wrongVersion ? 'apiVersion' : 'kind',
    what: `this is not an Application: it says ${found}`,
    fix: 'write apiVersion: argoproj.io/v1alpha1 and kind: Application',
  })
  return false
}

type ReadMetadata = Pick<Application, 'key' | 'cascade' | 'annotations'>

function readMetadata(top: Fields, defaultNamespace: string): ReadMetadata | null {
  const fields = top.child('metadata')
  if (fields === null) {
    if (!top.has('metadata')) top.problem('metadata', 'is missing', 'write metadata: with the name of the application')
    return null
  }
  const key = readKey(fields, defaultNamespace)
  const finalizers = fields.texts('finalizers')
  const annotations = Object.entries(fields.textMap('annotations')).filter(([name]) => changesPlanning(name))
  fields.textMap('labels')
  for (const name of OBJECT_FIELDS) fields.any(name)
  // A misspelt `finalizers` would decide what deletion takes with it.
  fields.finish('warning')
  return key === null ? null : { key, cascade: cascadeOf(finalizers), annotations: Object.fromEntries(annotations) }
}

/** Fields that every object has and that say nothing about planning. */
const OBJECT_FIELDS = [
  'generateName',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'managedFields',
] as const

function readKey(fields: Fields, defaultNamespace: string): AppKey | null {
  const name = fields.required('name', 'name the application')
  const namespace = fields.text('namespace') || defaultNamespace
  if (!isNamespaceName(namespace)) {
    fields.problem('namespace', 'is not a name of a namespace', 'write lower-case letters, digits and dashes')
  }
  if (name === null) return null
  // The name is a DNS name like that of any object in a namespace, and it is a part of every tracking mark.
  const fault = nameFault({ group: '', kind: 'ConfigMap' }, name)
  if (fault !== null) fields.problem('name', fault, 'write lower-case letters, digits and dashes')
  return { namespace, name }
}

function changesPlanning(annotation: string): boolean {
  return annotation.startsWith('argocd.argoproj.io/') || annotation.startsWith('mainstay.dev/')
}

const CASCADE_FINALIZER = 'resources-finalizer.argocd.argoproj.io'

/** What deletion of the Application takes with it. The plain finalizer is the foreground one. */
function cascadeOf(finalizers: readonly string[]): Application['cascade'] {
  if (finalizers.includes(CASCADE_FINALIZER) || finalizers.includes(`${CASCADE_FINALIZER}/foreground`)) {
    return 'foreground'
  }
  return finalizers.includes(`${CASCADE_FINALIZER}/background`) ? 'background' : 'none'
}

type ReadSpec = Omit<Application, keyof ReadMetadata | 'reported'>

function readSpec(top: Fields, notes: Notes): ReadSpec | null {
  const spec = top.child('spec')
  if (spec === null) {
    if (!top.has('spec')) top.problem('spec', 'is missing', 'write spec: with source, destination and project')
    return null
  }
  const destination = readDestination(spec)
  const sources = readSources(spec, notes)
  const limit = spec.integer('revisionHistoryLimit')
  if (limit !== null && limit < 0) spec.problem('revisionHistoryLimit', 'is negative', 'write 0 to keep no history')
  const rest = {
    // An empty project is the default one, as everywhere a form was left empty.
    project: spec.text('project') || 'default',
    sources,
    syncPolicy: readSyncPolicy(spec, notes),
    ignoreDifferences: readIgnoreRules(spec, notes),
    revisionHistoryLimit: limit ?? DEFAULT_HISTORY_LIMIT,
    info: readInfo(spec, notes),
  }
  spec.finish('warning')
  return destination === null ? null : { destination, ...rest }
}

function readInfo(spec: Fields, notes: Notes): Application['info'] {
  return spec.list('info').flatMap((item) => {
    const fields = readFields(item.value, item.path, notes)
    if (fields === null) return []
    const entry = { name: fields.text('name') ?? '', value: fields.text('value') ?? '' }
    fields.finish('warning')
    return [entry]
  })
}
