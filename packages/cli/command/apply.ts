// `mainstay apply`: runs exactly one plan that was made before, or refuses because the world moved.
import type { Call, CommandSpec } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import { findPlan, PLAN_ARGUMENT } from '../run/find.ts'
import { RUN_OPTIONS, runPlan, runWishes } from '../run/run.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'apply',
  summary: 'Run exactly this plan, or refuse because the world moved',
  details: 'A plan that needs approval must be approved first: mainstay approve ID',
  args: [PLAN_ARGUMENT],
  options: RUN_OPTIONS,
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 2, 3, 4],
  examples: [
    { text: 'run the plan that was shown', command: 'mainstay apply 9f31c2ab' },
    { text: 'run a plan from a file', command: 'mainstay apply plan.json' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(
    async (session) => await runPlan(call, session, await findPlan(call, session), runWishes(call)),
  )
}
