// Settings of a source that stand in the repository itself: `.argocd-source.yaml` and `.argocd-source-<app>.yaml`.
import type { DirectoryOptions, SourceTool } from '@mainstay/core/app/application.ts'
import { type Notes, readFields } from '@mainstay/core/app/fields.ts'
import { readTool } from '@mainstay/core/app/read-tools.ts'
import { jsonOf } from '@mainstay/core/object/canonical.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { FaultError } from '../fault.ts'
import type { Entry, FileContent, Snapshot } from '../source/source.ts'
import { type ParsedDocument, parseManifests } from '../yaml/manifests.ts'
import { inputOf, type RenderInput } from './input.ts'
import type { RenderWarning } from './result.ts'
import { decodeText } from './text.ts'

/** The tool settings after the files of the repository were merged in. */
export interface Overridden {
  readonly tool: SourceTool
  readonly inputs: readonly RenderInput[]
  readonly warnings: readonly RenderWarning[]
}

const SHARED = '.argocd-source.yaml'

/** True for a file that holds settings, and so no manifest. */
export function isOverrideFile(name: string): boolean {
  return name === SHARED || (name.startsWith('.argocd-source-') && name.endsWith('.yaml'))
}

/** Fields that a repository cannot change: Argo CD leaves them as the Application has them. */
const PROTECTED = ['repoURL', 'path', 'chart', 'targetRevision']
const TOOLS = ['directory', 'helm', 'kustomize', 'plugin']

/**
 * Merges the settings files of a folder into a source, the one for all applications first (JSON merge patch).
 * @throws FaultError `render-failed` for a file that cannot be read or that makes no valid settings
 */
export async function applyOverrides(
  snapshot: Snapshot,
  entries: readonly Entry[],
  tool: SourceTool,
  appName: string | null,
): Promise<Overridden> {
  const names = appName === null ? [SHARED] : [SHARED, `.argocd-source-${appName}.yaml`]
  const paths = names.flatMap((name) => entries.find(({ path }) => path.split('/').at(-1) === name)?.path ?? [])
  const files = await snapshot.readAll(paths)
  const warnings: RenderWarning[] = []
  let merged = tool
  for (const file of files) merged = mergeFile(merged, file, warnings)
  return { tool: merged, inputs: files.map((file) => inputOf(file.path, { ...file, kind: 'file' })), warnings }
}

function mergeFile(tool: SourceTool, file: FileContent, warnings: RenderWarning[]): SourceTool {
  const { documents } = parseManifests(decodeText(file), { file: file.path, faultKind: 'render-failed' })
  const [document] = documents
  if (document === undefined) return tool
  for (const key of Object.keys(document.value)) {
    if (TOOLS.includes(key)) continue
    const line = document.lineOf([key])
    const isProtected = PROTECTED.includes(key)
    const what = isProtected
      ? "cannot be set here; the Application's value is used"
      : 'is no setting that can be changed here'
    warnings.push({ file: file.path, line, what: `"${key}" ${what}` })
  }
  const patch = Object.fromEntries(Object.entries(document.value).filter(([key]) => TOOLS.includes(key)))
  const merged = mergePatch(written(tool), patch)
  return readMerged(isObject(merged) ? merged : {}, document, file.path, warnings)
}

/** Reads the merged settings as an Application's are read; what is wrong with them is in the file that was merged in. */
function readMerged(
  merged: JsonObject,
  document: ParsedDocument<JsonObject>,
  file: string,
  warnings: RenderWarning[],
): SourceTool {
  const notes: Notes = { where: file, problems: [], findings: [] }
  const fields = readFields(merged, '', notes)
  const tool = fields === null ? null : readTool(fields, notes)
  const [problem] = notes.problems
  if (problem !== undefined || tool === null) {
    const field = problem?.field ?? null
    throw new FaultError({
      kind: 'render-failed',
      what: problem?.what ?? 'the settings cannot be read',
      where: `${file}:${document.lineOf(keysOf(field ?? ''))}`,
      fix: [problem?.fix ?? `correct ${file}`],
    })
  }
  for (const { title } of notes.findings) {
    const field = title.split(' ')[0] ?? ''
    warnings.push({ file, line: document.lineOf(keysOf(field)), what: `"${field}" is no known setting` })
  }
  return tool
}

/** A tool's settings as an Application has them: without fields that are not set. */
function written(tool: SourceTool): JsonObject {
  switch (tool.kind) {
    case 'detect':
      return {}
    case 'directory':
      return { directory: filled(jsonOf(tool.directory)) }
    case 'helm':
      return { helm: filled(jsonOf(tool.helm)) }
    case 'kustomize':
      return { kustomize: filled(jsonOf(tool.kustomize)) }
    case 'plugin':
      return { plugin: filled(jsonOf(tool.plugin)) }
  }
}

function filled(settings: Json): JsonObject {
  return isObject(settings) ? Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null)) : {}
}

/** JSON merge patch (RFC 7396): null removes, mappings are merged, everything else replaces. */
function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  const merged = new Map(Object.entries(isObject(target) ? target : {}))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), value))
  }
  return Object.fromEntries(merged)
}

/** `kustomize.images[0]` → the keys on the way; enough to find a line. */
function keysOf(field: string): readonly (string | number)[] {
  return [...field.matchAll(/([A-Za-z_][A-Za-z0-9_-]*)|\[([0-9]+)\]/g)].map(([, key, index]) => key ?? Number(index))
}

/** Settings of a plain folder where nothing is said. */
export const EMPTY: DirectoryOptions = {
  recurse: false,
  include: null,
  exclude: null,
  disableExtensionFilter: false,
  jsonnet: null,
}
