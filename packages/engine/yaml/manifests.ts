// Reads the documents of a YAML or JSON file as Kubernetes' Go tools read them, with the line of everything.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { Event } from 'js-yaml'
import { parseEvents, YAMLException } from 'js-yaml'
import { FaultError, type FaultKind } from '../fault.ts'
import { ComposeError, compose, type DuplicateKey } from './compose.ts'
import { locateYaml } from './locate.ts'
import { type Position, positionsIn } from './position.ts'
import { indentQuoted } from './quoted.ts'
import { type FieldPath, locateJson, readJson } from './strict-json.ts'

/** What a file may cost to read. */
export interface ParseLimits {
  /** UTF-8 bytes of the text. */
  readonly bytes: number
  /** Documents in one file, empty ones included. */
  readonly documents: number
  /** Nesting of lists and mappings, aliases followed. */
  readonly depth: number
  /** Values and characters that aliases may add in one file. */
  readonly aliasGrowth: number
}

/** Limits for manifests: far above anything an API server takes, far below what hurts. */
export const PARSE_LIMITS: ParseLimits = {
  bytes: 10 * 1024 * 1024,
  documents: 10_000,
  depth: 200,
  aliasGrowth: 1_000_000,
}

/** How to read, and how to speak of failures. */
export interface ParseOptions {
  /** Name of the file for errors. `.json` is read as strict JSON with exactly one value, as Argo CD does. */
  readonly file: string
  readonly limits?: Partial<ParseLimits>
  /** Class of the fault for a text that cannot be read. Default `invalid-input`. */
  readonly faultKind?: FaultKind
}

/** One document that is not empty. */
export interface ParsedDocument<Value extends Json = Json> {
  readonly value: Value
  /** 1-based number in the file; empty documents count. */
  readonly document: number
  /** 1-based line of the first key or value. */
  readonly line: number
  /** 1-based line of the deepest part of a path that exists. Reads the text again, so only for errors. */
  lineOf(path: FieldPath): number
}

/** Something that was read, but that its writer probably did not mean. */
export interface ParseWarning {
  readonly file: string
  readonly line: number
  /** 1-based number of the document. */
  readonly document: number
  /** One sentence without a full stop. */
  readonly what: string
}

/** All documents of a file that are not empty, and what is odd about them. */
export interface ParsedFile<Value extends Json = Json> {
  readonly documents: readonly ParsedDocument<Value>[]
  readonly warnings: readonly ParseWarning[]
}

/**
 * Reads every document of a YAML or JSON file. Scalars mean what they mean to kubectl (`yes` is true, `0755` is 493),
 * integers keep all 64 bits, duplicate keys and `<<` follow Go. Documents without content are left out.
 *
 * @throws FaultError (`faultKind`, or `too-large`) with `where` = `file:line:column`.
 */
export function parseDocuments(text: string, options: ParseOptions): ParsedFile {
  const limits: ParseLimits = { ...PARSE_LIMITS, ...options.limits }
  const size = Buffer.byteLength(text)
  if (size > limits.bytes) throw tooLarge(options.file, `${size} bytes of ${limits.bytes} allowed`)
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  if (options.file.endsWith('.json')) return parseStrictJson(source, options, limits)
  return parseJsonStream(source, options, limits) ?? parseYaml(source, options, limits)
}

/** Reads manifests: as `parseDocuments`, but a document that is no mapping is a fault. */
export function parseManifests(text: string, options: ParseOptions): ParsedFile<JsonObject> {
  const { documents, warnings } = parseDocuments(text, options)
  const manifests = documents.map((parsed): ParsedDocument<JsonObject> => {
    const { value, document, line } = parsed
    if (isObject(value)) return { value, document, line, lineOf: (path) => parsed.lineOf(path) }
    throw new FaultError({
      kind: options.faultKind ?? 'invalid-input',
      what: 'a manifest must be a mapping with apiVersion and kind',
      where: `${options.file}:${line}`,
      why: `document ${document} is a ${Array.isArray(value) ? 'list' : typeof value}`,
      fix: ['write each object as its own document, separated by a line "---"'],
    })
  })
  return { documents: manifests, warnings }
}

function parseStrictJson(text: string, options: ParseOptions, limits: ParseLimits): ParsedFile {
  const read = reporting(text, options, () => readJson(text, 0, limits))
  if (read.end < text.length) {
    throw syntaxFault(text, read.end, 'the file holds more than one JSON value', options)
  }
  return jsonFile(text, [{ ...read, from: 0 }], options)
}

