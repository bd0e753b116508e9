// Reads the types that an API server publishes (OpenAPI v3), one group-version at a time, and keeps them by their hash.
import type { SchemaLookup } from '@mainstay/core/diff/schema.ts'
import { isList, isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { isFault } from '../fault.ts'
import { parseJson } from '../json/parse.ts'
import { stringifyJson } from '../json/stringify.ts'
import { answerJson } from './answer.ts'
import { type DocumentLookup, documentLookup } from './openapi-schema.ts'
import { groupVersionPath } from './resource-path.ts'
import type { Transport } from './transport.ts'

/** A place outside this process where documents are kept by their hash, so that the next process need not ask. */
export interface SchemaStore {
  /** The text put under this key, or null. */
  get(key: string): Promise<string | null>
  put(key: string, text: string): Promise<void>
}

/** One group in one version. */
export interface GroupVersion {
  readonly group: string
  readonly version: string
}

/** A group-version whose types could not be read: its kinds are compared without them. */
export interface SchemaGap extends GroupVersion {
  readonly reason: string
}

/** Types of some group-versions. */
export interface Schemas {
  /** Null for kinds whose group-version published nothing, or is a gap. */
  readonly lookup: SchemaLookup
  readonly gaps: readonly SchemaGap[]
}

const maxBytes = 64 * 1024 * 1024
const timeoutMs = 60_000

/** The types of one cluster. Documents are kept for the life of the catalog, by hash. */
export interface SchemaCatalog {
  /**
   * Reads the index (one request) and the documents that are not yet known in their present form.
   * @throws FaultError when the server cannot be reached; a document that cannot be read is a gap
   */
  load(wanted: readonly GroupVersion[], signal?: AbortSignal): Promise<Schemas>
}

/** Opens the catalog of a cluster; nothing is read before the first `load`. */
export function openSchemas(transport: Transport, store: SchemaStore | null = null): SchemaCatalog {
  const documents = new Map<string, Promise<DocumentLookup>>()
  return {
    load: async (wanted, signal) => {
      const index = await readIndex(transport, signal)
      const lookups = new Map<string, DocumentLookup>()
      const gaps: SchemaGap[] = []
      const read = async ({ group, version }: GroupVersion): Promise<void> => {
        const url = index.get(groupVersionPath({ group, version }).slice(1))
        if (url === undefined) return
        try {
          lookups.set(keyOf(group, version), await kept(documents, url, () => readDocument(transport, url, store)))
        } catch (error) {
          if (!isFault(error) || error.fault.kind === 'cancelled') throw error
          gaps.push({ group, version, reason: error.fault.why ?? error.fault.what })
        }
      }
      await Promise.all([...new Map(wanted.map((each) => [keyOf(each.group, each.version), each])).values()].map(read))
      const lookup: SchemaLookup = (group, version, kind) =>
        lookups.get(keyOf(group, version))?.(group, version, kind) ?? null
      return { lookup, gaps }
    },
  }
}

function keyOf(group: string, version: string): string {
  return `${group}/${version}`
}

/** One read serves all that ask for the same document; a failed one is forgotten so that it is tried again. */
function kept(
  documents: Map<string, Promise<DocumentLookup>>,
  url: string,
  read: () => Promise<DocumentLookup>,
): Promise<DocumentLookup> {
  const before = documents.get(url)
  if (before !== undefined) return before
  const reading = read()
  documents.set(url, reading)
  reading.catch(() => documents.delete(url))
  return reading
}

/** `apis/apps/v1` → `/openapi/v3/apis/apps/v1?hash=…`. Empty where the server publishes none, or not to this user. */
async function readIndex(transport: Transport, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, string>> {
  const path = '/openapi/v3'
  try {
    const paths = valueAt(await readJson(transport, path, signal), 'paths')
    const entries = isObject(paths) ? Object.entries(paths) : []
    return new Map(
      entries.flatMap(([name, entry]) => {
        const url = stringAt(entry, 'serverRelativeURL')
        // Only paths below the server's own index: the answer must not send our credentials elsewhere.
        return url?.startsWith(`${path}/`) === true ? [[name, url]] : []
      }),
    )
  } catch (error) {
    if (isFault(error, 'not-found') || isFault(error, 'forbidden') || isFault(error, 'unsupported')) return new Map()
    throw error
  }
}

async function readDocument(transport: Transport, url: string, store: SchemaStore | null): Promise<DocumentLookup> {
  // Without a hash nothing says that the document is still the same.
  const keep = /[?&]hash=/.test(url) ? store : null
  const known = await readKept(keep, url)
  if (known !== null) return documentLookup(known)
  // Not bound to one caller's signal: others may wait for the same document.
  const schemas = bare(valueAt(await readJson(transport, url, undefined), 'components', 'schemas') ?? {})
  if (!isObject(schemas)) return () => null
  await keep?.put(url, stringifyJson(schemas))
  return documentLookup(schemas)
}

/** A kept document, or null; one that cannot be read any more is as good as none, because the server still has it. */
async function readKept(store: SchemaStore | null, url: string): Promise<JsonObject | null> {
  const text = (await store?.get(url)) ?? null
  if (text === null) return null
  try {
    const schemas = parseJson(text, 'kept types')
    return isObject(schemas) ? schemas : null
  } catch (error) {
    if (isFault(error, 'invalid-input')) return null
    throw error
  }
}

async function readJson(transport: Transport, path: string, signal: AbortSignal | undefined): Promise<Json> {
  const what = 'cannot read the types that the cluster publishes'
  const answer = await transport.send({
    verb: 'discover',
    method: 'GET',
    path,
    what,
    maxBytes,
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
  })
  return answerJson(answer.text, what, path.replace(/\?.*$/, ''))
}

/** A schema without what only people read: more than half of a document. A field of that name is kept. */
function bare(value: Json, isProperties = false): Json {
  if (isList(value)) return value.map((item) => bare(item))
  if (!isObject(value)) return value
  const kept: Record<string, Json> = {}
  for (const [key, child] of Object.entries(value)) {
    if (!isProperties && unread.has(key)) continue
    kept[key] = key === 'default' && !isProperties ? child : bare(child, key === 'properties' && !isProperties)
  }
  return kept satisfies JsonObject
}

const unread: ReadonlySet<string> = new Set([
  'description',
  'example',
  'externalDocs',
  'x-kubernetes-validations',
  'enum',
])
