// `mainstay app resources`: the objects of an application with their sync and health.
import { APP_ARGUMENT, APP_OPTIONS, loadFor } from '../../address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { selectorText } from '../../output/ref.ts'
import { resourceLines } from '../../output/resources.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'resources',
  summary: 'List the objects of an application',
  details: 'With -o name each line is a selector as --resource takes it.',
  args: [APP_ARGUMENT],
  options: APP_OPTIONS,
  formats: ['text', 'wide', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    { text: 'all objects with wave and uid', command: 'mainstay app resources shop -o wide' },
    { text: 'the names alone', command: 'mainstay app resources -f app.yaml -o name' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const { resources } = await session.state(await loadFor(call, session), {})
    await emit(call, {
      document: () => resources,
      names: () => resources.map((each) => selectorText(each.ref)),
      text: () => resourceLines(resources, { wide: call.format === 'wide', width: call.out.width() }),
    })
    return EXIT.done
  })
}
