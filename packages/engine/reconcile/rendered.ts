// Renders all sources of an application at one moment: documents in order, commits, and what rendering had to say.
import type { Application, Source as SourceSpec } from '@mainstay/core/app/application.ts'
import type { Origin, Revision } from '@mainstay/core/desired/desired.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Finding } from '@mainstay/core/policy/finding.ts'
import { render } from '../render/render.ts'
import type { RenderResult } from '../render/result.ts'
import type { Snapshot, Source } from '../source/source.ts'

/** Every document of every source, in order, with the commits they come from. */
export interface RenderedApplication {
  readonly documents: readonly { readonly value: JsonObject; readonly origin: Origin }[]
  readonly revisions: readonly Revision[]
  readonly findings: readonly Finding[]
}

/** Renders remembered at most: a handful covers an application and its neighbours; one may be ten megabytes. */
const KEPT = 8

/** Renders applications; what did not change since the last time is not read again. */
export interface ApplicationRenderer {
  /** `revisions` overrides each source's targetRevision by position. Equal inputs give the same value, by reference. */
  render(
    application: Application,
    instance: string,
    revisions: readonly (string | null)[],
  ): Promise<RenderedApplication>
}

/** A renderer over a source of Git repositories. */
export function applicationRenderer(sources: Source): ApplicationRenderer {
  const known = new Map<string, RenderedApplication>()
  return {
    async render(application, instance, revisions) {
      const snapshots = await Promise.all(
        application.sources.map((source, i) => snapshotOf(sources, application.project, source, revisions[i] ?? null)),
      )
      const key = JSON.stringify([instance, application.sources, snapshots.map(({ revision }) => revision.commit)])
      const remembered = known.get(key)
      if (remembered !== undefined) return remembered
      const rendered = await renderAll(application, instance, snapshots)
      known.set(key, rendered)
      for (const oldest of known.keys()) {
        if (known.size <= KEPT) break
        known.delete(oldest)
      }
      return rendered
    },
  }
}

async function snapshotOf(
  sources: Source,
  project: string,
  source: SourceSpec,
  revision: string | null,
): Promise<Snapshot> {
  const found = await sources.resolve(source.repoURL, revision ?? source.targetRevision, {
    tagPrefix: source.tagPrefix,
    project,
  })
  return sources.snapshot(found)
}

async function renderAll(
  application: Application,
  instance: string,
  snapshots: readonly Snapshot[],
): Promise<RenderedApplication> {
  const results: RenderResult[] = []
  const revisions: Revision[] = []
  for (const [i, source] of application.sources.entries()) {
    const snapshot = snapshots[i]
    if (snapshot === undefined) throw new Error('every source has a snapshot')
    results.push(await render(snapshot, source, { appName: instance }))
    const { commit, subject, author, committedAt } = snapshot.revision
    revisions.push({ commit, subject, author, committedAt })
  }
  return {
    documents: results.flatMap((result) => result.manifests.map(({ value, origin }) => ({ value, origin }))),
    revisions,
    findings: results.flatMap(findingsOf),
  }
}

function findingsOf(result: RenderResult): Finding[] {
  const warnings = result.warnings.map(
    (warning): Finding => ({
      rule: 'render-warning',
      level: 'warning',
      ref: null,
      title: `${warning.file}${warning.line === null ? '' : `:${warning.line}`}`,
      what: warning.what,
      fixes: [],
    }),
  )
  const skipped = result.skipped.map(
    (file): Finding => ({
      rule: 'file-skipped',
      level: 'info',
      ref: null,
      title: file,
      what: 'the file carries the mark that keeps it from being rendered',
      fixes: [],
    }),
  )
  return [...warnings, ...skipped]
}
