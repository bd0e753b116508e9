// Prints errors: what failed, where, why, what to do next; an unexpected one is called a bug.
import type { Fault } from '@mainstay/engine/fault.ts'
import { isFault } from '@mainstay/engine/fault.ts'
import type { ExitCode } from '../exit.ts'
import { EXIT } from '../exit.ts'
import type { Line } from './line.ts'
import { line, span } from './line.ts'

/** An error as the JSON output has it. `bug` is everything that is no expected failure. */
export interface Problem {
  readonly kind: Fault['kind'] | 'bug'
  readonly what: string
  readonly where: string | null
  readonly why: string | null
  readonly fix: readonly string[]
}

/** What to say about anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (isFault(error)) {
    const { kind, what, where, why, fix } = error.fault
    return { kind, what, where, why, fix }
  }
  return {
    kind: 'bug',
    what: 'Mainstay met an error that it did not expect; this is a bug in Mainstay',
    where: null,
    why: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    fix: ['run the command again with --debug and report what it prints, with the version from: mainstay version'],
  }
}

/** The exit code for it. */
export function exitOfProblem(problem: Problem): ExitCode {
  switch (problem.kind) {
    case 'needs-approval':
      return EXIT.needsApproval
    case 'blocked':
      return EXIT.blocked
    default:
      return EXIT.error
  }
}

/** The lines of an error; server messages of several lines keep them. */
export function problemLines(problem: Problem): readonly Line[] {
  return [
    [span('✗ ', 'bad'), span(problem.what, 'bad')],
    ...labelled('where', problem.where === null ? [] : [problem.where]),
    ...labelled('why', problem.why === null ? [] : problem.why.split('\n')),
    ...labelled('fix', problem.fix),
  ]
}

/** The stack of an error and of its causes, for `--debug`. */
export function stackLines(error: unknown): readonly Line[] {
  const lines: Line[] = []
  let at: unknown = error
  for (let depth = 0; at instanceof Error && depth < 8; depth++) {
    const stack = at.stack ?? `${at.name}: ${at.message}`
    lines.push(
      ...stack.split('\n').map((text, index) => line(depth > 0 && index === 0 ? `caused by ${text}` : text, 'dim')),
    )
    at = at.cause
  }
  return lines
}

function labelled(label: string, texts: readonly string[]): readonly Line[] {
  return texts.map((text, index) => [span(`  ${(index === 0 ? label : '').padEnd(5)}  `, 'dim'), span(text)])
}
