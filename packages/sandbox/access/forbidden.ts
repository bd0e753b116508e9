// What the API server says to whoever may not.
import { failure, type StatusError } from '../registry/status.ts'
import type { Attributes } from './attributes.ts'

/** 403 for a user and a wish; `reason` is why nothing allowed it, mostly empty. */
export function forbidden(user: string, wish: Attributes, reason = ''): StatusError {
  const told = reason === '' ? wishText(user, wish) : `${wishText(user, wish)}: ${reason}`
  if (wish.kind === 'path') return failure(403, 'Forbidden', `forbidden: ${told}`, {})
  return refusedObject(wish, told)
}

/** 403 about an object, or about a resource where there is no name. */
export function refusedObject(
  about: { readonly group: string; readonly resource: string; readonly name: string },
  why: string,
): StatusError {
  const { group, resource, name } = about
  const where = group === '' ? resource : `${resource}.${group}`
  const what = name === '' ? where : `${where} ${JSON.stringify(name)}`
  const details = { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource }
  return failure(403, 'Forbidden', `${what} is forbidden: ${why}`, details)
}

function wishText(user: string, wish: Attributes): string {
  const who = `User ${JSON.stringify(user)} cannot ${wish.verb}`
  if (wish.kind === 'path') return `${who} path ${JSON.stringify(wish.path)}`
  const resource = wish.subresource === '' ? wish.resource : `${wish.resource}/${wish.subresource}`
  const where = wish.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(wish.namespace)}`
  return `${who} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(wish.group)} ${where}`
}
