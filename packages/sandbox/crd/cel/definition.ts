// The rules of a schema node when a definition is judged: do they compile, and may they ask for the old value.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Cause } from '../../registry/kind.ts'
import { ruleText } from '../definition/go-text.ts'
import type { Schema } from '../schema/schema.ts'
import { atIndex, child, invalid } from '../value/cause.ts'
import { programsOf } from './program.ts'

/** What is known of the place of a node in its schema. */
export interface RulePlace {
  /** The root of a resource, where kind, apiVersion and metadata are known. */
  readonly root: boolean
  /** The first node above whose parts cannot be told apart in an old object; null where all can. */
  readonly uncorrelatable: string | null
}

/** Causes for the rules of one node; `path` is that of their list. */
export function compileCauses(schema: Schema, place: RulePlace, path: string): readonly Cause[] {
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
