// Rule: replacing is deleting and creating; it is never a side effect of an option (argoproj/argo-cd#5214).
import { refKey } from '../object/ref.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Says of each object marked Replace or Force that it is changed in place instead, and asks whether that will do. */
export const replace: Guard = ({ input, applies, name }) => {
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
        level: 'needs-approval',
        ref: step.ref,
        title: `${name(step.ref)} is marked ${words.join(', ')} and is changed in place instead`,
        what: 'it is not deleted and created again; fields that Git does not name stay as they are',
        fixes: [
          { kind: 'do', text: `remove ${words.join(', ')} where a change in place is enough` },
          { kind: 'do', text: 'where a field is immutable: remove the object in one commit and add it in another' },
          { kind: 'approve' },
        ],
      },
    ]
  })
}
