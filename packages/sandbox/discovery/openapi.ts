// OpenAPI documents: the pinned ones of the built-in kinds, and those that definitions add.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { documentPaths, openApiDocument, swaggerParts } from '../crd/openapi/document.ts'
import { openapi2, openapi2Etag, openapi3, openapi3Index } from '../schema/documents.ts'
import { digest } from './digest.ts'

/** A document with the tag by which a client asks whether it is still the same. */
export interface Document {
  readonly text: string
  readonly etag: string
}

/** `/openapi/v2`. */
export async function swagger(crds: readonly KubeObject[]): Promise<Document> {
  const text = await openapi2()
  if (documentPaths(crds).length === 0) return { text, etag: openapi2Etag }
  const base = parse(text)
  const { paths, definitions } = swaggerParts(crds, base)
  const whole = {
    ...base,
    paths: { ...objectOr(base.paths), ...paths },
    definitions: { ...objectOr(base.definitions), ...definitions },
  }
  const written = JSON.stringify(whole)
  return { text: written, etag: JSON.stringify(digest(written)) }
}

/** The index of `/openapi/v3`. */
export async function index(crds: readonly KubeObject[]): Promise<JsonObject> {
  const added: Record<string, Json> = {}
  for (const path of documentPaths(crds)) {
    const document = await custom(crds, path)
    if (document === null) continue
    added[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${digest(document)}` }
  }
  return { paths: { ...openapi3Index, ...added } }
}

/** A document of `/openapi/v3` by its path in the index; null where there is none. */
export async function document(crds: readonly KubeObject[], path: string): Promise<Document | null> {
  const text = (await openapi3(path)) ?? (await custom(crds, path))
  if (text === null) return null
  const hash = /hash=(\w+)/.exec(openapi3Index[path]?.serverRelativeURL ?? '')?.[1] ?? digest(text)
  return { text, etag: JSON.stringify(hash) }
}

async function custom(crds: readonly KubeObject[], path: string): Promise<string | null> {
  if (!documentPaths(crds).includes(path)) return null
  const apps = parse((await openapi3('apis/apps/v1')) ?? '{}')
  const made = openApiDocument(crds, path, { apps, swagger: parse(await openapi2()) })
  return made === null ? null : JSON.stringify(made)
}

function parse(text: string): JsonObject {
  const value: Json = JSON.parse(text)
  return objectOr(value)
}

function objectOr(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}
