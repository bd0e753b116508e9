// `mainstay approve`: records consent to one plan, by its id; it runs nothing.
import type { Call, CommandSpec } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import { EXIT } from '../exit.ts'
import { emit } from '../output/emit.ts'
import { line } from '../output/line.ts'
import { planLines } from '../output/plan.ts'
import { idDigits } from '../output/ref.ts'
import { findPlan, PLAN_ARGUMENT } from '../run/find.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'approve',
  summary: 'Approve a plan that needs it',
  details:
    'The approval is for this plan alone: when the world moves, the plan is void and the approval with it. ' +
    'Nothing is run; run it with: mainstay apply ID',
  args: [PLAN_ARGUMENT],
  options: [],
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 2, 4],
  examples: [
    { text: 'approve the plan that was shown', command: 'mainstay approve 9f31c2ab' },
    { text: 'approve a plan from a file', command: 'mainstay approve plan.json' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const plan = await findPlan(call, session)
    const approval = await session.approve(plan, call.io.user)
    await emit(call, {
      document: () => approval,
      names: () => [plan.id],
      text: () => [
        ...(call.quiet ? [] : planLines(call, plan)),
        line(`✓ Plan ${idDigits(plan.id)} approved by ${approval.by}.`, 'good'),
        ...(call.quiet ? [] : [line(`  Run it: mainstay apply ${idDigits(plan.id)}`)]),
      ],
    })
    return EXIT.done
  })
}
