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
  details: '',
  args: [],
  options: [],
  formats: ['text', 'json', 'yaml', 'name'],
  exits: [0, 2],
  examples: [{ text: 'for a bug report', command: 'mainstay version' }],
  run,
}

async function run(call: Call): Promise<ExitCode> {
  const platform = `${process.platform}-${process.arch}`
  await emit(call, {
    document: () => ({ version: VERSION, node: process.version, platform }),
    names: () => [VERSION],
    text: () => [line(`mainstay ${VERSION} (node ${process.version}, ${platform})`)],
  })
  return EXIT.done
}
