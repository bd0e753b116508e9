// Rule: what could not be seen is neither there nor gone: nothing is decided about it, and nothing may rest on it.
import type { Drift } from '../compare/drift.ts'
import { compareText } from '../object/ref.ts'
import { isSelected } from '../plan/select.ts'
import { refList } from '../plan/text-ref.ts'
import type { Finding, Level } from './finding.ts'
import type { Guard, GuardContext } from './guard.ts'

type Unseen = Extract<Drift, { kind: 'unseen' }>

/**
 * One finding for each reason and weight. Deleting an application is blocked while a recorded object cannot be seen;
 * a sync asks for approval where a Namespace or definition is unseen that it would apply objects into.
 */
export const unseen: Guard = (context) => {
  const groups = new Map<string, { readonly level: Level; readonly reason: string; readonly drifts: Unseen[] }>()
  for (const drift of context.drifts) {
    if (drift.kind !== 'unseen' || !isSelected(context.input.intent, drift.ref)) continue
    const level = levelOf(drift, context)
    const key = `${level} ${drift.reason}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { level, reason: drift.reason, drifts: [drift] })
    else group.drifts.push(drift)
  }
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, { level, reason, drifts }]) => finding(level, reason, drifts, context))
}

function levelOf(drift: Unseen, { input, applies }: GuardContext): Level {
  if (input.intent.kind === 'delete') {
    return input.intent.cascade !== 'none' && drift.recorded !== null ? 'blocked' : 'warning'
  }
  if (drift.desired === null || applies.length === 0) return 'warning'
  const { ref } = drift
  const carries =
    (ref.kind === 'Namespace' && ref.group === '' && applies.some((step) => step.ref.namespace === ref.name)) ||
    (ref.kind === 'CustomResourceDefinition' &&
      applies.some((step) => step.ref.group !== '' && ref.name.endsWith(`.${step.ref.group}`)))
  return carries ? 'needs-approval' : 'warning'
}

function finding(level: Level, reason: string, drifts: readonly Unseen[], { naming, app }: GuardContext): Finding {
  const names = refList(
    drifts.map((drift) => drift.ref),
    naming,
    10,
  )
  const blocked = level === 'blocked'
  return {
    rule: 'unseen',
    level,
    ref: drifts.length === 1 ? (drifts[0]?.ref ?? null) : null,
    title: `${names} cannot be seen`,
    what: `${reason}; ${blocked ? 'deleting now would leave it behind unknown' : 'nothing is done about it'}`,
    fixes: [
      { kind: 'do', text: 'find out why this part of the cluster does not answer, then plan again' },
      ...(blocked
        ? [
            {
              kind: 'run',
              text: 'or forget the application and keep every object',
              command: `mainstay app delete ${app} --cascade=false`,
            } as const,
          ]
        : []),
      ...(level === 'needs-approval' ? [{ kind: 'approve' } as const] : []),
    ],
  }
}
