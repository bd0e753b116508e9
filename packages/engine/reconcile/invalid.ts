// Turns the problems of an input into one fault that names every place and field.
import type { Problem } from '@mainstay/core/object/problem.ts'
import { FaultError } from '../fault.ts'

/** All problems of an input as one fault: each names its place, its field and what to write instead. */
export function invalidInput(what: string, problems: readonly Problem[]): FaultError {
  const [first, second] = problems
  const place = ({ where, field }: Problem): string => (field === null ? where : `${where}: ${field}`)
  const alone = first !== undefined && second === undefined
  return new FaultError({
    kind: 'invalid-input',
    what,
    where: alone ? place(first) : null,
    why: alone ? first.what : problems.map((problem) => `${place(problem)}: ${problem.what}`).join('\n'),
    fix: [...new Set(problems.map((problem) => problem.fix))],
  })
}
