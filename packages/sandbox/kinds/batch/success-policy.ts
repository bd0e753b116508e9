// When a Job is done before all of it is done, and who looks after a Job.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { invalid, required, tooLong, tooMany } from '../causes.ts'
import { byteLength, domainPathFaults } from '../formats.ts'
import { internalForm } from '../internal.ts'
import { has, objectAt, objectsAt, textAt, wholeAt } from '../look.ts'
import { countCauses } from '../pod/numbers.ts'

const LONGEST = 63
const MOST_RULES = 20

/** The controller that manages the Job in the place of the usual one. */
export function managerCauses(spec: JsonObject, path: string): readonly Cause[] {
  if (!has(spec, 'managedBy')) return []
  const name = textAt(spec, 'managedBy')
  const long = byteLength(name) > LONGEST ? [tooLong(path, LONGEST)] : []
  if (name === '') return [required(path)]
  return [...domainPathFaults(name).map(([part, text]) => invalid(path, part, text)), ...long]
}

/** The policy of success. */
export function successPolicyCauses(spec: JsonObject, path: string): readonly Cause[] {
  const policy = objectAt(spec, 'successPolicy')
  if (textAt(spec, 'completionMode') !== 'Indexed') {
    return [invalid(path, internalForm('batch.v1.SuccessPolicy', policy), 'requires indexed completion mode')]
  }
  const rules = objectsAt(policy, 'rules')
  const none = 'at least one rules must be specified when the successPolicy is specified'
  return [
    ...(rules.length === 0 ? [required(`${path}.rules`, none)] : []),
    ...(rules.length > MOST_RULES ? [tooMany(`${path}.rules`, rules.length, MOST_RULES)] : []),
    ...rules.flatMap((rule, at) => ruleCauses(rule, wholeAt(spec, 'completions') ?? 0, `${path}.rules[${at}]`)),
  ]
}

function ruleCauses(rule: JsonObject, completions: number, path: string): readonly Cause[] {
  const [counted, indexed] = [has(rule, 'succeededCount'), has(rule, 'succeededIndexes')]
  const none = 'at least one of succeededCount or succeededIndexes must be specified'
  const text = textAt(rule, 'succeededIndexes')
  const indexes = indexed ? readIndexes(text, completions) : { total: 0, fault: null }
  const field = `${path}.succeededIndexes`
  return [
    ...(counted || indexed ? [] : [required(path, none)]),
    ...(indexes.fault === null ? [] : [invalid(field, text, `error parsing succeededIndexes: ${indexes.fault}`)]),
    ...(counted ? countedCauses(rule, completions, indexed ? indexes.total : null, path) : []),
  ]
}

function countedCauses(rule: JsonObject, completions: number, total: number | null, path: string): readonly Cause[] {
  const count = wholeAt(rule, 'succeededCount') ?? 0
  const most = (bound: number, what: string): readonly Cause[] =>
    count > bound
      ? [invalid(`${path}.succeededCount`, count, `must be less than or equal to ${bound} (the number of ${what})`)]
      : []
  return [
    ...countCauses(rule, 'succeededCount', path),
    ...most(completions, 'specified completions'),
    ...(total === null ? [] : most(total, 'indexes in the specified succeededIndexes field')),
  ]
}

/** Reads `0,2-3`: how many there are, or what is wrong. */
function readIndexes(text: string, completions: number): { readonly total: number; readonly fault: string | null } {
  const failed = (fault: string): { readonly total: number; readonly fault: string } => ({ total: 0, fault })
  let [total, last] = [0, -1]
  if (text === '') return { total, fault: null }
  for (const part of text.split(',')) {
    const ends = part.split('-')
    if (ends.length > 2) {
      const rule = "violates the requirement that an index interval can have at most two parts separated by '-'"
      return failed(`the fragment "${part}" ${rule}`)
    }
    const numbers: number[] = []
    for (const end of ends) {
      if (!/^[+-]?\d+$/.test(end)) return failed(`cannot convert string to integer for index: "${end}"`)
      const number = Number(end)
      if (number >= completions) return failed(`too large index: "${end}"`)
      if (number <= last) return failed(`non-increasing order, previous: ${last}, current: ${number}`)
      last = number
      numbers.push(number)
    }
    total += (numbers.at(-1) ?? 0) - (numbers[0] ?? 0) + 1
  }
  return { total, fault: null }
}
