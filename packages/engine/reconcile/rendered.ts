// Renders all sources of an application at one moment: documents in order, commits, and what rendering had to say.
import type { Application, Source as SourceSpec } from '@mainstay/core/app/application.ts'
import type { Origin, Revision } from '@mainstay/core/desired/desired.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Finding } from '@mainstay/core/policy/finding.ts'
import type { BuildEnvironment } from '../render/environment.ts'
import { checkedRef } from '../render/helm/render.ts'
import { RecentRenders } from '../render/recent.ts'
import type { RenderResult } from '../render/result.ts'
import type { RenderSettings } from '../render/settings.ts'
import type { ClusterFacts, RenderTools } from '../render/tool/job.ts'
import { shownAddress } from '../source/address.ts'
import type { Snapshot, Source } from '../source/source.ts'

/** Every document of every source, in order, with the commits they come from. */
export interface RenderedApplication {
  readonly documents: readonly { readonly value: JsonObject; readonly origin: Origin }[]
  readonly revisions: readonly Revision[]
  readonly findings: readonly Finding[]
  /** Whether some of it was kept from an earlier render, of this process or another. */
  readonly kept: boolean
}

/** Renders remembered at most: a handful covers an application and its neighbours; one may be ten megabytes. */
const KEPT = 8

/** How an application is rendered. */
export interface RenderHow {
  /** Nothing that was kept of earlier renders is used, and the tools run again. */
  readonly fresh: boolean
  /** Ends the tools. */
  readonly signal?: AbortSignal
}

/** Renders applications; what did not change since the last time is not read again. */
export interface ApplicationRenderer {
  /** `revisions` overrides each source's targetRevision by position. Equal inputs give the same value, by reference. */
  render(
    application: Application,
    instance: string,
    revisions: readonly (string | null)[],
    how: RenderHow,
  ): Promise<RenderedApplication>
}

/** What rendering depends on beside the files. */
export interface RenderParts {
  readonly tools: RenderTools
  readonly settings: () => Promise<RenderSettings>
  /** What the destination's cluster is; asked only by what is told of it. */
  readonly cluster: (application: Application) => Promise<ClusterFacts>
}

/** A render that is remembered, and what it was told of the cluster, if anything. */
interface Remembered {
  readonly rendered: RenderedApplication
  readonly facts: string | null
}

/** A renderer over sources of every kind. */
export function applicationRenderer(sources: Source, parts: RenderParts): ApplicationRenderer {
  const known = new Map<string, Remembered>()
  const recent = new RecentRenders()
  return {
    async render(application, instance, revisions, { fresh, signal }) {
      const settings = await parts.settings()
      const snapshots = await Promise.all(
        application.sources.map((source, i) =>
          snapshotOf(sources, application.project, source, revisions[i] ?? null, signal),
        ),
      )
      const commits = snapshots.map(({ revision }) => revision.commit)
      const { project, destination, sources: written } = application
      const options = [...settings.buildOptionsOf]
      const key = JSON.stringify([instance, project, destination, written, commits, settings, options])
      const remembered = fresh ? undefined : known.get(key)
      const facts = async (): Promise<string> => JSON.stringify(await parts.cluster(application))
      if (remembered !== undefined && (remembered.facts === null || remembered.facts === (await facts()))) {
        return remembered.rendered
      }
      let told: string | null = null
      const cluster = async (): Promise<ClusterFacts> => {
        const answer = await parts.cluster(application)
        told = JSON.stringify(answer)
        return answer
      }
      const rendered = await renderAll(application, instance, snapshots, {
        recent,
        tools: parts.tools,
        settings,
        cluster,
        reuse: !fresh,
        ...(signal === undefined ? {} : { signal }),
        charts: sources,
      })
      known.set(key, { rendered, facts: told })
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
  signal: AbortSignal | undefined,
): Promise<Snapshot> {
  const found = await sources.resolve(source.repoURL, revision ?? source.targetRevision, {
    tagPrefix: source.tagPrefix,
    project,
    chart: source.chart === null ? null : { name: source.chart, passCredentials: passesCredentials(source) },
    ...(signal === undefined ? {} : { signal }),
  })
  return sources.snapshot(found)
}

function passesCredentials({ tool }: SourceSpec): boolean {
  return tool.kind === 'helm' && tool.helm.passCredentials
}

/** Sources by the name under which others refer to their files; of two with one name the later counts. */
function refsOf(
  { sources }: Application,
  snapshots: readonly Snapshot[],
): ReadonlyMap<string, () => Promise<Snapshot>> {
  const refs = new Map<string, () => Promise<Snapshot>>()
  for (const [i, { ref }] of sources.entries()) {
    const snapshot = snapshots[i]
    if (ref !== null && snapshot !== undefined) refs.set(checkedRef(ref), () => Promise.resolve(snapshot))
  }
  return refs
}

async function renderAll(
  application: Application,
  instance: string,
  snapshots: readonly Snapshot[],
  {
    recent,
    ...parts
  }: {
    readonly recent: RecentRenders
    readonly tools: RenderTools
    readonly settings: RenderSettings
    readonly cluster: () => Promise<ClusterFacts>
    readonly reuse: boolean
    readonly signal?: AbortSignal
    /** Where charts come from that other charts depend on. */
    readonly charts: Source
  },
): Promise<RenderedApplication> {
  const refs = refsOf(application, snapshots)
  const results: RenderResult[] = []
  const revisions: Revision[] = []
  for (const [i, source] of application.sources.entries()) {
    const snapshot = snapshots[i]
    if (snapshot === undefined) throw new Error('every source has a snapshot')
    const environment = environmentOf(application, instance, source, snapshot)
    results.push(await recent.render(snapshot, source, { ...parts, refs, appName: instance, environment }))
    const { commit, subject, author, committedAt } = snapshot.revision
    revisions.push({ commit, subject, author, committedAt })
  }
  return {
    documents: results.flatMap((result) => result.manifests.map(({ value, origin }) => ({ value, origin }))),
    revisions,
    findings: [...application.sources.flatMap(plainHttp), ...results.flatMap(findingsOf)],
    kept: results.some(({ kept }) => kept),
  }
}

/** What Argo CD's build environment says of a source. */
function environmentOf(
  { destination, project }: Application,
  instance: string,
  source: SourceSpec,
  { revision }: Snapshot,
): BuildEnvironment {
  return {
    appName: instance,
    namespace: destination.namespace ?? '',
    project,
    revision: revision.commit,
    path: source.path ?? '',
    repoURL: source.repoURL,
    targetRevision: source.targetRevision,
  }
}

/** What is read in clear can be changed on the way: the commit's id is all that a later plan could tell by. */
function plainHttp({ repoURL }: SourceSpec): Finding[] {
  if (!/^http:\/\//i.test(repoURL)) return []
  return [
    {
      rule: 'plain-http',
      level: 'warning',
      ref: null,
      title: `${shownAddress(repoURL)} is read in clear`,
      what: 'whoever is on the way can read the manifests, and put others in their place',
      fixes: [
        {
          kind: 'do',
          text: 'use the https:// URL of the repository: it is the same one, so that nothing else changes',
        },
      ],
    },
  ]
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
