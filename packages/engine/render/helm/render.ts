// Renders a chart by the real helm: `helm template`, with values, parameters and the cluster's versions as Argo CD gives them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { HelmOptions } from '@mainstay/core/app/application.ts'
import { canonicalJson, jsonOf } from '@mainstay/core/object/canonical.ts'
import { FaultError } from '../../fault.ts'
import type { FileContent, Snapshot } from '../../source/source.ts'
import { manifestsOfTool } from '../manifest.ts'
import { joinPath, shownPath } from '../path.ts'
import type { RenderResult, RenderWarning } from '../result.ts'
import { secretsIn } from '../secrets.ts'
import { type ToolJob, toolIdentity } from '../tool/job.ts'
import { TOOL_LIMITS } from '../tool/runner.ts'
import type { Tree } from '../tree/materialise.ts'
import { type Release, releaseName, templateArguments } from './arguments.ts'
import { type ChartFetch, missingSubcharts, placeSubcharts, type Subchart, subchartKey } from './dependencies.ts'
import { secretValues } from './secret-values.ts'
import { type FileParameter, fileParameters, type ValueFile, valueFiles } from './value-files.ts'

/** Changes whenever the same inputs would give another text. */
const VERSION = 'helm/2'

/** What a chart needs beside what every tool is given. */
export interface HelmJob extends ToolJob {
  /** As it is tracked: with its namespace in front outside of the control plane's (`ops_shop`). */
  readonly appName: string
  /** The destination's namespace; empty where none is named. */
  readonly namespace: string
  /** Other sources of the application by their `ref`. */
  readonly refs: ReadonlyMap<string, () => Promise<Snapshot>>
  readonly charts: ChartFetch
}

/** Renders the chart in a folder. Whole, or a fault. */
export async function renderHelm(snapshot: Snapshot, options: HelmOptions, job: HelmJob): Promise<RenderResult> {
  const path = joinPath('', job.path) ?? job.path
  const treeId = await snapshot.treeId(path)
  const chart = await chartOf(snapshot, path, options, job)
  const rendered = await job.tools.cache.render(snapshot, {
    parameters: await keyOf(chart),
    reuse: job.reuse,
    signal: job.signal,
    wish: async () => ({ wish: wishOf(chart), keep: true }),
    run: (tree, signal) => template(tree, chart, signal),
  })
  const command = `helm template ${shownPath(path)}`
  return {
    manifests: manifestsOfTool(command, rendered.text, TOOL_LIMITS.outputBytes),
    warnings: [...job.warnings, ...versionWarning(options.version, chart.tool)],
    skipped: [],
    treeId,
    inputs: [...job.inputs, ...rendered.inputs],
    filesAlone: false,
    kept: rendered.from === 'store',
    digest: rendered.digest,
  }
}

/** Everything that decides one render. */
interface Chart {
  readonly path: string
  readonly tool: 'helm' | 'helm4'
  readonly options: HelmOptions
  readonly release: Release
  readonly variables: ReadonlyMap<string, string>
  readonly files: readonly ValueFile[]
  readonly parameters: readonly FileParameter[]
  readonly subcharts: readonly Subchart[]
  readonly job: HelmJob
}

async function chartOf(snapshot: Snapshot, path: string, options: HelmOptions, job: HelmJob): Promise<Chart> {
  const release = await releaseOf(options, job)
  const variables = new Map([
    ...job.variables,
    ['KUBE_VERSION', release.kubeVersion],
    ['KUBE_API_VERSIONS', release.apiVersions.join(',')],
  ])
  const places = { snapshot, path, refs: job.refs, variables }
  const [files, parameters, subcharts] = await Promise.all([
    valueFiles(options, places),
    fileParameters(options, places),
    missingSubcharts(snapshot, path, { ...job.charts, passCredentials: options.passCredentials }),
  ])
  const tool = toolFor(options.version, job)
  return { path, tool, options, release, variables, files, parameters, subcharts, job }
}

/** `spec.source.helm.version`, as Argo CD once had it for `v2`; else the installation's. */
function toolFor(version: string | null, job: HelmJob): Chart['tool'] {
  const wanted = version === null || version === '' ? job.settings.helmVersion : version.replace(/^v/, '')
  return wanted === '4' ? 'helm4' : 'helm'
}

function versionWarning(version: string | null, tool: Chart['tool']): readonly RenderWarning[] {
  if (version === null || /^v?[34]?$/.test(version)) return []
  const what = `helm.version "${version}" is neither v3 nor v4: the chart is rendered by ${tool === 'helm4' ? 'Helm 4' : 'Helm 3'}`
  return [{ file: 'spec.source.helm.version', line: null, what }]
}

