// Reports an error of any kind in the form that the command line asks for.
import type { ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Problem } from './fault.ts'
import { exitOfProblem, problemLines, stackLines } from './fault.ts'
import { jsonText } from './json.ts'
import type { ColorWish } from './terminal.ts'
import { terminalOf } from './terminal.ts'

/** Prints an error: as lines on the error stream, and as a document on the output where one was asked for. */
export function report(error: unknown, problem: Problem, words: readonly string[], io: Io): ExitCode {
  const argv = ownWords(words)
  // JSON is YAML as well: an error must not depend on anything that has to be loaded first.
  if (wantsDocument(argv)) io.out.write(jsonText({ error: problem }))
  const terminal = terminalOf(io.err, io.env, colorsOf(argv))
  terminal.print(problemLines(problem))
  if (argv.includes('--debug')) terminal.print(stackLines(error))
  return exitOfProblem(problem)
}

/** What comes after `--` are the words of another program. */
function ownWords(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--')
  return end === -1 ? words : words.slice(0, end)
}

/** The flags are read from the words: the parser may be what failed. */
function wantsDocument(argv: readonly string[]): boolean {
  if (argv.includes('--json')) return true
  const at = argv.findLastIndex((word) => /^(-o|--output)/.test(word))
  const word = argv[at]
  if (word === undefined) return false
  const value = word === '-o' || word === '--output' ? argv[at + 1] : word.replace(/^(--output=|-o=?)/, '')
  return value === 'json' || value === 'yaml'
}

function colorsOf(argv: readonly string[]): ColorWish {
  const last = argv.findLast((word) => word === '--color' || word === '--no-color')
  if (last === undefined) return null
  return last === '--color' ? 'always' : 'never'
}
