// Renders one source of an application: finds the tool that its files ask for, and runs it.
import { createHash } from 'node:crypto'
import type { Source, SourceTool } from '@mainstay/core/app/application.ts'
import { FaultError } from '../fault.ts'
import type { Entry, Snapshot } from '../source/source.ts'
import { renderDirectory } from './directory.ts'
import { applyOverrides, EMPTY } from './overrides.ts'
import { RENDER_LIMITS, type RenderLimits, type RenderResult } from './result.ts'

/** What of a source decides how it is rendered. */
export type RenderSource = Pick<Source, 'path' | 'chart' | 'ref' | 'tool'>

/** How a source is rendered. */
export interface RenderOptions {
  /** Name that `.argocd-source-<name>.yaml` carries (`<namespace>_<name>` outside of the control plane's namespace). */
  readonly appName?: string | null
  readonly limits?: Partial<RenderLimits>
  readonly signal?: AbortSignal
}

/**
 * Renders one source from the files of a revision. The result is whole: whatever cannot be read is a fault that names
 * file and line.
 *
 * @throws FaultError `render-failed`, `unsupported` (Helm, Kustomize, plugins, Jsonnet), `not-found`, `invalid-input`,
 *   `too-large`, `timeout`, `cancelled`
 */
export async function render(
  snapshot: Snapshot,
  source: RenderSource,
  options: RenderOptions = {},
): Promise<RenderResult> {
  if (source.chart !== null) throw unsupported('helm', 'spec.source.chart', `chart ${source.chart}`)
  if (source.path === null) return withoutPath(source)
  const limits: RenderLimits = { ...RENDER_LIMITS, ...options.limits }
  const entries = await snapshot.list(source.path)
  const { tool, inputs, warnings } = await applyOverrides(snapshot, entries, source.tool, options.appName ?? null)
  const decided = tool.kind === 'detect' ? detect(entries) : tool
  if (decided.kind !== 'directory') throw unsupported(decided.kind, `spec.source.${decided.kind}`, null)
  return renderDirectory(snapshot, {
    path: source.path,
    options: decided.directory,
    limits,
    signal: options.signal,
    inputs,
    warnings,
  })
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
  return { manifests: [], warnings: [], skipped: [], treeId: null, inputs: [], outside: [], digest }
}

const CHART = 'Chart.yaml'
const KUSTOMIZATION = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** The tool that a folder's files ask for, in Argo CD's order. Tools that cannot run yet are refused by their file. */
function detect(entries: readonly Entry[]): SourceTool {
  const tools: readonly (readonly ['helm' | 'kustomize', readonly string[]])[] = [
    ['helm', [CHART]],
    ['kustomize', KUSTOMIZATION],
  ]
  for (const [tool, names] of tools) {
    const found = entries.find(({ path, kind }) => kind !== 'folder' && names.includes(path.split('/').at(-1) ?? ''))
    if (found !== undefined) throw unsupported(tool, found.path, null)
  }
  return { kind: 'directory', directory: EMPTY }
}

const TOOL_NAMES = { helm: 'Helm', kustomize: 'Kustomize', plugin: 'Config management plugins', detect: '' } as const

function unsupported(tool: keyof typeof TOOL_NAMES, where: string, why: string | null): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: `${TOOL_NAMES[tool]} cannot be rendered yet`,
    where,
    why,
    fix: ['use a folder of plain manifests, for example the output of the tool committed to Git'],
  })
}
