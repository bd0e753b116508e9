// Selectors of objects on the command line: GROUP:KIND:NAME, as the argocd CLI writes them.
import { canonicalGroup } from '../object/moves.ts'
import type { Problem } from '../object/problem.ts'
import type { ObjectRef } from '../object/ref.ts'
import type { Selector } from '../plan/plan.ts'

/**
 * Reads `GROUP:KIND:NAME` or `GROUP:KIND:NAMESPACE/NAME`; the core group is empty (`:Service:web`), `*` stands for any
 * text, a leading `!` excludes. Names may hold colons (`rbac.authorization.k8s.io:ClusterRole:system:reader`).
 */
export function parseSelector(
  text: string,
):
  | { readonly kind: 'selector'; readonly selector: Selector }
  | { readonly kind: 'invalid'; readonly problem: Problem } {
  const exclude = text.startsWith('!')
  const [group, kind, ...rest] = text.slice(exclude ? 1 : 0).split(':')
  const target = rest.join(':')
  const [namespaceOrName, name, ...more] = target.split('/')
  if (group === undefined || !kind || rest.length === 0 || !namespaceOrName || name === '' || more.length > 0) {
    return { kind: 'invalid', problem: selectorProblem(text) }
  }
  const selector: Selector =
    name === undefined
      ? { exclude, group, kind, namespace: null, name: namespaceOrName }
      : { exclude, group, kind, namespace: namespaceOrName, name }
  return { kind: 'selector', selector }
}

/** True when a selector's pattern fits an object (whether it includes or excludes it). */
export function matches(selector: Selector, ref: ObjectRef): boolean {
  return (
    fits(selector.kind, ref.kind) &&
    fits(selector.name, ref.name) &&
    (fits(selector.group, ref.group) || fits(selector.group, canonicalGroup(ref.group, ref.kind))) &&
    (selector.namespace === null || fits(selector.namespace, ref.namespace ?? ''))
  )
}

/**
 * True when a list of selectors picks an object: no selector excludes it, and one includes it. Without an including
 * selector every object is included; an empty list picks everything.
 */
export function selects(selectors: readonly Selector[], ref: ObjectRef): boolean {
  if (selectors.some((each) => each.exclude && matches(each, ref))) return false
  const including = selectors.filter((each) => !each.exclude)
  return including.length === 0 || including.some((each) => matches(each, ref))
}

/** `*` stands for any run of characters; everything else for itself. */
function fits(pattern: string, text: string): boolean {
  const [head = '', ...parts] = pattern.split('*')
  if (parts.length === 0) return pattern === text
  const tail = parts.pop() ?? ''
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false
  let at = head.length
  const end = text.length - tail.length
  for (const part of parts) {
    const found = text.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

function selectorProblem(text: string): Problem {
  return {
    where: '--resource',
    field: null,
    what: `${JSON.stringify(text)} is not a resource selector`,
    fix: 'write GROUP:KIND:NAME or GROUP:KIND:NAMESPACE/NAME, for example apps:Deployment:web, :Service:shop/web (core group), *:*:* (all) or !:Secret:* (all but)',
  }
}
