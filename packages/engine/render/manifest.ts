// What in a text is a manifest: documents with apiVersion and kind, or a fault that says which has none.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { FaultError } from '../fault.ts'
import { type ParsedDocument, parseDocuments } from '../yaml/manifests.ts'
import type { RenderedManifest, RenderWarning } from './result.ts'

/** Documents of one tool; no cluster has so many objects of one application. */
const MAX_DOCUMENTS = 100_000

/** Text in a file that keeps it from being rendered. */
export const SKIP_MARK = '+argocd:skip-file-rendering'

/** The manifests of one file of a folder; none for a file that plainly is something else. */
export function manifestsOfFile(file: string, text: string, warnings: RenderWarning[]): readonly RenderedManifest[] {
  const parsed = parseDocuments(text, { file, faultKind: 'render-failed' })
  warnings.push(...parsed.warnings.map(({ line, what }) => ({ file, line, what })))
  const { documents } = parsed
  if (documents.length > 0 && !file.endsWith('.json') && documents.every(({ value }) => isSomethingElse(value))) {
    const what = 'the file is no Kubernetes manifest (no kind, no apiVersion with metadata) and is left out'
    warnings.push({ file, line: documents[0]?.line ?? null, what })
    return []
  }
  return documents.map((document) => manifestOf(file, document, 'file'))
}

/**
 * The manifests that a tool wrote. `command` stands in the place of a file: lines of what is thrown away again would
 * lead nobody anywhere, so the origin has none.
 */
export function manifestsOfTool(command: string, text: string, outputBytes: number): readonly RenderedManifest[] {
  const limits = { bytes: outputBytes, documents: MAX_DOCUMENTS }
  const { documents } = parseDocuments(text, { file: command, faultKind: 'render-failed', limits })
  return documents.map((document) => manifestOf(command, document, 'tool'))
}

/** The manifests of one JSON value that a program made: an object, or a list of them. */
export function manifestsOfValue(file: string, text: string, outputBytes: number): readonly RenderedManifest[] {
  const named = `${file} (evaluated).json`
  const { documents } = parseDocuments(text, {
    file: named,
    faultKind: 'render-failed',
    limits: { bytes: outputBytes },
  })
  return documents.flatMap((document) => {
    const values = isList(document.value) ? document.value : [document.value]
    return values.map((value, index) => manifestOf(file, { ...document, value, document: index + 1 }, 'tool'))
  })
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

function manifestOf(file: string, document: ParsedDocument, from: 'file' | 'tool'): RenderedManifest {
  const { value } = document
  const at = (line: number) => (from === 'file' ? `${file}:${line}` : `${file} (document ${document.document})`)
  if (!isObject(value)) {
    const what = isList(value) ? 'a list' : 'a single value'
    const why = `document ${document.document} is ${what}, not an object with apiVersion and kind`
    throw notAManifest(at(document.line), why, from)
  }
  for (const key of ['apiVersion', 'kind']) {
    if (typeof value[key] === 'string' && value[key] !== '') continue
    const state = key in value ? 'is not a text' : 'is missing'
    throw notAManifest(at(document.lineOf([key])), `document ${document.document}: ${key} ${state}`, from)
  }
  return rendered(file, value, document, from)
}

function rendered(file: string, value: JsonObject, document: ParsedDocument, from: 'file' | 'tool'): RenderedManifest {
  const origin = { file, document: document.document, line: from === 'file' ? document.line : null }
  return { value, origin, lineOf: (path) => document.lineOf(path) }
}

function notAManifest(where: string, why: string, from: 'file' | 'tool'): FaultError {
  const leave = `or leave the file out: directory.exclude, or the comment "# ${SKIP_MARK}" in it`
  return new FaultError({
    kind: 'render-failed',
    what: `${from === 'file' ? 'the file holds' : 'the tool gave'} something that is no Kubernetes manifest`,
    where,
    why,
    fix: from === 'file' ? ['complete the manifest', leave] : ['complete the manifest in its source'],
  })
}
