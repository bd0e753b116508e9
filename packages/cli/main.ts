// The `mainstay` command: parse, call, print, exit code.
import { CommanderError } from 'commander'
import { callOf } from './call.ts'
import type { NodeSpec } from './command.ts'
import { allNodes, nodesFor } from './commands.ts'
import { EXIT } from './exit.ts'
import type { Io } from './io.ts'
import type { Problem } from './output/fault.ts'
import { problemOf } from './output/fault.ts'
import { report } from './output/report.ts'
import { buildProgram } from './program.ts'

const HELP_WIDTH = 100

/**
 * Runs one command line and returns its exit code; never throws for anything a command does.
 *
 * @param argv the words after `mainstay`
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.done
  let nodes: readonly NodeSpec[] = []
  try {
    nodes = await nodesFor(argv)
    const program = buildProgram({
      nodes,
      width: Math.min(HELP_WIDTH, io.out.columns() ?? HELP_WIDTH),
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      run: async (spec, words, flags) => {
        code = await spec.run(callOf({ io, spec, words, flags, tree: allNodes }))
      },
    })
    if (argv.length === 0) program.outputHelp()
    else await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return usageError(error, argv, nodes, io)
    return report(error, problemOf(error), argv, io)
  }
}

/** Help and version that were asked for are no errors; everything else that commander refuses is wrong usage. */
function usageError(error: CommanderError, argv: readonly string[], nodes: readonly NodeSpec[], io: Io): number {
  if (error.exitCode === 0) return EXIT.done
  // A group without a command: its help is already on the error stream.
  if (error.code === 'commander.help') return EXIT.error
  const [what = '', ...hints] = error.message.replace(/^error: /, '').split('\n')
  const problem: Problem = {
    kind: 'invalid-input',
    what,
    where: null,
    why: null,
    fix: [...hints.map((hint) => hint.replace(/^\(|\)$/g, '')), `see: ${helpCommand(argv, nodes)}`],
  }
  return report(error, problem, argv, io)
}

/** The help of the deepest command that the words name. */
function helpCommand(argv: readonly string[], nodes: readonly NodeSpec[]): string {
  const first = nodes.find((node) => node.name === argv[0])
  const second = first?.kind === 'group' ? first.commands.find((command) => command.name === argv[1]) : undefined
  return ['mainstay', ...(first ? [first.name] : []), ...(second ? [second.name] : []), '--help'].join(' ')
}

if (import.meta.main) {
  const { start } = await import('./process.ts')
  await start(main)
}
