// `mainstay app delete`: a plan with nothing wanted; it shows what would be lost and always needs approval.
import { APP_ARGUMENT, APP_OPTIONS, loadFor } from '../../address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { exitOfPlan } from '../../exit.ts'
import { showPlan } from '../../output/plan.ts'
import { deleteIntent } from '../../request.ts'
import { RUN_OPTIONS, runPlan, runWishes } from '../../run/run.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'delete',
  summary: 'Delete an application, or forget it and keep its objects',
  details:
    'Every deletion is a plan that needs approval. What it destroys goes to the trash first and comes back with: ' +
    'mainstay trash restore --app NAME',
  args: [APP_ARGUMENT],
  options: [
    ...APP_OPTIONS,
    {
      usage: '--cascade [how]',
      description: 'foreground (default), background, or none: keep every object (also: --cascade=false)',
    },
    {
      usage: '-p, --propagation-policy <policy>',
      description: 'the same choice in the words of the argocd CLI',
      choices: ['foreground', 'background'],
    },
    { usage: '--dry-run', description: 'only show the plan' },
    ...RUN_OPTIONS,
  ],
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 1, 2, 3, 4],
  examples: [
    { text: 'what would be lost?', command: 'mainstay app delete shop --dry-run' },
    { text: 'keep the objects, forget the application', command: 'mainstay app delete shop --cascade=none' },
    { text: 'delete it: the plan is shown, then it wants approval', command: 'mainstay app delete shop' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const intent = deleteIntent(call)
  return await call.session(async (session) => {
    const loaded = await loadFor(call, session)
    const { plan } = await session.plan(loaded, { intent })
    if (call.flag('dry-run') !== true) return await runPlan(call, session, plan, runWishes(call))
    await showPlan(call, plan)
    return exitOfPlan(plan)
  })
}
