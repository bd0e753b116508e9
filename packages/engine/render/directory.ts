// Renders a folder of plain YAML and JSON files: which files count, and what in them is a manifest.
import { createHash } from 'node:crypto'
import type { DirectoryOptions } from '@mainstay/core/app/application.ts'
import { FaultError } from '../fault.ts'
import type { Entry, FileContent, Snapshot } from '../source/source.ts'
import { compileGlob, type Glob, GlobError } from './glob.ts'
import { inputOf, type RenderInput } from './input.ts'
import { type Evaluated, evaluateJsonnet } from './jsonnet/render.ts'
import { manifestsOfFile, manifestsOfValue, SKIP_MARK } from './manifest.ts'
import { isOverrideFile } from './overrides.ts'
import type { RenderedManifest, RenderLimits, RenderResult, RenderWarning } from './result.ts'
import { decodeText } from './text.ts'
import type { ToolJob } from './tool/job.ts'
import { TOOL_LIMITS } from './tool/runner.ts'

/** A folder to render. */
export interface DirectoryRender {
  /** From the root of the repository. */
  readonly path: string
  readonly options: DirectoryOptions
  readonly limits: RenderLimits
  readonly signal: AbortSignal | undefined
  /** Files that decided the options, for the digest. */
  readonly inputs: readonly RenderInput[]
  readonly warnings: readonly RenderWarning[]
  /** What evaluates Jsonnet files: `off` leaves them out, null refuses them. */
  readonly jsonnet: ToolJob | 'off' | null
}

/** Changes whenever the same files would give other manifests. */
const VERSION = 'directory/2'
const MANIFEST_FILE = /\.(?:yaml|yml|json|jsonnet)$/

/** Renders a folder. Whole, or a fault with file and line. */
export async function renderDirectory(snapshot: Snapshot, render: DirectoryRender): Promise<RenderResult> {
  const { path, options, limits } = render
  if (options.disableExtensionFilter) throw extensionFilter()
  const treeId = await snapshot.treeId(path)
  const files = await chooseFiles(snapshot, path, options)
  const contents = await snapshot.readAll(files, { fileBytes: limits.totalBytes, totalBytes: limits.totalBytes })
  const manifests: RenderedManifest[] = []
  const warnings: RenderWarning[] = [...render.warnings]
  const skipped: string[] = []
  const deadline = performance.now() + limits.milliseconds
  const evaluated = await evaluate(snapshot, contents, render, warnings)
  for (const file of contents) {
    await breathe(render.signal, deadline)
    const text = decodeText(file)
    if (text.includes(SKIP_MARK)) skipped.push(file.path)
    else if (!isJsonnet(file.path)) manifests.push(...manifestsOfFile(file.path, text, warnings))
    else {
      const json = evaluated?.texts.get(file.path)
      if (json !== undefined) manifests.push(...manifestsOfValue(file.path, json, TOOL_LIMITS.outputBytes))
    }
    if (manifests.length > limits.manifests) throw tooMany(file.path, limits.manifests)
  }
  const read = contents.map((file) => inputOf(file.path, { ...file, kind: 'file' }))
  const decided = [...render.inputs, ...read]
  const folder = inputOf(path, await snapshot.lookup(path))
  const inputs = [folder, ...decided, ...(evaluated?.inputs ?? [])]
  const digest = digestOf(path, options, decided, evaluated?.digest ?? null)
  return {
    manifests,
    warnings,
    skipped,
    treeId,
    inputs,
    filesAlone: evaluated === null,
    kept: evaluated?.kept ?? false,
    digest,
  }
}

function isJsonnet(path: string): boolean {
  return path.endsWith('.jsonnet')
}

/** Evaluates the Jsonnet files among the chosen ones; null where there are none. */
async function evaluate(
  snapshot: Snapshot,
  contents: readonly FileContent[],
  { jsonnet, options }: DirectoryRender,
  warnings: RenderWarning[],
): Promise<Evaluated | null> {
  const files = contents.filter((file) => isJsonnet(file.path) && !decodeText(file).includes(SKIP_MARK))
  if (files.length === 0) return null
  const paths = files.map(({ path }) => path)
  if (jsonnet === null) throw jsonnetRefused(paths[0] ?? '')
  if (jsonnet !== 'off') return evaluateJsonnet(snapshot, paths, options.jsonnet, jsonnet)
  const what = 'the file is left out: Jsonnet is turned off for this installation (jsonnet.enable)'
  warnings.push(...paths.map((file) => ({ file, line: null, what })))
  return null
}

