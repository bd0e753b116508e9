// `mainstay app sync`: makes a plan and runs it, or runs a stored one.
import { APP_ARGUMENT, APP_OPTIONS, loadFor } from '../../address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { SYNC_OPTIONS, syncIntent } from '../../request.ts'
import { RUN_OPTIONS, runPlan, runWishes } from '../../run/run.ts'
import { runPlanning } from './plan.ts'

export const command: CommandSpec = {
  kind: 'command',
  name: 'sync',
  summary: 'Make the cluster as Git says, by a plan that is shown first',
  details:
    'A plan that needs approval is not run: on a terminal you may approve it by typing its id, elsewhere the ' +
    'command ends with exit code 3 and says how to approve it. No flag approves a plan that was not seen.',
  args: [APP_ARGUMENT],
  options: [
    ...APP_OPTIONS,
    ...SYNC_OPTIONS,
    { usage: '--plan <id>', description: 'run this stored plan instead of making a new one' },
    { usage: '--dry-run', description: 'only show the plan, as mainstay app plan does' },
    ...RUN_OPTIONS,
  ],
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 1, 2, 3, 4],
  examples: [
    { text: 'sync the application "shop"', command: 'mainstay app sync shop' },
    {
      text: 'sync one Deployment to a tag',
      command: 'mainstay app sync shop --revision v1.8.2 --resource apps:Deployment:web',
    },
    { text: 'run the plan that was shown before', command: 'mainstay app sync shop --plan 9f31c2ab' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  if (call.flag('dry-run') === true) return await runPlanning(call)
  const id = call.text('plan')
  return await call.session(async (session) => {
    if (id !== null) return await runPlan(call, session, await session.findPlan(id), runWishes(call))
    const loaded = await loadFor(call, session)
    const { plan } = await session.plan(loaded, { intent: syncIntent(call, loaded.application) })
    return await runPlan(call, session, plan, runWishes(call))
  })
}
