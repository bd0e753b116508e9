// Selective syncs: which objects a list of selectors picks.
import { canonicalGroup } from '../object/moves.ts'
import type { ObjectRef } from '../object/ref.ts'
import type { Intent, Selector } from './plan.ts'

/**
 * True when the intent is about this object. Without selectors it is about all of them. An excluding selector wins
 * over all others; where there are only excluding ones, everything else is selected.
 */
export function isSelected(intent: Intent, ref: ObjectRef): boolean {
  if (intent.kind !== 'sync' || intent.only.length === 0) return true
  const matching = intent.only.filter((selector) => matches(selector, ref))
  if (matching.some((selector) => selector.exclude)) return false
  return matching.length > 0 || intent.only.every((selector) => selector.exclude)
}

/** True when an intent picks some objects and leaves others out. */
export function isSelective(intent: Intent): boolean {
  return intent.kind === 'sync' && intent.only.length > 0
}

function matches(selector: Selector, ref: ObjectRef): boolean {
  return (
    (selector.group === '*' || canonicalGroup(selector.group, ref.kind) === canonicalGroup(ref.group, ref.kind)) &&
    glob(selector.kind, ref.kind) &&
    (selector.namespace === null || glob(selector.namespace, ref.namespace ?? '')) &&
    glob(selector.name, ref.name)
  )
}

/** `*` stands for any text, everything else for itself. Linear in both lengths for each star, never exponential. */
function glob(pattern: string, text: string): boolean {
  const [head = '', ...parts] = pattern.split('*')
  const tail = parts.pop()
  if (tail === undefined) return pattern === text
  if (!text.startsWith(head) || text.length < head.length + tail.length || !text.endsWith(tail)) return false
  let at = head.length
  for (const part of parts) {
    const found = text.indexOf(part, at)
    if (found < 0 || found + part.length > text.length - tail.length) return false
    at = found + part.length
  }
  return true
}
