// `mainstay plan list`: the plans that are stored, newest first.

import type { AppKey } from '@mainstay/core/app/application.ts'
import { shortRevision } from '@mainstay/core/desired/revision.ts'
import type { Plan } from '@mainstay/core/plan/plan.ts'
import { countsText } from '@mainstay/core/plan/text.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import type { Line } from '../../output/line.ts'
import { line } from '../../output/line.ts'
import { idDigits } from '../../output/ref.ts'
import { table } from '../../output/table.ts'

const DEFAULT_LIMIT = 20

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'list',
  summary: 'List stored plans, newest first',
  details: '',
  args: [],
  options: [
    { usage: '--app <name>', description: 'of this application: NAME (in the control plane) or NAMESPACE/NAME' },
    { usage: '--limit <count>', description: `at most that many (default: ${DEFAULT_LIMIT})` },
  ],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [{ text: 'the last plans of "shop"', command: 'mainstay plan list --app shop' }],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const app = appKey(call)
  const limit = call.count('limit') ?? DEFAULT_LIMIT
  return await call.session(async (session) => {
    const plans = await session.plans(app === null ? { limit } : { app, limit })
    await emit(call, {
      document: () => plans,
      names: () => plans.map((plan) => plan.id),
      text: () =>
        plans.length === 0
          ? [line('No plan is stored. Make one: mainstay app plan NAME', 'dim')]
          : linesOf(call, plans),
    })
    return EXIT.done
  })
}

function appKey(call: Call): AppKey | null {
  const word = call.text('app')
  if (word === null) return null
  const slash = word.indexOf('/')
  if (slash < 0) return { namespace: call.controlPlaneNamespace, name: word }
  return { namespace: word.slice(0, slash), name: word.slice(slash + 1) }
}

function linesOf(call: Call, plans: readonly Plan[]): readonly Line[] {
  const rows = plans.map((plan) => [
    idDigits(plan.id),
    `${plan.app.namespace}/${plan.app.name}`,
    plan.intent.kind,
    plan.verdict,
    plan.revisions.map((revision) => shortRevision(revision.commit)).join(', '),
    countsText(plan.totals),
  ])
  return table(['ID', 'APPLICATION', 'INTENT', 'VERDICT', 'REVISION', 'OBJECTS'], rows, { width: call.out.width() })
}
