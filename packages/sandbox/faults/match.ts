// Which requests a selector means.
import type { Attributes } from '../access/attributes.ts'
import type { Selector } from './fault.ts'

/** A request as selectors see it. */
export interface Asked {
  readonly wish: Attributes
  readonly userAgent: string
}

/** True for a request that the selector means. */
export function selects(selector: Selector, { wish, userAgent }: Asked): boolean {
  if (!fits(selector.verbs, verbOf(wish)) || !fits(selector.userAgents, userAgent)) return false
  if (wish.kind === 'path') {
    return selector.resources === undefined && selector.namespaces === undefined && selector.names === undefined
  }
  return (
    fits(selector.resources, resourceOf(wish)) &&
    fits(selector.namespaces, wish.namespace) &&
    fits(selector.names, wish.name)
  )
}

/** The verb as selectors name it: everything that is no object is discovery. */
export function verbOf(wish: Attributes): string {
  return wish.kind === 'path' ? 'discover' : wish.verb
}

/** `deployments.apps/scale` */
function resourceOf({ resource, group, subresource }: Attributes & { readonly kind: 'resource' }): string {
  const whole = group === '' ? resource : `${resource}.${group}`
  return subresource === '' ? whole : `${whole}/${subresource}`
}

function fits(words: readonly string[] | undefined, text: string): boolean {
  return words === undefined || words.some((word) => patternOf(word).test(text))
}

function patternOf(word: string): RegExp {
  const parts = word.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}