/** A YAML file that is really JSON (one value or several in a row), or null where it is not. */
function parseJsonStream(text: string, options: ParseOptions, limits: ParseLimits): ParsedFile | null {
  if (!/^\s*\{/.test(text)) return null
  const values: (ReturnType<typeof readJson> & { readonly from: number })[] = []
  try {
    for (let from = 0; from < text.length; from = values.at(-1)?.end ?? text.length) {
      values.push({ ...readJson(text, from, limits), from })
      if (values.length > limits.documents) throw tooLarge(options.file, `more than ${limits.documents} documents`)
    }
  } catch (error) {
    // Not JSON after all: a YAML flow mapping begins with the same brace.
    if (error instanceof ComposeError) return null
    throw error
  }
  return jsonFile(text, values, options)
}

function jsonFile(
  text: string,
  values: readonly (ReturnType<typeof readJson> & { readonly from: number })[],
  options: ParseOptions,
): ParsedFile {
  const place = positionsIn(text)
  const warnings: ParseWarning[] = []
  const documents = values.flatMap((read, index): ParsedDocument[] => {
    const document = index + 1
    warnings.push(...duplicateWarnings(place, read.duplicates, document, options.file))
    if (read.value === null) return []
    const line = place(read.offset).line
    const lineOf = (path: FieldPath) => place(locateJson(text, read.from, path)).line
    return [{ value: read.value, document, line, lineOf }]
  })
  return { documents, warnings }
}

function parseYaml(text: string, options: ParseOptions, limits: ParseLimits): ParsedFile {
  const { source, events } = eventsOf(text, options, limits)
  const composed = reporting(source, options, () => compose(source, events, limits))
  if (composed.length > limits.documents) throw tooLarge(options.file, `more than ${limits.documents} documents`)
  const place = positionsIn(source)
  const warnings: ParseWarning[] = []
  const documents = composed.flatMap((one, index): ParsedDocument[] => {
    const document = index + 1
    warnings.push(...duplicateWarnings(place, one.duplicates, document, options.file))
    if (one.value === null) return []
    const line = place(one.offset).line
    const lineOf = (path: FieldPath) => {
      const found = locateYaml(source, parseEvents(source, { maxDepth: limits.depth }), one.event, path)
      return found < 0 ? line : place(found).line
    }
    return [{ value: one.value, document, line, lineOf }]
  })
  return { documents, warnings }
}

/** The parser's events, of the text or (where the parser refuses it) of the text with quoted scalars indented. */
function eventsOf(text: string, options: ParseOptions, limits: ParseLimits): { source: string; events: Event[] } {
  try {
    return { source: text, events: parseEvents(text, { maxDepth: limits.depth }) }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const source = indentQuoted(text)
    if (source !== text) {
      try {
        return { source, events: parseEvents(source, { maxDepth: limits.depth }) }
      } catch (second) {
        // The first error speaks of the text as it was written; that is the one to report.
        if (!(second instanceof YAMLException)) throw second
      }
    }
    throw syntaxFault(text, error.mark?.position ?? 0, error.reason, options, error)
  }
}

function reporting<T>(text: string, options: ParseOptions, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ComposeError) throw syntaxFault(text, error.offset, error.message, options, error)
    throw error
  }
}

function syntaxFault(text: string, offset: number, reason: string, options: ParseOptions, cause?: Error): FaultError {
  const { line, column } = positionsIn(text)(offset)
  const format = options.file.endsWith('.json') ? 'JSON' : 'YAML'
  return new FaultError(
    {
      kind: options.faultKind ?? 'invalid-input',
      what: `the file is not valid ${format}`,
      where: `${options.file}:${line}:${column}`,
      why: reason,
      fix: [`correct line ${line} of ${options.file}`],
    },
    { cause },
  )
}

function tooLarge(file: string, why: string): FaultError {
  return new FaultError({
    kind: 'too-large',
    what: 'the file is too large to be read as manifests',
    where: file,
    why,
    fix: ['split the file, or leave it out of the source'],
  })
}

function duplicateWarnings(
  place: (offset: number) => Position,
  duplicates: readonly DuplicateKey[],
  document: number,
  file: string,
): readonly ParseWarning[] {
  return duplicates.map(({ key, offset }) => ({
    file,
    line: place(offset).line,
    document,
    what: `the key "${key}" is written twice; the last value is used`,
  }))
}
