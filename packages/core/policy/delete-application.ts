// Rule: deleting an application is always a question, and the answer begins with what would be lost.
import { count, refList } from '../plan/text-ref.ts'
import type { Guard, GuardContext } from './guard.ts'

/** Asks for approval of deleting an application, whatever it holds. */
export const deleteApplication: Guard = (context) => {
  const { input, app, deletes } = context
  if (input.intent.kind !== 'delete') return []
  if (input.intent.cascade === 'none') {
    return [
      {
        rule: 'delete-application',
        level: 'needs-approval',
        ref: null,
        title: `application ${app} is forgotten`,
        what: `its objects stay and are no longer managed${keptText(context)}`,
        fixes: [{ kind: 'approve' }],
      },
    ]
  }
  const refs = deletes.map((step) => step.ref)
  return [
    {
      rule: 'delete-application',
      level: 'needs-approval',
      ref: null,
      title: `application ${app} is deleted with ${count(refs.length, 'object')}`,
      what: `${refs.length === 0 ? 'nothing goes' : refList(refs, context.naming, refs.length)}${keptText(context)}`,
      fixes: [
        {
          kind: 'run',
          text: 'keep the objects, forget the application',
          command: `mainstay app delete ${app} --cascade=false`,
        },
        { kind: 'approve' },
      ],
    },
  ]
}

function keptText({ removals, naming }: GuardContext): string {
  const refs = removals.kept.map((each) => each.ref)
  return refs.length === 0 ? '' : `; stays: ${refList(refs, naming, 50)}`
}
