// `mainstay app sync`: makes a plan and runs it, or runs a stored one.
import type { Plan } from '@mainstay/core/plan/plan.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import type { Session } from '@mainstay/engine/reconcile/session.ts'
import { APP_ARGUMENT, APP_OPTIONS, addressOf, loadFor } from '../../address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { idDigits } from '../../output/ref.ts'
import { SYNC_OPTIONS, syncIntent } from '../../request.ts'
import { RUN_OPTIONS, runPlan, runWishes } from '../../run/run.ts'
import { runPlanning } from './plan.ts'

/** Its words, flags and run. */
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
    if (id !== null) return await runPlan(call, session, await namedPlan(call, session, id), runWishes(call))
    const loaded = await loadFor(call, session)
    const { plan } = await session.plan(loaded, { intent: syncIntent(call, loaded.application) })
    return await runPlan(call, session, plan, runWishes(call))
  })
}

/** The stored plan; where an application is named beside it, it must be the plan's. */
async function namedPlan(call: Call, session: Session, id: string): Promise<Plan> {
  const plan = await session.findPlan(id)
  if (call.argument(0) === null && call.text('file') === null) return plan
  const address = addressOf(call)
  const key: { readonly namespace: string | null; readonly name: string } =
    address.kind === 'cluster' ? address : (await session.loadApplication(address)).application.key
  if (key.name === plan.app.name && (key.namespace === null || key.namespace === plan.app.namespace)) return plan
  throw new FaultError({
    kind: 'invalid-input',
    what: `plan ${idDigits(plan.id)} is not for this application; nothing was changed`,
    where: '--plan',
    why: `it was made for ${plan.app.namespace}/${plan.app.name}`,
    fix: [`mainstay apply ${idDigits(plan.id)}`, `make a plan for this application: mainstay app plan ${key.name}`],
  })
}
