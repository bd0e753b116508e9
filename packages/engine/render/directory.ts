// Renders a folder of plain YAML and JSON files: which files count, and what in them is a manifest.
import { createHash } from 'node:crypto'
import type { DirectoryOptions } from '@mainstay/core/app/application.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { FaultError } from '../fault.ts'
import type { Entry, Snapshot } from '../source/source.ts'
import { type ParsedDocument, parseDocuments } from '../yaml/manifests.ts'
import { compileGlob, type Glob, GlobError } from './glob.ts'
import { isOverrideFile } from './overrides.ts'
import type { RenderedManifest, RenderInput, RenderLimits, RenderResult, RenderWarning } from './result.ts'
import { decodeText } from './text.ts'

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
}

/** Changes whenever the same files would give other manifests. */
const VERSION = 'directory/1'
const MANIFEST_FILE = /\.(?:yaml|yml|json|jsonnet)$/
const SKIP_MARK = '+argocd:skip-file-rendering'

/** Renders a folder. Whole, or a fault with file and line. */
export async function renderDirectory(snapshot: Snapshot, render: DirectoryRender): Promise<RenderResult> {
  const { path, options, limits } = render
  if (options.disableExtensionFilter) throw extensionFilter()
  const treeId = await snapshot.treeId(path)
  const folder = (await snapshot.lookup(path))?.realPath ?? ''
  const files = await chooseFiles(snapshot, path, options)
  const contents = await snapshot.readAll(files, { fileBytes: limits.totalBytes, totalBytes: limits.totalBytes })
  const manifests: RenderedManifest[] = []
  const warnings: RenderWarning[] = [...render.warnings]
  const skipped: string[] = []
  const deadline = performance.now() + limits.milliseconds
  for (const file of contents) {
    await breathe(render.signal, deadline)
    const text = decodeText(file)
    if (text.includes(SKIP_MARK)) skipped.push(file.path)
    else manifests.push(...manifestsOf(file.path, text, warnings))
    if (manifests.length > limits.manifests) throw tooMany(file.path, limits.manifests)
  }
  const inputs = [...render.inputs, ...contents.map(({ path: name, id }) => ({ path: name, id }))]
  const outside = contents
    .filter(({ realPath }) => folder !== '' && !realPath.startsWith(`${folder}/`))
    .map(({ realPath, id }) => ({ path: realPath, id }))
  return { manifests, warnings, skipped, treeId, inputs, outside, digest: digestOf(path, options, inputs) }
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
  if (options.recurse) refuseSubmodules(entries, prefix, exclude, include)
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

/** Manifests in a submodule would be missing without a word: refused, unless the patterns leave them out anyway. */
function refuseSubmodules(entries: readonly Entry[], prefix: string, exclude: Glob | null, include: Glob | null): void {
  for (const { path, kind } of entries) {
    if (kind !== 'submodule') continue
    const example = `${path.slice(prefix.length)}/manifest.yaml`
    if (exclude?.(example) || include?.(example) === false) continue
    throw new FaultError({
      kind: 'unsupported',
      what: 'files of Git submodules cannot be read yet',
      where: path,
      why: 'the folder is rendered with its subfolders, and this one is another repository',
      fix: [
        `leave it out: directory.exclude: '${path.slice(prefix.length)}/*'`,
        'or use the other repository as a source of its own',
      ],
    })
  }
}

/** The manifests of one file; none for a file that plainly is something else. */
function manifestsOf(file: string, text: string, warnings: RenderWarning[]): readonly RenderedManifest[] {
  if (file.endsWith('.jsonnet')) throw jsonnet(file)
  const parsed = parseDocuments(text, { file, faultKind: 'render-failed' })
  warnings.push(...parsed.warnings.map(({ line, what }) => ({ file, line, what })))
  const { documents } = parsed
  if (documents.length > 0 && !file.endsWith('.json') && documents.every(({ value }) => isSomethingElse(value))) {
    const what = 'the file is no Kubernetes manifest (no kind, no apiVersion with metadata) and is left out'
    warnings.push({ file, line: documents[0]?.line ?? null, what })
    return []
  }
  return documents.map((document) => manifestOf(file, document))
}

/**
 * True for a value that nobody can have meant as a manifest (values of a chart, a workflow). A manifest with a slip in it
 * still shows one of these keys, and must be a fault: leaving it out would remove its object from the cluster.
 */
function isSomethingElse(value: Json): boolean {
  if (isList(value)) return value.every(isSomethingElse)
  if (!isObject(value)) return false
  if ('kind' in value) return false
  return !('metadata' in value && ('apiVersion' in value || 'spec' in value || 'data' in value))
}

function manifestOf(file: string, document: ParsedDocument): RenderedManifest {
  const { value, line } = document
  if (!isObject(value)) {
    const what = isList(value) ? 'a list' : 'a single value'
    throw notAManifest(file, line, `document ${document.document} is ${what}, not an object with apiVersion and kind`)
  }
  for (const key of ['apiVersion', 'kind']) {
    if (typeof value[key] === 'string' && value[key] !== '') continue
    const state = key in value ? 'is not a text' : 'is missing'
    throw notAManifest(file, document.lineOf([key]), `document ${document.document}: ${key} ${state}`)
  }
  return rendered(file, value, document)
}

function rendered(file: string, value: JsonObject, document: ParsedDocument): RenderedManifest {
  const origin = { file, document: document.document, line: document.line }
  return { value, origin, lineOf: (path) => document.lineOf(path) }
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

function digestOf(path: string, options: DirectoryOptions, inputs: readonly RenderInput[]): string {
  const { recurse, include, exclude } = options
  const whole = [VERSION, path, recurse, include, exclude, inputs.map((input) => [input.path, input.id])]
  return createHash('sha256').update(JSON.stringify(whole)).digest('hex')
}

function notAManifest(file: string, line: number, why: string): FaultError {
  return new FaultError({
    kind: 'render-failed',
    what: 'the file holds something that is no Kubernetes manifest',
    where: `${file}:${line}`,
    why,
    fix: ['complete the manifest', `or leave the file out: directory.exclude, or the comment "# ${SKIP_MARK}" in it`],
  })
}

function jsonnet(file: string): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: 'Jsonnet cannot be rendered yet',
    where: file,
    fix: ['commit the manifests that it generates', "or leave it out: directory.exclude: '*.jsonnet'"],
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
