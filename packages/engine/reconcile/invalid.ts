// Turns the problems of an input into one fault that names every place and field.
import type { Problem } from '@mainstay/core/object/problem.ts'
import { FaultError } from '../fault.ts'

/** All problems of an input as one fault: each names its place, its field and what to write instead. */
export function invalidInput(what: string, problems: readonly Problem[]): FaultError {
  const line = (problem: Problem): string =>
    `${problem.where}: ${problem.field === null ? '' : `${problem.field}: `}${problem.what}`
  return new FaultError({
    kind: 'invalid-input',
    what,
    where: problems[0]?.where ?? null,
    why: problems.map(line).join('\n'),
    fix: [...new Set(problems.map((problem) => problem.fix))],
  })
}
