// The documents that the real API server publishes, unpacked when somebody first asks for one.
import { decodeBase64 } from '@mainstay/core/object/base64.ts'
import discovery from './discovery.json' with { type: 'json' }
import packed from './documents.json' with { type: 'json' }

/** What the packed text holds: `tools/sandbox/pack.ts` makes it. */
interface Contents {
  readonly strings: readonly string[]
  readonly documents: Readonly<Record<string, string>>
}

const MARK = '\u0001'

/** The index of OpenAPI v3: path (`apis/apps/v1`) → address with the digest of the document. */
export const openapi3Index: Readonly<Record<string, { readonly serverRelativeURL: string }>> = discovery.openapi3.paths

/** The ETag of `/openapi/v2`. */
export const openapi2Etag: string = discovery.openapi2.etag

let contents: Promise<Contents> | null = null

/** `GET /openapi/v2`, byte for byte. */
export async function openapi2(): Promise<string> {
  return (await document('openapi/v2')) ?? ''
}

/** A document of OpenAPI v3 by its path in the index, byte for byte; null where there is none. */
export function openapi3(path: string): Promise<string | null> {
  return document(`openapi/v3/${path}`)
}

async function document(name: string): Promise<string | null> {
  contents ??= unpack()
  const { strings, documents } = await contents
  const text = Object.hasOwn(documents, name) ? documents[name] : undefined
  if (text === undefined) return null
  return text
    .split(MARK)
    .map((part, at) => (at % 2 === 0 ? part : (strings[Number.parseInt(part, 36)] ?? '')))
    .join('')
}

async function unpack(): Promise<Contents> {
  const bytes = decodeBase64(packed.gzip)
  if (bytes === null) throw new Error('documents.json is base64')
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'))
  return (await new Response(stream).json()) as Contents // Made by tools/sandbox/pack.ts.
}