async function releaseOf(options: HelmOptions, job: HelmJob): Promise<Release> {
  const known = options.kubeVersion !== null && options.apiVersions.length > 0
  const cluster = known ? null : await job.cluster()
  const version = options.kubeVersion ?? cluster?.kubeVersion ?? ''
  return {
    name: releaseName(options, job.appName),
    namespace: options.namespace ?? job.namespace,
    kubeVersion: /^v?(\d+\.\d+(?:\.\d+)?)/.exec(version)?.[1] ?? version,
    apiVersions: options.apiVersions.length > 0 ? options.apiVersions : (cluster?.apiVersions ?? []),
  }
}

async function keyOf(chart: Chart) {
  const { path, tool, release, options, files, parameters, subcharts, job, variables } = chart
  const args = templateArguments(options, release, { values: [], parameters: [] }, variables)
  return jsonOf({
    renderer: VERSION,
    tool: toolIdentity(await job.tools.runner.find(tool)),
    path,
    args,
    values: inlineValues(options),
    // Of files of other sources the snapshot's own inputs say nothing.
    files: files.map(({ ref, path: file, id }) => [ref, file, ref === null ? null : id]),
    parameters: parameters.map(({ name, file }) => [name, file.ref, file.path, file.ref === null ? null : file.id]),
    subcharts: subcharts.map(subchartKey),
  })
}

/** `valuesObject` wins over `values`. JSON is YAML, and has one way to be read. */
function inlineValues({ values, valuesObject }: HelmOptions): string | null {
  if (valuesObject !== null && Object.keys(valuesObject).length > 0) return canonicalJson(valuesObject)
  return values === '' ? null : values
}

function wishOf({ path, files, parameters, subcharts }: Chart) {
  const own = [...files, ...parameters.map(({ file }) => file)].filter(({ ref }) => ref === null)
  const folders = subcharts.flatMap((subchart) => (subchart.kind === 'folder' ? [subchart.path] : []))
  return { folders: [path, ...folders], files: own.map((file) => file.path) }
}

async function template(tree: Tree, chart: Chart, signal: AbortSignal): Promise<string> {
  const { path, tool, options, release, variables, subcharts, job } = chart
  const beside = await mkdtemp(join(tree.folder, 'values-'))
  try {
    const outside = await writeOutside(beside, chart)
    const run = { tool, root: tree.root, folder: path, where: shownPath(path), beside: [beside], signal }
    const pack = async (from: string) => {
      await job.tools.runner.run({ ...run, args: ['package', join(tree.root, from), '--destination=charts'] })
    }
    await placeSubcharts({ chart: join(tree.root, path), beside, pack }, subcharts)
    const placed = ({ ref, path: file }: ValueFile) => (ref === null ? join(tree.root, file) : join(beside, ref, file))
    const args = templateArguments(
      options,
      release,
      {
        values: [...chart.files.map(placed), ...(outside.inline === null ? [] : [outside.inline])],
        parameters: chart.parameters.map(({ name, file }) => ({ name, path: placed(file) })),
      },
      variables,
    )
    const output = await job.tools.runner.run({
      ...run,
      args: ['template', '.', ...args],
      secrets: () => secretsOf([...tree.files, ...outside.files], chart),
    })
    return output.toString('utf8')
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

interface Outside {
  /** Path of the values that the Application itself holds; null where it holds none. */
  readonly inline: string | null
  readonly files: readonly FileContent[]
}

/** Writes what is not of the chart's repository: files of other sources, and the Application's own values. */
async function writeOutside(beside: string, { options, files, parameters, job }: Chart): Promise<Outside> {
  const contents: FileContent[] = []
  for (const { ref, path } of [...files, ...parameters.map(({ file }) => file)]) {
    if (ref === null) continue
    const snapshot = await job.refs.get(ref)?.()
    if (snapshot === undefined) throw new Error(`a values file is of a source with ref ${ref}, which is not there`)
    const content = await snapshot.read(path)
    contents.push(content)
    await mkdir(dirname(join(beside, ref, path)), { recursive: true, mode: 0o700 })
    await writeFile(join(beside, ref, path), content.bytes, { mode: 0o600 })
  }
  const values = inlineValues(options)
  if (values === null) return { inline: null, files: contents }
  const inline = join(beside, 'values-of-the-application.yaml')
  await writeFile(inline, values, { mode: 0o600 })
  return { inline, files: contents }
}

function secretsOf(files: readonly FileContent[], { options }: Chart): readonly string[] {
  const texts = files.map(({ bytes }) => Buffer.from(bytes).toString('utf8'))
  const own = [inlineValues(options) ?? '', ...options.parameters.map(({ name, value }) => `${name}: ${value}`)]
  return [...secretsIn(files, []), ...[...texts, ...own].flatMap(secretValues)]
}

/** @throws FaultError where a ref is one that no folder can be called by */
export function checkedRef(ref: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(ref)) return ref
  throw new FaultError({
    kind: 'invalid-input',
    what: `"${ref}" is no name for a source`,
    where: 'spec.sources: ref',
    fix: ['use letters, digits, _ and -'],
  })
}
