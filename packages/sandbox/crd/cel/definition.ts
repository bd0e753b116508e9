// The rules of a schema node when a definition is judged: do they compile, and may they ask for the old value.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { ruleText } from '../definition/go-text.ts'
import type { Schema } from '../schema/schema.ts'
import { atIndex, child, forbidden, invalid } from '../value/cause.ts'
import { programsOf } from './program.ts'
import { LIMIT } from './range.ts'
import { extentOf, REQUEST } from './size.ts'

/** What is known of the place of a node in its schema. */
export interface RulePlace {
  /** The root of a resource, where kind, apiVersion and metadata are known. */
  readonly root: boolean
  /** The first node above whose parts cannot be told apart in an old object; null where all can. */
  readonly uncorrelatable: string | null
  /** How often the node can be in one object; null where nothing bounds it. */
  readonly times: bigint | null
}

/** What the rules of a node are worth. */
export interface Judged {
  readonly causes: readonly Cause[]
  readonly costs: readonly Cost[]
}

/** The estimated cost of one expression. */
export interface Cost {
  readonly path: string
  readonly cost: bigint
}

const MOST_EACH = 10_000_000n
const MOST_ALL = 100_000_000n

/** Judges the rules of one node; `path` is that of their list. */
export function judgeRules(schema: Schema, place: RulePlace, path: string): Judged {
  const costs = costsOf(schema, place, path)
  const tooMuch = costs
    .filter(({ cost }) => cost > MOST_EACH)
    .map(({ path: at, cost }) =>
      forbidden(at, costText(`estimated ${at.slice(at.lastIndexOf('.') + 1)} cost`, cost, MOST_EACH)),
    )
  return { causes: [...tooMuch, ...compileCauses(schema, place, path)], costs }
}

function costsOf(schema: Schema, { root, times }: RulePlace, path: string): readonly Cost[] {
  const least = extentOf(schema, root)?.least ?? 0n
  const often = times ?? REQUEST / (least + 1n)
  return programsOf(schema, root).flatMap(({ node, cost, message, messageCost }, index) => {
    const at = atIndex(path, index)
    const most = cost * often > LIMIT ? LIMIT : cost * often
    return [
      ...(node === null ? [] : [{ path: child(at, 'rule'), cost: most }]),
      ...(message === null ? [] : [{ path: child(at, 'messageExpression'), cost: messageCost }]),
    ]
  })
}

/** What is wrong where the rules of a whole schema may cost too much together. */
export function totalCauses(costs: readonly Cost[], path: string): readonly Cause[] {
  const total = costs.reduce((sum, { cost }) => (sum + cost > LIMIT ? LIMIT : sum + cost), 0n)
  if (total <= MOST_ALL) return []
  const dearest = costs.filter(({ cost }) => cost >= MOST_ALL / 100n).sort((a, b) => (a.cost < b.cost ? 1 : -1))
  const contributed = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'
  const name = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema'
  return [
    ...dearest.slice(0, 4).map((each) => forbidden(each.path, contributed)),
    forbidden(path, costText(name, total, MOST_ALL)),
  ]
}

function costText(name: string, cost: bigint, limit: bigint): string {
  const factor = Number(cost) / Number(limit)
  const shown = factor > 100 ? 'more than 100x' : factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`
  return `${name} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`
}

function compileCauses(schema: Schema, place: RulePlace, path: string): readonly Cause[] {
  return programsOf(schema, place.root).flatMap((program, index) => {
    const at = atIndex(path, index)
    const written = ruleText(rawRule(schema, index))
    const { problem, messageProblem, usesOldSelf, rule } = program
    const causes: Cause[] = []
    if (problem !== null) causes.push(invalid(child(at, 'rule'), written, problem))
    if (messageProblem !== null) causes.push(invalid(child(at, 'messageExpression'), written, messageProblem))
    if (usesOldSelf && place.uncorrelatable !== null) {
      const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${place.uncorrelatable}`
      causes.push(invalid(child(at, 'rule'), rule.rule, detail))
    }
    if (!usesOldSelf && rule.optionalOldSelf !== null) {
      const detail = 'may not be set if oldSelf is not used in rule'
      causes.push(invalid(child(at, 'optionalOldSelf'), rule.optionalOldSelf, detail))
    }
    return causes
  })
}

function rawRule(schema: Schema, index: number): JsonObject {
  const list = schema.raw['x-kubernetes-validations']
  const raw = isList(list) ? list[index] : undefined
  return isObject(raw) ? raw : {}
}
