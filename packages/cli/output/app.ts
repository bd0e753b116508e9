// The state of an application: for people as lines, for programs as the Application with its status filled in.

import type { Source } from '@mainstay/core/app/application.ts'
import { shortRevision } from '@mainstay/core/desired/revision.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { authorName, timeText } from '@mainstay/core/plan/text-change.ts'
import type { AppState, ResourceState } from '@mainstay/engine/reconcile/session.ts'
import { shownAddress } from '@mainstay/engine/source/address.ts'
import type { Line, Span } from './line.ts'
import { line, span } from './line.ts'
import { findingLines } from './plan.ts'
import { healthSpan, syncSpan } from './state.ts'

/** Name, where it goes, where it comes from, how it is, what was found. */
export function stateLines(state: AppState, now: number): readonly Line[] {
  const { application, from } = state.loaded
  const field = (name: string, ...spans: readonly Span[]): Line => [span(`${`${name}:`.padEnd(13)}`, 'dim'), ...spans]
  const { destination } = application
  return [
    field('Name', span(`${application.key.namespace}/${application.key.name}`, 'bold'), span(`  from ${from}`, 'dim')),
    field('Project', span(application.project)),
    field('Destination', span(destination.kind === 'server' ? destination.server : destination.name)),
    field('Cluster', span(state.cluster.name)),
    field('Namespace', span(destination.namespace ?? '(as the manifests say)')),
    ...application.sources.map((source) => field('Source', span(sourceText(source)))),
    ...state.revisions.map((revision) => field('Revision', span(revisionText(revision, now)))),
    field('Sync', syncSpan(state.sync)),
    field(
      'Health',
      healthSpan(state.health.status),
      span(state.health.message === '' ? '' : `  ${state.health.message}`),
    ),
    ...(state.findings.length === 0 ? [] : [line(''), ...findingLines(state.findings)]),
  ]
}

/** A commit has all of it; the version of a chart may have neither a subject, an author nor a time. */
function revisionText({ commit, subject, author, committedAt }: AppState['revisions'][number], now: number): string {
  const by = [authorName(author), committedAt === '' ? '' : timeText(committedAt, now)].filter((part) => part !== '')
  const title = subject === '' ? '' : ` "${subject}"`
  return `${shortRevision(commit)}${title}${by.length === 0 ? '' : ` (${by.join(', ')})`}`
}

function sourceText(source: Source): string {
  const place = source.chart === null ? (source.path ?? '.') : `chart ${source.chart}`
  const from = `${shownAddress(source.repoURL)}  ${place}  ${source.targetRevision}`
  return source.ref === null ? from : `${from}  (ref ${source.ref})`
}

/** The Application manifest with `status.sync`, `status.health` and `status.resources` in Argo CD's shape. */
export function stateDocument(state: AppState): JsonObject {
  const commits = state.revisions.map((revision) => revision.commit)
  const many = state.loaded.application.sources.length > 1
  const revision = many ? { revisions: commits } : commits[0] === undefined ? {} : { revision: commits[0] }
  return {
    ...state.loaded.manifest,
    status: {
      sync: { status: state.sync, ...revision },
      health: healthDocument(state.health),
      resources: state.resources.map(resourceDocument),
      conditions: state.findings.map((finding) => ({
        type: finding.rule,
        message: `${finding.title}: ${finding.what}`,
      })),
    },
  }
}

function resourceDocument(resource: ResourceState): JsonObject {
  const { ref } = resource
  return {
    ...(ref.group === '' ? {} : { group: ref.group }),
    kind: ref.kind,
    ...(ref.namespace === null ? {} : { namespace: ref.namespace }),
    name: ref.name,
    status: resource.sync,
    ...(resource.health === null ? {} : { health: healthDocument(resource.health) }),
    ...(resource.requiresPruning ? { requiresPruning: true } : {}),
    ...(resource.wave === 0 ? {} : { syncWave: resource.wave }),
  }
}

function healthDocument(health: AppState['health']): JsonObject {
  return { status: health.status, ...(health.message === '' ? {} : { message: health.message }) }
}
