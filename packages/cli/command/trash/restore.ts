// `mainstay trash restore`: brings deleted objects back, by a plan like any other.
import { FaultError } from '@mainstay/engine/fault.ts'
import type { TrashEntry } from '@mainstay/engine/ports.ts'
import type { Session } from '@mainstay/engine/reconcile/session.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { exitOfPlan } from '../../exit.ts'
import { showPlan } from '../../output/plan.ts'
import { RUN_OPTIONS, runPlan, runWishes } from '../../run/run.ts'
import { chosenEntries, lastDestroyed, TRASH_OPTIONS } from './filter.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'restore',
  summary: 'Bring deleted objects back with their addresses and volumes',
  details: '--app alone restores what the last plan that deleted something of it took.',
  args: [{ usage: '[ids...]', description: 'ids of entries of mainstay trash list; their first digits are enough' }],
  options: [...TRASH_OPTIONS, { usage: '--dry-run', description: 'only show the plan' }, ...RUN_OPTIONS],
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 1, 2, 3, 4],
  examples: [
    { text: 'undo the last deletion of "shop"', command: 'mainstay trash restore --app shop' },
    { text: 'all that one plan deleted', command: 'mainstay trash restore --plan 9f31c2ab' },
    { text: 'one object', command: 'mainstay trash restore 4b7c01' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const entries = await entriesFor(call, session)
    const loaded = await session.applicationOf(entries)
    const { plan } = await session.plan(loaded, {
      intent: { kind: 'restore', entries: entries.map((entry) => entry.id) },
    })
    if (call.flag('dry-run') !== true) return await runPlan(call, session, plan, runWishes(call))
    await showPlan(call, plan)
    return exitOfPlan(plan)
  })
}

async function entriesFor(call: Call, session: Session): Promise<readonly TrashEntry[]> {
  const ids = call.words()
  const app = call.text('app')
  const byFlag = app !== null || call.text('plan') !== null
  if (byFlag === ids.length > 0) {
    throw new FaultError({
      kind: 'invalid-input',
      what: byFlag ? 'entries are named twice: by id and by --app or --plan' : 'nothing is named to restore',
      fix: ['name ids of mainstay trash list, or --plan ID, or --app NAME'],
    })
  }
  if (!byFlag) return await Promise.all(ids.map(async (id) => (await session.trashObject(id)).entry))
  const chosen = await chosenEntries(call, session)
  if (chosen.length > 0) return call.text('plan') === null ? lastDestroyed(chosen, app ?? '') : chosen
  throw new FaultError({
    kind: 'not-found',
    what: 'the trash holds nothing of that',
    fix: ['see: mainstay trash list'],
  })
}
