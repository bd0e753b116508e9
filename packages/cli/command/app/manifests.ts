// `mainstay app manifests`: the objects as Git wants them, or as the cluster holds them.
import { refOf } from '@mainstay/core/object/object.ts'
import { APP_ARGUMENT, APP_OPTIONS, loadFor } from '../../address.ts'
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { selectorText } from '../../output/ref.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'manifests',
  summary: 'Print the manifests of an application',
  details: 'Values of Secrets are masked.',
  args: [APP_ARGUMENT],
  options: [
    ...APP_OPTIONS,
    {
      usage: '--source <source>',
      description: 'git (default): as rendered; live: as in the cluster',
      choices: ['git', 'live'],
    },
    { usage: '--revision <revision>', description: 'render this branch, tag or commit' },
  ],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [
    { text: 'what does Git want?', command: 'mainstay app manifests shop' },
    { text: 'what does the cluster have?', command: 'mainstay app manifests shop --source live' },
  ],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const loaded = await loadFor(call, session)
    const revision = call.text('revision')
    const source = call.text('source') === 'live' ? 'live' : 'git'
    const manifests = await session.manifests(loaded, source, revision === null ? {} : { revision })
    if (call.format === 'text' || call.format === 'yaml') {
      const { objectStream } = await import('../../output/yaml.ts')
      call.io.out.write(objectStream(manifests))
      return EXIT.done
    }
    await emit(call, {
      document: () => manifests,
      names: () => manifests.map((manifest) => selectorText(refOf(manifest))),
      text: () => [],
    })
    return EXIT.done
  })
}
