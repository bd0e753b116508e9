// Renders one source of an application: finds the tool that its files ask for, and runs it.
import { createHash } from 'node:crypto'
import type { Source } from '@mainstay/core/app/application.ts'
import { FaultError } from '../fault.ts'
import { isOciUrl } from '../source/routed-source.ts'
import type { Source as RevisionSource, Snapshot } from '../source/source.ts'
import { decideTool, withoutEmpty } from './detect.ts'
import { renderDirectory } from './directory.ts'
import { type BuildEnvironment, buildVariables } from './environment.ts'
import { type HelmJob, renderHelm } from './helm/render.ts'
import { renderKustomize } from './kustomize/render.ts'
import { applyOverrides } from './overrides.ts'
import { RENDER_LIMITS, type RenderLimits, type RenderResult } from './result.ts'
import { DEFAULT_SETTINGS, type RenderSettings } from './settings.ts'
import type { ClusterFacts, RenderTools, ToolJob } from './tool/job.ts'

/** What of a source decides how it is rendered. */
export type RenderSource = Pick<Source, 'path' | 'chart' | 'ref' | 'tool'>

/** How a source is rendered. */
export interface RenderOptions {
  /** Name that `.argocd-source-<name>.yaml` carries (`<namespace>_<name>` outside of the control plane's namespace). */
  readonly appName?: string | null
  readonly settings?: RenderSettings
  /** The real tools; without them only plain manifests are rendered. */
  readonly tools?: RenderTools
  /** What texts of the source are filled in with; nothing is where it is not said. */
  readonly environment?: BuildEnvironment
  /** What the cluster is; asked only where Helm is told of it. */
  readonly cluster?: () => Promise<ClusterFacts>
  /** Other sources of the application by their `ref`, for values files. */
  readonly refs?: ReadonlyMap<string, () => Promise<Snapshot>>
  /** Where charts come from that other charts depend on; without it they must be in `charts/`. */
  readonly charts?: Pick<RevisionSource, 'resolve' | 'snapshot'>
  /** False: nothing that was kept of earlier renders is used. */
  readonly reuse?: boolean
  readonly limits?: Partial<RenderLimits>
  readonly signal?: AbortSignal
}

/**
 * Renders one source from the files of a revision. The result is whole: whatever cannot be read is a fault that names
 * file and line.
 *
 * @throws FaultError `render-failed`, `unsupported` (plugins, what leaves the repository), `tool-missing`,
 *   `not-found`, `invalid-input`, `too-large`, `timeout`, `cancelled`
 */
export async function render(
  snapshot: Snapshot,
  source: RenderSource,
  options: RenderOptions = {},
): Promise<RenderResult> {
  const path = pathOf(snapshot, source)
  if (path === null) return withoutPath(source)
  const limits: RenderLimits = { ...RENDER_LIMITS, ...options.limits }
  const settings = options.settings ?? DEFAULT_SETTINGS
  const entries = await snapshot.list(path)
  const own = withoutEmpty(source.tool)
  const { tool, inputs, warnings } = await applyOverrides(snapshot, entries, own, options.appName ?? null)
  const { tool: decided, sign } = decideTool(tool, entries, settings)
  const variables = options.environment === undefined ? new Map<string, string>() : buildVariables(options.environment)
  const job: Omit<ToolJob, 'tools'> = {
    path,
    settings,
    variables,
    cluster: options.cluster ?? noCluster,
    limits,
    reuse: options.reuse ?? true,
    signal: options.signal,
    inputs,
    warnings,
  }
  switch (decided.kind) {
    case 'directory': {
      const { tools } = options
      const jsonnet = !settings.jsonnet ? 'off' : tools === undefined ? null : { ...job, tools }
      const { signal } = options
      return renderDirectory(snapshot, { path, options: decided.directory, limits, signal, inputs, warnings, jsonnet })
    }
    case 'kustomize':
      return renderKustomize(snapshot, decided.kustomize, {
        ...job,
        tools: options.tools ?? noTools(sign ?? `spec.source.${decided.kind}`),
      })
    case 'helm':
      return renderHelm(snapshot, decided.helm, {
        ...job,
        ...helmParts(options),
        tools: options.tools ?? noTools(sign ?? `spec.source.${decided.kind}`),
      })
    case 'plugin':
      throw plugins()
  }
}

/** The folder to render: a chart and an artifact of a registry are whole where no folder is named. */
function pathOf(snapshot: Snapshot, { path, chart, ref }: RenderSource): string | null {
  if (path !== null) return path
  const whole = chart !== null || (isOciUrl(snapshot.revision.repoURL) && ref === null)
  return whole ? '.' : null
}

function helmParts(options: RenderOptions): Pick<HelmJob, 'appName' | 'namespace' | 'refs' | 'charts'> {
  const { appName, environment, refs, charts } = options
  return {
    appName: appName ?? environment?.appName ?? '',
    namespace: environment?.namespace ?? '',
    refs: refs ?? new Map(),
    charts: { source: charts ?? null, project: environment?.project ?? null, passCredentials: false },
  }
}

/** A source that others only refer to gives no manifests of its own. */
function withoutPath(source: RenderSource): RenderResult {
  if (source.ref === null) {
    throw new FaultError({
      kind: 'invalid-input',
      what: 'the source says neither path nor chart',
      where: 'spec.source.path',
      fix: ['set path to the folder of the manifests; "." is the root of the repository'],
    })
  }
  const digest = createHash('sha256').update('reference').digest('hex')
  return { manifests: [], warnings: [], skipped: [], treeId: null, inputs: [], filesAlone: true, kept: false, digest }
}

function noCluster(): Promise<ClusterFacts> {
  return Promise.resolve({ kubeVersion: '', apiVersions: [] })
}

/** For a caller that has no tools, and renders plain manifests. */
function noTools(sign: string): never {
  throw new FaultError({
    kind: 'unsupported',
    what: 'sources that need a tool are not rendered here',
    where: sign,
    fix: ['use a folder of plain manifests'],
  })
}

function plugins(): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: 'config management plugins are not run',
    where: 'spec.source.plugin',
    why: 'a plugin is any program at all: nobody could say what it reads, or that it makes the same again',
    fix: ['use Helm, Kustomize or Jsonnet', 'or commit what the plugin makes, and render that folder'],
  })
}
