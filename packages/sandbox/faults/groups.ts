// Faults of a whole API group: one that nobody serves, and one whose server does not answer, in discovery too.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { pageNotFound } from '../http/respond.ts'
import { withBody } from './bodies.ts'
import { type Effect, type Passing, plainResponse } from './effect.ts'

/** A group that nobody serves. */
export function loseGroup(group: string): Effect {
  return {
    concerns: (passing) => placeOf(passing, group) !== 'elsewhere',
    strike: async (passing) => {
      switch (placeOf(passing, group)) {
        case 'discovery':
          return rewritten(passing, (document) => mapGroups(document, group, () => null))
        case 'schema':
          return new Response(null, { status: 404 })
        case 'group':
        case 'within':
          return pageNotFound()
        case 'elsewhere':
          return passing.next(passing.request)
      }
    },
  }
}

/** A group that the API server knows of, behind which nobody answers. */
export function failGroup(group: string): Effect {
  return {
    concerns: (passing) => placeOf(passing, group) !== 'elsewhere',
    strike: async (passing) => {
      switch (placeOf(passing, group)) {
        case 'discovery':
          return rewritten(passing, (document) => mapGroups(document, group, stale))
        case 'schema':
          return new Response(null, { status: 404 })
        case 'within':
          return plainResponse(503, 'service unavailable\n')
        case 'group':
        case 'elsewhere':
          return passing.next(passing.request)
      }
    },
  }
}

type PlaceInApi =
  /** Lists of groups or of schemas. */
  | 'discovery'
  | 'schema'
  /** `/apis/GROUP` itself, which the API server answers from what it knows. */
  | 'group'
  | 'within'
  | 'elsewhere'

function placeOf({ url }: Passing, group: string): PlaceInApi {
  const path = url.pathname.replace(/\/+$/, '')
  if (path === '/apis' || path === '/openapi/v3') return 'discovery'
  if (path === `/apis/${group}`) return 'group'
  if (path.startsWith(`/apis/${group}/`)) return 'within'
  return path.startsWith(`/openapi/v3/apis/${group}/`) ? 'schema' : 'elsewhere'
}

/** The answer with its document changed. A client that has the old one already must not be told that it is the same. */
async function rewritten({ request, next }: Passing, change: (document: JsonObject) => JsonObject): Promise<Response> {
  const headers = new Headers(request.headers)
  headers.delete('if-none-match')
  const response = await next(new Request(request, { headers }))
  const text = await response.text()
  if (response.status !== 200) return withBody(response, text)
  const document: Json = JSON.parse(text)
  return withBody(response, `${JSON.stringify(isObject(document) ? change(document) : document)}\n`)
}

/** All three documents name groups in a way of their own. */
function mapGroups(document: JsonObject, group: string, map: (entry: JsonObject) => JsonObject | null): JsonObject {
  const { items, groups, paths } = document
  if (isList(items))
    return { ...document, items: mapped(items, (item) => stringAt(item, 'metadata', 'name') === group, map) }
  if (isList(groups))
    return { ...document, groups: mapped(groups, (item) => stringAt(item, 'name') === group, keep(map)) }
  if (!isObject(paths)) return document
  const others = Object.entries(paths).filter(
    ([path]) => path !== `apis/${group}` && !path.startsWith(`apis/${group}/`),
  )
  return { ...document, paths: Object.fromEntries(others) }
}

/** The older list of groups says nothing of who answers. */
function keep(map: (entry: JsonObject) => JsonObject | null): (entry: JsonObject) => JsonObject | null {
  return (entry) => (map(entry) === null ? null : entry)
}

function mapped(
  entries: readonly Json[],
  means: (entry: Json) => boolean,
  map: (entry: JsonObject) => JsonObject | null,
): readonly Json[] {
  return entries.flatMap((entry) => {
    if (!means(entry) || !isObject(entry)) return [entry]
    const changed = map(entry)
    return changed === null ? [] : [changed]
  })
}

/** An entry of aggregated discovery without what its server would say. */
function stale(entry: JsonObject): JsonObject {
  const versions = isList(entry.versions) ? entry.versions : []
  return {
    ...entry,
    versions: versions.map((each) => ({ version: stringAt(each, 'version') ?? '', freshness: 'Stale' })),
  }
}
