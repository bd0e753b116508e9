// Rule: replacing is deleting and creating; it is two visible steps and never a side effect (argoproj/argo-cd#5214).
import { refKey, sameRef } from '../object/ref.ts'
import { impactText } from '../plan/text.ts'
import type { Finding } from './finding.ts'
import type { Guard, GuardContext } from './guard.ts'

/** Asks for approval of each replacement, and says where an option that asks for one changes in place instead. */
export const replace: Guard = (context) => [...replacements(context), ...inPlace(context)]

function replacements({ removals, deletes, name, naming }: GuardContext): readonly Finding[] {
  return removals.replaced.flatMap(({ drift }): readonly Finding[] => {
    const step = deletes.find((each) => sameRef(each.ref, drift.ref))
    if (step === undefined) return []
    const consequences = step.impact.map((impact) => impactText(impact, naming, { full: false }))
    const lost = consequences.length === 0 ? 'nothing else was seen that goes with it' : consequences.join('; ')
    return [
      {
        rule: 'replace',
        level: 'needs-approval',
        ref: drift.ref,
        title: `${name(drift.ref)} is deleted and created again`,
        what: `it cannot be changed in place. Deleting it: ${lost}`,
        fixes: [
          { kind: 'do', text: 'keep it: undo in Git the change of the fields that cannot be changed' },
          { kind: 'approve' },
        ],
      },
    ]
  })
}

function inPlace({ input, applies, name }: GuardContext): readonly Finding[] {
  const desired = new Map(input.desired.objects.map((each) => [refKey(each.ref), each]))
  return applies.flatMap((step): readonly Finding[] => {
    const options = desired.get(refKey(step.ref))?.options
    if (options === undefined || step.verb === 'create' || !(options.replace || options.force)) return []
    const words = [options.replace ? 'Replace=true' : '', options.force ? 'Force=true' : ''].filter(
      (word) => word !== '',
    )
    return [
      {
        rule: 'replace',
        level: 'info',
        ref: step.ref,
        title: `${name(step.ref)} is marked ${words.join(', ')} and is changed in place`,
        what: 'nothing is deleted; fields that Git does not name stay as they are',
        fixes: [],
      },
    ]
  })
}
