// `mainstay trash show`: one object as it was before it was destroyed.
import type { Call, CommandSpec } from '../../command.ts'
import type { ExitCode } from '../../exit.ts'
import { EXIT } from '../../exit.ts'
import { emit } from '../../output/emit.ts'
import { fullRefText, idDigits } from '../../output/ref.ts'
import { momentText } from '../../output/time.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'show',
  summary: 'Show an object as it was before it was deleted',
  details: 'Values of Secrets are masked here and come back whole with mainstay trash restore.',
  args: [{ usage: '<id>', description: 'id of an entry of mainstay trash list; its first digits are enough' }],
  options: [],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [{ text: 'what was in it?', command: 'mainstay trash show 4b7c01' }],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  return await call.session(async (session) => {
    const { entry, object } = await session.trashObject(call.argument(0) ?? '')
    if (call.format === 'text') {
      const { objectYaml } = await import('../../output/yaml.ts')
      if (!call.quiet) {
        call.out.say(
          `# ${fullRefText(entry.ref)}, deleted ${momentText(entry.at)} by ${entry.by}, plan ${idDigits(entry.plan)}`,
        )
      }
      call.io.out.write(objectYaml(object))
      return EXIT.done
    }
    await emit(call, { document: () => ({ entry, object }), names: () => [entry.id], text: () => [] })
    return EXIT.done
  })
}