/** The manifest files of a folder in the order of Argo CD's walk: names in order, each folder where its name stands. */
async function chooseFiles(snapshot: Snapshot, path: string, options: DirectoryOptions): Promise<readonly string[]> {
  const include = pattern('include', options.include)
  const exclude = pattern('exclude', options.exclude)
  const entries = await snapshot.list(path, { recurse: options.recurse })
  // The first entry stands in the folder itself.
  const first = entries[0]?.path ?? ''
  const prefix = first.slice(0, first.lastIndexOf('/') + 1)
  const chosen = (entry: Entry): boolean => {
    const relative = entry.path.slice(prefix.length)
    return !(exclude?.(relative) ?? false) && (include?.(relative) ?? true)
  }
  const candidates = entries.filter((entry) => entry.kind !== 'folder' && isCandidate(entry) && chosen(entry))
  if (options.recurse) await refuseSubmodules(snapshot, entries, prefix, exclude, include)
  const links = candidates.filter(({ kind }) => kind === 'symlink')
  const targets = await Promise.all(links.map(async ({ path: link }) => [link, await snapshot.lookup(link)] as const))
  const folders = new Set<string>()
  for (const [link, target] of targets) {
    if (target === null) throw dangling(link)
    // A link to a folder is not walked into, by Argo CD neither.
    if (target.kind !== 'file') folders.add(link)
  }
  return candidates.map((entry) => entry.path).filter((name) => !folders.has(name))
}

function isCandidate({ path, kind }: Entry): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return kind !== 'submodule' && MANIFEST_FILE.test(name) && !isOverrideFile(name)
}

/** Manifests of a submodule that cannot be read would be missing without a word: refused, unless they are left out anyway. */
async function refuseSubmodules(
  snapshot: Snapshot,
  entries: readonly Entry[],
  prefix: string,
  exclude: Glob | null,
  include: Glob | null,
): Promise<void> {
  for (const { path, kind } of entries) {
    if (kind !== 'submodule') continue
    const example = `${path.slice(prefix.length)}/manifest.yaml`
    if (exclude?.(example) || include?.(example) === false) continue
    // Why it cannot be read is the better answer.
    await snapshot.treeId(path)
    throw new FaultError({
      kind: 'unsupported',
      what: 'the files of a Git submodule are missing',
      where: path,
      why: 'the folder is rendered with its subfolders, and this one is another repository',
      fix: [
        `leave it out: directory.exclude: '${path.slice(prefix.length)}/*'`,
        'or use the other repository as a source of its own',
      ],
    })
  }
}

function pattern(field: 'include' | 'exclude', text: string | null): Glob | null {
  if (text === null || text === '') return null
  try {
    return compileGlob(text)
  } catch (error) {
    if (!(error instanceof GlobError)) throw error
    throw new FaultError(
      {
        kind: 'invalid-input',
        what: `directory.${field} is no pattern`,
        where: `directory.${field}: ${text}`,
        why: error.message,
        fix: ["write it like '*.yaml' or '{config.json,env-*/*}'"],
      },
      { cause: error },
    )
  }
}

/** Lets other work run between files, and stops where nobody waits any more. */
async function breathe(signal: AbortSignal | undefined, deadline: number): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
  if (signal?.aborted) throw new FaultError({ kind: 'cancelled', what: 'rendering was cancelled' })
  if (performance.now() > deadline) {
    throw new FaultError({
      kind: 'timeout',
      what: 'rendering took too long and was stopped',
      fix: ['leave out files that are no manifests (directory.exclude)', 'or split the application'],
    })
  }
}

function digestOf(
  path: string,
  options: DirectoryOptions,
  inputs: readonly RenderInput[],
  jsonnet: string | null,
): string {
  const { recurse, include, exclude } = options
  const ids = inputs.map((input) => [input.path, input.kind === 'absent' ? null : input.id])
  const whole = [VERSION, path, recurse, include, exclude, ids, jsonnet]
  return createHash('sha256').update(JSON.stringify(whole)).digest('hex')
}

function jsonnetRefused(file: string): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: 'Jsonnet is not rendered here',
    where: file,
    fix: ["leave it out: directory.exclude: '*.jsonnet'"],
  })
}

function dangling(link: string): FaultError {
  return new FaultError({
    kind: 'render-failed',
    what: 'a symlink leads to nothing',
    where: link,
    fix: ['remove the link, or put back the file that it leads to'],
  })
}

function extensionFilter(): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: 'files without a manifest extension cannot be rendered yet',
    where: 'spec.source.directory.disableExtensionFilter',
    fix: ['name the files .yaml, .yml or .json and remove the setting'],
  })
}

function tooMany(file: string, limit: number): FaultError {
  return new FaultError({
    kind: 'too-large',
    what: `the source has more than ${limit} manifests`,
    where: file,
    fix: ['split the application'],
  })
}
