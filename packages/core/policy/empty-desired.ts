// Rule: a revision that renders to nothing at all is an accident until somebody says otherwise (argoproj/argo-cd#3473).
import { count } from '../plan/text-ref.ts'
import type { Guard } from './guard.ts'

/** Blocks a sync to nothing; `allowEmpty: true` in the Application turns it into a question. */
export const emptyDesired: Guard = ({ input, app, drifts }) => {
  const { intent, desired, application } = input
  if ((intent.kind !== 'sync' && intent.kind !== 'rollback') || desired.objects.length > 0) return []
  const held = drifts.filter((drift) => drift.kind === 'surplus' || drift.kind === 'unseen').length
  if (held === 0) {
    const title = 'the revision holds no objects'
    return [{ rule: 'empty-desired', level: 'warning', ref: null, title, what: 'there is nothing to apply', fixes: [] }]
  }
  const allowed = application.syncPolicy.automated?.allowEmpty === true
  return [
    {
      rule: 'empty-desired',
      level: allowed ? 'needs-approval' : 'blocked',
      ref: null,
      title: 'the revision holds no objects at all',
      what: `${count(held, 'object')} of the application would no longer be wanted; a lost path or an empty branch looks just like this`,
      fixes: [
        { kind: 'do', text: "check the source's path, its include and exclude patterns, and the revision" },
        { kind: 'run', text: 'delete the application if that is meant', command: `mainstay app delete ${app}` },
        ...(allowed ? [{ kind: 'approve' } as const] : []),
      ],
    },
  ]
}
