// Expressions of admission: compiled once, and the conditions under which somebody is asked at all.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { evaluate, type Scope } from '../crd/cel/evaluate.ts'
import { readAndCheck } from '../crd/cel/program.ts'
import { DYN } from '../crd/cel/type.ts'
import { CelFault, type Value } from '../crd/cel/value.ts'
import { textAt } from '../kinds/look.ts'

const NAMES = ['object', 'oldObject', 'request', 'namespaceObject', 'params', 'variables']
const TYPES = new Map(NAMES.map((name) => [name, DYN] as const))
const compiled = new Map<string, ReturnType<typeof readAndCheck>>()

/** The value of an expression, or why it has none. */
export function valueFor(expression: string, scope: Scope): Value | CelFault {
  const read = compiled.get(expression) ?? readAndCheck(expression, TYPES)
  compiled.set(expression, read)
  if (typeof read === 'string') return new CelFault(`compilation error: ${read}`)
  try {
    return evaluate(read.node, scope)
  } catch (error) {
    if (error instanceof CelFault) return error
    throw error
  }
}

/** What came of `matchConditions`. */
export type Conditions =
  | { readonly kind: 'hold' }
  | { readonly kind: 'fail' }
  /** None is false, and these have no value. */
  | { readonly kind: 'broken'; readonly broken: readonly { readonly expression: string; readonly fault: CelFault }[] }

/** Looks at all conditions: one that is false counts more than those that have no value. */
export function conditionsOf(conditions: readonly JsonObject[], scope: Scope): Conditions {
  const broken: { readonly expression: string; readonly fault: CelFault }[] = []
  for (const condition of conditions) {
    const expression = textAt(condition, 'expression')
    const held = valueFor(expression, scope)
    if (held instanceof CelFault) broken.push({ expression, fault: held })
    else if (held !== true) return { kind: 'fail' }
  }
  return broken.length === 0 ? { kind: 'hold' } : { kind: 'broken', broken }
}
