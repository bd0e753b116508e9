// What a path names: a resource with its namespace, name and subresource, or something that is no resource.

/** A parsed path. */
export type Route =
  | ResourceRoute
  /** Discovery, health, version, OpenAPI, and what is not served at all. */
  | { readonly kind: 'path'; readonly path: string }

/** A path of objects. */
export interface ResourceRoute {
  readonly kind: 'resource'
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly namespace: string | null
  readonly name: string | null
  readonly subresource: string | null
  /** What follows the subresource (of a proxy). */
  readonly rest: string
  /** The old form with `/watch/` in the path. */
  readonly watch: boolean
}

/** Reads a path. */
export function routeOf(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '')
  const head = headOf(parts)
  if (head === null) return { kind: 'path', path }
  const watch = head.rest[0] === 'watch'
  const rest = (watch ? head.rest.slice(1) : head.rest).map(decode)
  if (rest.length === 0) return { kind: 'path', path }
  return { kind: 'resource', group: head.group, version: head.version, watch, ...namesOf(rest) }
}

interface Head {
  readonly group: string
  readonly version: string
  readonly rest: readonly string[]
}

function headOf(parts: readonly string[]): Head | null {
  const [root, first = '', second = '', ...rest] = parts
  if (root === 'api' && parts.length > 2) return { group: '', version: first, rest: parts.slice(2) }
  if (root === 'apis' && parts.length > 3) return { group: first, version: second, rest }
  return null
}

type Names = Pick<ResourceRoute, 'plural' | 'namespace' | 'name' | 'subresource' | 'rest'>

/** `/namespaces/x` is an object of its own, with two subresources; what follows otherwise is in that namespace. */
function namesOf(rest: readonly string[]): Names {
  const [plural = '', name, third, ...more] = rest
  const ofNamespace = third === undefined || third === 'status' || third === 'finalize'
  if (plural !== 'namespaces' || name === undefined || ofNamespace) {
    const subresource = third ?? null
    return { plural, namespace: null, name: name ?? null, subresource, rest: more.join('/') }
  }
  const [inner = null, sub = null, ...tail] = more
  return { plural: third, namespace: name, name: inner, subresource: sub, rest: tail.join('/') }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
