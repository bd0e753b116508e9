// Reads the index of a Helm repository: which charts there are, in which versions, and where each can be had.
import { FAILSAFE_SCHEMA, load, YAMLException } from 'js-yaml'
import { FaultError } from '../fault.ts'

/** One version of a chart. */
export interface ChartVersion {
  readonly version: string
  /** SHA-256 of the archive in hex; null where the index does not say. */
  readonly digest: string | null
  /** Absolute, or relative to the index. */
  readonly url: string
  readonly description: string
  /** RFC 3339; empty where the index does not say. */
  readonly created: string
}

/** Versions by the name of their chart, in the index's order. */
export type ChartIndex = ReadonlyMap<string, readonly ChartVersion[]>

/**
 * Reads `index.yaml`. One without `entries` is another document (an error that came with 200), never an index without
 * charts: Helm writes `entries: {}` for that. An entry that cannot be used (no version, no address) is left out, as Helm does.
 * @throws FaultError `source-unreadable`
 */
export function readChartIndex(text: string, where: string): ChartIndex {
  const value = fieldsOf(parsed(text, where))
  const entries = value === null ? null : fieldsOf(value.entries)
  if (value === null || value.entries === undefined || (value.entries !== '' && entries === null)) {
    throw notAnIndex(where, 'it has no entries', null)
  }
  const index = new Map<string, readonly ChartVersion[]>()
  for (const [name, list] of Object.entries(entries ?? {})) {
    if (!Array.isArray(list)) continue
    index.set(
      name,
      list.flatMap((entry) => versionOf(entry) ?? []),
    )
  }
  return index
}

/** JSON is YAML too, and is read much faster as what it is. Every value is kept as the text that it is written as. */
function parsed(text: string, where: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : load(text, { schema: FAILSAFE_SCHEMA })
  } catch (error) {
    if (error instanceof SyntaxError) throw notAnIndex(where, 'it is not valid JSON', error)
    if (error instanceof YAMLException) throw notAnIndex(where, 'it is not valid YAML', error)
    throw error
  }
}

function versionOf(value: unknown): ChartVersion | null {
  const fields = fieldsOf(value)
  if (fields === null) return null
  const url = Array.isArray(fields.urls) ? text(fields.urls[0]) : ''
  const version = text(fields.version)
  if (version === '' || url === '') return null
  const digest = text(fields.digest)
    .replace(/^sha256:/, '')
    .toLowerCase()
  return {
    version,
    digest: /^[0-9a-f]{64}$/.test(digest) ? digest : null,
    url,
    description: text(fields.description).split('\n', 1)[0] ?? '',
    created: Number.isNaN(Date.parse(text(fields.created))) ? '' : new Date(text(fields.created)).toISOString(),
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function notAnIndex(where: string, why: string, cause: unknown): FaultError {
  return new FaultError(
    {
      kind: 'source-unreadable',
      what: 'the index of the Helm repository cannot be read',
      where,
      why,
      fix: ['check that repoURL is the address of a Helm repository: <repoURL>/index.yaml must be its index'],
    },
    { cause },
  )
}
