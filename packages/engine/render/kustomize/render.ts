// Renders a kustomization by the real kustomize: edited in a copy as Argo CD edits it, then built.
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KustomizeOptions } from '@mainstay/core/app/application.ts'
import { canonicalJson, jsonOf } from '@mainstay/core/object/canonical.ts'
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { FaultError } from '../../fault.ts'
import type { Snapshot } from '../../source/source.ts'
import { parseDocuments } from '../../yaml/manifests.ts'
import type { RenderedText } from '../cache/rendering.ts'
import { manifestsOfTool } from '../manifest.ts'
import { joinPath, shownPath } from '../path.ts'
import type { RenderResult } from '../result.ts'
import { secretsIn } from '../secrets.ts'
import type { ToolJob } from '../tool/job.ts'
import { toolIdentity } from '../tool/job.ts'
import { TOOL_LIMITS } from '../tool/runner.ts'
import type { Tree } from '../tree/materialise.ts'
import { type BuildOptions, buildOptionsFor } from './build-options.ts'
import { type Closure, KUSTOMIZATION_FILES, kustomizeClosure } from './closure.ts'
import { type Edits, editsOf, referencesOfEdits } from './edits.ts'

/** Changes whenever the same inputs would give another text. */
const VERSION = 'kustomize/1'

/** Renders a source with kustomize. Whole, or a fault. */
export async function renderKustomize(
  snapshot: Snapshot,
  options: KustomizeOptions,
  job: ToolJob,
): Promise<RenderResult> {
  const path = joinPath('', job.path) ?? job.path
  const treeId = await snapshot.treeId(path)
  const tool = await job.tools.runner.find('kustomize')
  const rendered = await renderText(snapshot, path, options, job)
  const manifests = manifestsOfTool(`kustomize build ${shownPath(path)}`, rendered.text, TOOL_LIMITS.outputBytes)
  const warnings = [...job.warnings, ...versionWarning(options.version, tool.version)]
  return {
    manifests,
    warnings,
    skipped: [],
    treeId,
    inputs: [...job.inputs, ...rendered.inputs],
    filesAlone: false,
    kept: rendered.from === 'store',
    digest: rendered.digest,
  }
}

/** What the parts of one render share. */
interface Build {
  readonly path: string
  readonly edits: Edits
  readonly args: readonly string[]
  /** Path of the helm that kustomize may run. */
  readonly helm: string | null
  readonly job: ToolJob
}

async function renderText(
  snapshot: Snapshot,
  path: string,
  options: KustomizeOptions,
  job: ToolJob,
): Promise<RenderedText> {
  const edits = editsOf(options, job.variables)
  const build = buildOptionsFor(job.settings, options.version)
  const args = [...build.args, ...(await versionArguments(options, build, job))]
  const helm = build.helm ? await job.tools.runner.find('helm') : null
  const parameters: Json = {
    renderer: VERSION,
    tools: [toolIdentity(await job.tools.runner.find('kustomize')), helm === null ? null : toolIdentity(helm)],
    path,
    edits: jsonOf(edits),
    args,
    remote: job.settings.remoteBases,
  }
  const commandArgs = helm === null ? args : [...args, '--helm-command', helm.path]
  let closure: Closure | null = null
  return job.tools.cache.render(snapshot, {
    parameters,
    reuse: job.reuse,
    signal: job.signal,
    wish: async () => {
      const added = referencesOfEdits(edits)
      closure = await kustomizeClosure(snapshot, path, { remote: job.settings.remoteBases, helm: build.helm, added })
      return { wish: closure.wish, keep: !closure.remote }
    },
    run: (tree, signal) =>
      buildIn(tree, { path, edits, args: commandArgs, helm: helm?.path ?? null, job }, closure, signal),
  })
}

/** Argo CD tells Helm of the cluster where kustomize may run it: what the source names, else what the cluster has. */
async function versionArguments(
  options: KustomizeOptions,
  build: BuildOptions,
  job: ToolJob,
): Promise<readonly string[]> {
  if (!build.helm) return []
  const known = options.kubeVersion !== null && options.apiVersions.length > 0
  const cluster = known ? null : await job.cluster()
  const version = plainVersion(options.kubeVersion ?? cluster?.kubeVersion ?? '')
  const apiVersions = options.apiVersions.length > 0 ? options.apiVersions : (cluster?.apiVersions ?? [])
  return [
    ...(version === '' ? [] : ['--helm-kube-version', version]),
    ...apiVersions.toSorted().flatMap((each) => ['--helm-api-versions', each]),
  ]
}

/** `v1.36.3+k3s1` as Helm takes it: `1.36.3`. */
function plainVersion(version: string): string {
  return /^v?(\d+\.\d+(?:\.\d+)?)/.exec(version)?.[1] ?? version
}

async function buildIn(tree: Tree, build: Build, closure: Closure | null, signal: AbortSignal): Promise<string> {
  const { path, edits, args, job } = build
  const secrets = () => secretsIn(tree.files, closure?.secretFiles ?? [])
  const limits = { milliseconds: job.limits.milliseconds }
  const programs = build.helm === null ? [] : [build.helm]
  const base = { tool: 'kustomize', programs, root: tree.root, where: shownPath(path), secrets, limits, signal }
  const edit = (words: readonly string[]) => job.tools.runner.run({ ...base, folder: path, args: ['edit', ...words] })
  for (const command of edits.commands) await edit(command)
  if (edits.patches.length > 0) await addPatches(join(tree.root, path), shownPath(path), edits)
  const components = edits.ignoreMissingComponents
    ? edits.components.filter((component) => existsSync(join(tree.root, path, component)))
    : edits.components
  if (components.length > 0) await edit(['add', 'component', ...components])
  const network = closure?.remote === true
  const built = await job.tools.runner.run({
    ...base,
    folder: '',
    args: ['build', join(tree.root, path), ...args],
    network,
  })
  return built.toString('utf8')
}

/** Adds patches to the kustomization of a folder. It is written as JSON, which is YAML and has one way to be read. */
async function addPatches(folder: string, where: string, edits: Edits): Promise<void> {
  const name = KUSTOMIZATION_FILES.find((each) => existsSync(join(folder, each)))
  if (name === undefined) {
    throw new FaultError({
      kind: 'render-failed',
      what: 'there is no kustomization to patch',
      where,
      fix: [`write ${KUSTOMIZATION_FILES[0]} into the folder`, 'or correct spec.source.path'],
    })
  }
  const text = await readFile(join(folder, name), 'utf8')
  const { documents } = parseDocuments(text, { file: `${where}/${name}`, faultKind: 'render-failed' })
  const value = documents[0]?.value ?? {}
  const before = isObject(value) ? (value.patches ?? []) : null
  if (!isObject(value) || !isList(before)) {
    throw new FaultError({
      kind: 'render-failed',
      what: `${isObject(value) ? 'patches' : 'the kustomization'} has the wrong type`,
      where: `${where}/${name}`,
      fix: ['write a mapping in which patches is a list'],
    })
  }
  await writeFile(join(folder, name), canonicalJson({ ...value, patches: [...before, ...edits.patches] }))
}

/** A source may name the version it was written for; there is one, and a difference should be seen. */
function versionWarning(wanted: string | null, version: string | null): RenderResult['warnings'] {
  if (wanted === null || wanted.replace(/^v/, '') === version) return []
  const what = `kustomize ${wanted} is asked for and ${version ?? 'the one that the environment names'} is used`
  return [{ file: 'spec.source.kustomize.version', line: null, what }]
}
