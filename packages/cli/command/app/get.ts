// `mainstay app get`: the state of an application and of its objects.
import type { AppState } from '@mainstay/engine/reconcile/session.ts'
import { APP_ARGUMENT, APP_OPTIONS, loadFor } from '../../address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { stateDocument, stateLines } from '../../output/app.ts'
import { emit } from '../../output/emit.ts'
import { line } from '../../output/line.ts'
import { resourceLines } from '../../output/resources.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'get',
  summary: 'Show the state of an application and of its objects',
  details: 'As json or yaml it is the Application with sync, health and resources filled in under status.',
  args: [APP_ARGUMENT],
  options: [...APP_OPTIONS, { usage: '--revision <revision>', description: 'compare with this branch, tag or commit' }],
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    { text: 'how is the application "shop"?', command: 'mainstay app get shop' },
    {
      text: 'only its sync status, for a script',
      command: 'mainstay app get shop -o json | jq -r .status.sync.status',
    },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const loaded = await loadFor(call, session)
    const revision = call.text('revision')
    const state = await session.state(loaded, revision === null ? {} : { revision })
    await emit(call, {
      document: () => stateDocument(state),
      names: () => [`${state.loaded.application.key.namespace}/${state.loaded.application.key.name}`],
      text: () => textOf(call, state),
    })
    return EXIT.done
  })
}

function textOf(call: Call, state: AppState): ReturnType<typeof stateLines> {
  return [
    ...stateLines(state, call.io.now()),
    line(''),
    ...resourceLines(state.resources, { wide: call.format === 'wide', width: call.out.width() }),
  ]
}
