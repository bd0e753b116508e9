// What an Application asks for and Mainstay does not do yet: one finding each, so that nothing is left out unsaid.
import type { JsonObject } from '../object/json.ts'
import { isList } from '../object/json.ts'
import { stringAt, valueAt } from '../object/object.ts'
import type { Finding, Level } from '../policy/finding.ts'
import type { Application, Source } from './application.ts'
import { csv } from './options.ts'

/** Findings about fields that were read and are not acted on; the level says how much is lost by that. */
export function unsupportedFindings(app: Application, value: JsonObject): readonly Finding[] {
  const several = isList(valueAt(value, 'spec', 'sources')) && app.sources.length > 0
  return [
    ...app.sources.flatMap((source, index) => ofSource(source, several ? `spec.sources[${index}]` : 'spec.source')),
    ...ofSpec(app, value),
    ...ofObject(app, value),
  ]
}

function ofSource(source: Source, path: string): readonly Finding[] {
  if (source.tool.kind !== 'plugin') return []
  return [unsupported(`${path}.plugin`, 'blocked', 'sources of a plugin cannot be rendered')]
}

function ofSpec(app: Application, value: JsonObject): readonly Finding[] {
  const findings: Finding[] = []
  const note = (field: string, level: Level, what: string) => findings.push(unsupported(field, level, what))
  if (valueAt(value, 'spec', 'sourceHydrator') !== undefined && valueAt(value, 'spec', 'sourceHydrator') !== null) {
    note('spec.sourceHydrator', 'blocked', 'manifests are not rendered to a branch; only what stands there is read')
  }
  if (app.syncPolicy.automated?.enabled === true) {
    note('spec.syncPolicy.automated', 'info', 'a sync happens when somebody asks for it')
  }
  if (app.syncPolicy.retry !== null) {
    note('spec.syncPolicy.retry', 'info', 'a failed sync is not tried again by itself')
  }
  if (app.project !== 'default') {
    note('spec.project', 'warning', `the restrictions of project ${app.project} are not checked`)
  }
  return findings
}

/** Signs on the object itself that somebody else is at work on the application, or wants it left alone. */
function ofObject(app: Application, value: JsonObject): readonly Finding[] {
  const findings: Finding[] = []
  if (app.annotations['argocd.argoproj.io/skip-reconcile'] === 'true') {
    const what = 'the application asks to be left alone; a sync that somebody asks for still happens'
    findings.push(unsupported('metadata.annotations["argocd.argoproj.io/skip-reconcile"]', 'warning', what))
  }
  for (const word of csv(app.annotations['argocd.argoproj.io/compare-options'])) {
    if (KNOWN_COMPARE_OPTIONS.has(word)) continue
    const field = 'metadata.annotations["argocd.argoproj.io/compare-options"]'
    findings.push(unsupported(field, 'warning', `${word} is not a compare option of an Application: it has no effect`))
  }
  if (valueAt(value, 'operation') !== undefined && valueAt(value, 'operation') !== null) {
    findings.push(unsupported('operation', 'warning', 'the operation that was requested in the object is not taken up'))
  }
  if (stringAt(value, 'status', 'operationState', 'phase') === 'Running') {
    findings.push(unsupported('status.operationState', 'warning', 'another controller may be syncing this application'))
  }
  if (stringAt(value, 'metadata', 'deletionTimestamp') !== undefined) {
    findings.push(unsupported('metadata.deletionTimestamp', 'warning', 'the Application is being deleted'))
  }
  const finalizers = valueAt(value, 'metadata', 'finalizers')
  for (const finalizer of isList(finalizers) ? finalizers : []) {
    if (typeof finalizer !== 'string' || !/^(pre|post)-delete-finalizer\./.test(finalizer)) continue
    findings.push(unsupported('metadata.finalizers', 'warning', `the hooks behind ${finalizer} do not run`))
  }
  return findings
}

const KNOWN_COMPARE_OPTIONS: ReadonlySet<string> = new Set([
  'ServerSideDiff=true',
  'ServerSideDiff=false',
  'IncludeMutationWebhook=true',
  'IncludeMutationWebhook=false',
])

function unsupported(field: string, level: Level, what: string): Finding {
  const fixes: Finding['fixes'] =
    level === 'blocked' ? [{ kind: 'do', text: 'render to plain manifests in Git and point the source there' }] : []
  return { rule: 'unsupported-field', level, ref: null, title: `${field} is not acted on`, what, fixes }
}
