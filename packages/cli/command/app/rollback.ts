// `mainstay app rollback`: back to a revision that was synced before, by a plan like any other.
import { APP_ARGUMENT, APP_OPTIONS, loadFor } from '../../address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { exitOfPlan } from '../../exit.ts'
import { showPlan } from '../../output/plan.ts'
import { rollbackIntent } from '../../request.ts'
import { RUN_OPTIONS, runPlan, runWishes } from '../../run/run.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'rollback',
  summary: 'Go back to a revision that was synced before',
  details: 'Without HISTORY it goes back to the sync before the latest one.',
  args: [APP_ARGUMENT, { usage: '[history]', description: 'id of an entry of mainstay app history' }],
  options: [
    ...APP_OPTIONS,
    { usage: '--prune', description: 'delete what that revision did not have' },
    { usage: '--dry-run', description: 'only show the plan' },
    ...RUN_OPTIONS,
  ],
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 1, 2, 3, 4],
  examples: [
    { text: 'which syncs were there?', command: 'mainstay app history shop' },
    { text: 'what would going back to entry 3 do?', command: 'mainstay app rollback shop 3 --dry-run' },
    { text: 'go back to it', command: 'mainstay app rollback shop 3' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const loaded = await loadFor(call, session)
    const intent = rollbackIntent(call, await session.history(loaded))
    const { plan } = await session.plan(loaded, { intent })
    if (call.flag('dry-run') !== true) return await runPlan(call, session, plan, runWishes(call))
    await showPlan(call, plan)
    return exitOfPlan(plan)
  })
}
