// What a request wants to do, in the words of authorisation: a verb on a resource, or on a path that is none.
import { flag } from '../http/query.ts'
import { routeOf } from '../http/route.ts'
import { selectedName } from '../verbs/field-selector.ts'

/** A wish that is allowed or not. */
export type Attributes = ResourceAttributes | PathAttributes

/** A verb on objects. */
export interface ResourceAttributes {
  readonly kind: 'resource'
  readonly verb: string
  readonly group: string
  readonly version: string
  readonly resource: string
  /** Empty for none, as the other names here. */
  readonly subresource: string
  readonly namespace: string
  readonly name: string
}

/** A verb on a path. */
export interface PathAttributes {
  readonly kind: 'path'
  readonly verb: string
  readonly path: string
}

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' }

/** What a request wants to do. */
export function attributesOf(method: string, url: URL): Attributes {
  const route = routeOf(url.pathname)
  if (route.kind === 'path') return { kind: 'path', verb: method.toLowerCase(), path: url.pathname }
  const named = route.name ?? ''
  const reads = method === 'GET' || method === 'HEAD'
  // A list of one object by its name is about that object.
  const listed = reads && named === '' ? (selectedName(url.searchParams.get('fieldSelector') ?? '') ?? '') : ''
  return {
    kind: 'resource',
    verb: verbOf(method, named, route.watch || flag(url.searchParams, 'watch') === true),
    group: route.group,
    version: route.version,
    resource: route.plural,
    subresource: route.subresource ?? '',
    // A Namespace is in itself.
    namespace: route.namespace ?? (route.plural === 'namespaces' ? named : ''),
    name: named === '' ? listed : named,
  }
}

function verbOf(method: string, name: string, watch: boolean): string {
  if (method === 'GET' || method === 'HEAD') return watch ? 'watch' : name === '' ? 'list' : 'get'
  if (method === 'DELETE') return name === '' ? 'deletecollection' : 'delete'
  return VERBS[method] ?? ''
}
