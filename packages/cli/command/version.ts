// `mainstay version`: which program this is, for bug reports.
import type { Call, CommandSpec } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import { EXIT } from '../exit.ts'
import { emit } from '../output/emit.ts'
import { line } from '../output/line.ts'
import { VERSION } from '../version.ts'

/** Its words, flags and run. */
export const command: CommandSpec = {
  kind: 'command',
  name: 'version',
  summary: 'Print the version',
  details: 'Without --server nothing is asked over the network.',
  args: [],
  options: [{ usage: '--server', description: 'also ask the API server of the context for its version' }],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [{ text: 'for a bug report', command: 'mainstay version --server' }],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const platform = `${process.platform}-${process.arch}`
  const server = call.flag('server') === true ? await call.session((session) => session.server()) : null
  await emit(call, {
    document: () => ({ version: VERSION, node: process.version, platform, ...(server === null ? {} : { server }) }),
    names: () => [VERSION],
    text: () => [
      line(`mainstay ${VERSION} (node ${process.version}, ${platform})`),
      ...(server === null ? [] : [line(`server ${server.version} (context ${server.context}, ${server.server})`)]),
    ],
  })
  return EXIT.done
}
