// Which part of the trash a command is about.
import { FaultError } from '@mainstay/engine/fault.ts'
import type { TrashEntry } from '@mainstay/engine/ports.ts'
import type { Session } from '@mainstay/engine/reconcile/session.ts'
import type { Call, OptionSpec } from '../../command.ts'

/** Flags that choose by application and by plan. */
export const TRASH_OPTIONS: readonly OptionSpec[] = [
  { usage: '--app <name>', description: 'of this application: NAME or NAMESPACE/NAME' },
  { usage: '--plan <id>', description: 'destroyed by this plan' },
]

/** The entries that the flags choose, newest first. */
export async function chosenEntries(call: Call, session: Session): Promise<readonly TrashEntry[]> {
  const word = call.text('plan')
  const plan = word === null ? null : (await session.findPlan(word)).id
  const entries = await session.trash(plan === null ? {} : { plan })
  const app = call.text('app')
  return app === null
    ? entries
    : entries.filter(({ key }) => key.app.name === app || `${key.app.namespace}/${key.app.name}` === app)
}

/** The entries of the plan that destroyed something last; an application's name alone may not mean two of them. */
export function lastDestroyed(entries: readonly TrashEntry[], app: string): readonly TrashEntry[] {
  const spaces = [...new Set(entries.map((entry) => `${entry.key.app.namespace}/${entry.key.app.name}`))]
  if (spaces.length > 1) {
    throw new FaultError({
      kind: 'invalid-input',
      what: `several applications are named ${app}`,
      where: '--app',
      why: spaces.join(', '),
      fix: spaces.map((name) => `--app ${name}`),
    })
  }
  return entries.filter((entry) => entry.plan === entries[0]?.plan)
}
