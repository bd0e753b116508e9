// Rule: what stays although it is not wanted is listed, with the reason.
import { compareText } from '../object/ref.ts'
import type { Kept } from '../plan/removal.ts'
import { count, refList } from '../plan/text-ref.ts'
import type { Finding, Fix } from './finding.ts'
import type { Guard, GuardContext } from './guard.ts'

/** One note for each reason. */
export const kept: Guard = (context) => {
  // Forgetting an application keeps everything: the rule delete-application lists it.
  if (context.input.intent.kind === 'delete' && context.input.intent.cascade === 'none') return []
  const byReason = new Map<string, Kept[]>()
  for (const each of context.removals.kept) byReason.set(each.why, [...(byReason.get(each.why) ?? []), each])
  return [...byReason].sort(([a], [b]) => compareText(a, b)).map(([why, all]) => note(why, all, context))
}

function note(why: string, all: readonly Kept[], context: GuardContext): Finding {
  const refs = all.map((each) => each.ref)
  const [only] = refs
  const single = refs.length === 1 && only !== undefined
  return {
    rule: 'kept',
    level: 'info',
    ref: single ? only : null,
    title: single ? `${context.name(only)} stays: ${why}` : `${count(refs.length, 'object')} stay: ${why}`,
    what: single ? '' : refList(refs, context.naming, 50),
    fixes: fixes(all, context),
  }
}

function fixes(all: readonly Kept[], { input, app }: GuardContext): readonly Fix[] {
  if (input.intent.kind === 'delete' || all.some((each) => each.asked)) return []
  return [{ kind: 'run', text: 'plan their deletion', command: `mainstay app plan ${app} --prune` }]
}
