// Settings of a source that stand in the repository itself: `.argocd-source.yaml` and `.argocd-source-<app>.yaml`.
import type { DirectoryOptions, SourceTool } from '@mainstay/core/app/application.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { FaultError } from '../fault.ts'
import type { Entry, FileContent, Snapshot } from '../source/source.ts'
import { type ParsedDocument, parseManifests } from '../yaml/manifests.ts'
import type { RenderInput, RenderWarning } from './result.ts'
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
const TOOLS = ['helm', 'kustomize', 'plugin']

/**
 * Merges the settings files of a folder into a source, the one for all applications first (JSON merge patch).
 * @throws FaultError `render-failed` for a file that cannot be read, `unsupported` for settings of tools
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
  return { tool: merged, inputs: files.map(({ path, id }) => ({ path, id })), warnings }
}

function mergeFile(tool: SourceTool, file: FileContent, warnings: RenderWarning[]): SourceTool {
  const { documents } = parseManifests(decodeText(file), { file: file.path, faultKind: 'render-failed' })
  const [document] = documents
  if (document === undefined) return tool
  let merged = tool
  for (const [key, value] of Object.entries(document.value)) {
    const line = document.lineOf([key])
    if (TOOLS.includes(key) && value !== null) throw unsupportedTool(key, `${file.path}:${line}`)
    if (key === 'directory') merged = mergeDirectory(merged, value, document, file.path, warnings)
    else if (PROTECTED.includes(key)) {
      warnings.push({ file: file.path, line, what: `"${key}" cannot be set here; the Application's value is used` })
    } else warnings.push({ file: file.path, line, what: `"${key}" is no setting that can be changed here` })
  }
  return merged
}

function mergeDirectory(
  tool: SourceTool,
  patch: Json,
  document: ParsedDocument<JsonObject>,
  file: string,
  warnings: RenderWarning[],
): SourceTool {
  if (patch === null) return tool.kind === 'directory' ? { kind: 'detect' } : tool
  const wrong = (key: string, wanted: string): FaultError =>
    new FaultError({
      kind: 'render-failed',
      what: `directory${key === '' ? '' : `.${key}`} must be ${wanted}`,
      where: `${file}:${document.lineOf(['directory', ...(key === '' ? [] : [key])])}`,
      fix: [`correct the value in ${file}`],
    })
  if (!isObject(patch)) throw wrong('', 'a mapping')
  const base = tool.kind === 'directory' ? tool.directory : EMPTY
  const flag = (key: 'recurse' | 'disableExtensionFilter'): boolean => {
    const value = key in patch ? (patch[key] ?? false) : base[key]
    if (typeof value !== 'boolean') throw wrong(key, 'true or false')
    return value
  }
  const text = (key: 'include' | 'exclude'): string | null => {
    const value = key in patch ? (patch[key] ?? null) : base[key]
    if (value !== null && typeof value !== 'string') throw wrong(key, 'a text')
    return value
  }
  for (const key of Object.keys(patch)) {
    if (key in EMPTY) continue
    warnings.push({ file, line: document.lineOf(['directory', key]), what: `"directory.${key}" is no known setting` })
  }
  if (isObject(patch.jsonnet) || isList(patch.jsonnet)) throw unsupportedTool('directory.jsonnet', file)
  const directory: DirectoryOptions = {
    recurse: flag('recurse'),
    include: text('include'),
    exclude: text('exclude'),
    disableExtensionFilter: flag('disableExtensionFilter'),
    jsonnet: 'jsonnet' in patch ? null : base.jsonnet,
  }
  return { kind: 'directory', directory }
}

/** Settings of a plain folder where nothing is said. */
export const EMPTY: DirectoryOptions = {
  recurse: false,
  include: null,
  exclude: null,
  disableExtensionFilter: false,
  jsonnet: null,
}

function unsupportedTool(key: string, where: string): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: `settings of ${key} in the repository cannot be used yet`,
    where,
    fix: ['use a folder of plain manifests'],
  })
}
