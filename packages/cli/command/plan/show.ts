// `mainstay plan show`: a stored plan as it was shown when it was made, with its approvals.
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { exitOfPlan } from '../../exit.ts'
import { line } from '../../output/line.ts'
import { showPlan } from '../../output/plan.ts'
import { momentText } from '../../output/time.ts'
import { findPlan, PLAN_ARGUMENT } from '../../run/find.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'show',
  summary: 'Show a stored plan and who approved it',
  details: '',
  args: [PLAN_ARGUMENT],
  options: [],
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 1, 2, 3, 4],
  examples: [{ text: 'the plan that was made this morning', command: 'mainstay plan show 9f31c2ab' }],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const plan = await findPlan(call, session)
    const approvals = await session.approvals(plan)
    await showPlan(call, plan)
    if ((call.format === 'text' || call.format === 'wide') && !call.quiet) {
      call.out.print(approvals.map((each) => line(`approved by ${each.by} at ${momentText(each.at)}`)))
    }
    return exitOfPlan(plan)
  })
}
