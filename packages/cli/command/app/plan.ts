// `mainstay app plan`: makes a plan, stores it and shows it; writes nothing to the cluster.
import { APP_ARGUMENT, APP_OPTIONS, loadFor } from '../../address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { exitOfPlan } from '../../exit.ts'
import { showPlan, writePlanFile } from '../../output/plan.ts'
import { SYNC_OPTIONS, syncIntent } from '../../request.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'plan',
  summary: 'Show what a sync would do, and keep the plan',
  details: 'The plan is stored under its id. Run exactly this plan with: mainstay apply ID',
  args: [APP_ARGUMENT],
  options: [
    ...APP_OPTIONS,
    ...SYNC_OPTIONS,
    { usage: '--out <file>', description: 'also write the plan to a file, for mainstay apply FILE' },
    { usage: '--full', description: 'show long values whole (the same as -o wide)' },
  ],
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 1, 2, 3, 4],
  examples: [
    { text: 'what would a sync of the application "shop" do?', command: 'mainstay app plan shop' },
    { text: 'the same from a file, with pruning', command: 'mainstay app plan -f app.yaml --prune' },
    { text: 'plan here, approve and run it later', command: 'mainstay app plan shop --out plan.json' },
  ],
  run: runPlanning,
}

/** Also what `app sync --dry-run` does. */
export async function runPlanning(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const loaded = await loadFor(call, session)
    const { plan } = await session.plan(loaded, { intent: syncIntent(call, loaded.application) })
    const out = call.text('out')
    if (out !== null) await writePlanFile(call, out, plan)
    await showPlan(call, plan)
    return exitOfPlan(plan)
  })
}
