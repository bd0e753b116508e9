// Runs a jq program on one object: the places it leads to, within a fixed amount of work.
import { canonicalJson } from '../../object/canonical.ts'
import type { Json, JsonObject } from '../../object/json.ts'
import { isList, isObject } from '../../object/json.ts'
import type { Place } from '../path.ts'
import { callPlain, callWith, compareJson, isTrue } from './functions.ts'
import type { CompareOp, JqProgram } from './program.ts'
import { matchCost, matches } from './regex.ts'

/** A value on its way, with its place in the input; `null` for a value that was made up (a literal, a comparison). */
interface Item {
  readonly place: Place | null
  readonly value: Json
  /** A slice of a list: the position its first item has in that list. */
  readonly offset: number | null
}

/** What a program yields until it ends or fails. */
interface Outcome {
  readonly items: readonly Item[]
  readonly failed: boolean
}

/** Work left, in steps. When it is used up everything fails, also inside `?`. */
interface Budget {
  left: number
}

/** One object is far smaller than this; an expression that needs more would keep everybody waiting. */
const MAX_STEPS = 500_000

const NOTHING: Outcome = { items: [], failed: false }
const FAILED: Outcome = { items: [], failed: true }

/**
 * The places that `del(program)` would take out of a value. None where the program fails (iterating over null, a value
 * that is no place, too much work): a rule that fails ignores nothing.
 */
export function jqPlaces(program: JqProgram, root: Json): readonly Place[] {
  const budget: Budget = { left: MAX_STEPS }
  const outcome = run(program, { place: [], value: root, offset: null }, budget)
  if (outcome.failed || budget.left <= 0) return []
  const places: Place[] = []
  for (const { place, value, offset } of outcome.items) {
    if (place === null) return []
    if (offset === null) places.push(place)
    else if (isList(value)) for (let index = 0; index < value.length; index++) places.push([...place, offset + index])
  }
  return places
}

function run(program: JqProgram, input: Item, budget: Budget): Outcome {
  if (budget.left-- <= 0) return FAILED
  switch (program.kind) {
    case 'identity':
      return one(input)
    case 'recurse':
      return recurse(input, budget)
    case 'field':
      return field(input, program.name)
    case 'index':
      return index(input, program.index)
    case 'slice':
      return slice(input, program.from, program.to)
    case 'each':
      return each(input, budget)
    case 'try': {
      const outcome = run(program.body, input, budget)
      return budget.left > 0 ? { ...outcome, failed: false } : outcome
    }
    case 'pipe':
      return flatMap(run(program.left, input, budget), (item) => run(program.right, item, budget))
    case 'comma': {
      const left = run(program.left, input, budget)
      return left.failed ? left : joined(left, run(program.right, input, budget))
    }
    case 'otherwise': {
      const found = run(program.left, input, budget).items.filter((item) => isTrue(item.value))
      return found.length > 0 ? { items: found, failed: false } : run(program.right, input, budget)
    }
    default:
      return runCondition(program, input, budget)
  }
}

type Condition = Exclude<
  JqProgram,
  { kind: 'identity' | 'recurse' | 'field' | 'index' | 'slice' | 'each' | 'try' | 'pipe' | 'comma' | 'otherwise' }
>

function runCondition(program: Condition, input: Item, budget: Budget): Outcome {
  switch (program.kind) {
    case 'and':
    case 'or':
      return flatMap(run(program.left, input, budget), (left) => {
        if (isTrue(left.value) === (program.kind === 'or')) return made(program.kind === 'or')
        return flatMap(run(program.right, input, budget), (right) => made(isTrue(right.value)))
      })
    case 'compare':
      return flatMap(run(program.right, input, budget), (right) =>
        flatMap(run(program.left, input, budget), (left) => made(compared(program.op, left.value, right.value))),
      )
    case 'literal':
      return made(program.value)
    case 'list': {
      const body = program.body === null ? NOTHING : run(program.body, input, budget)
      return body.failed ? FAILED : made(body.items.map((item) => item.value))
    }
    case 'select':
      return flatMap(run(program.body, input, budget), (item) => (isTrue(item.value) ? one(input) : NOTHING))
    case 'any':
    case 'all': {
      const tests = flatMap(each(input, budget), (item) => run(program.body, item, budget))
      if (tests.failed) return FAILED
      const holds = (item: Item): boolean => isTrue(item.value)
      return made(program.kind === 'any' ? tests.items.some(holds) : tests.items.every(holds))
    }
    case 'test': {
      if (typeof input.value !== 'string') return FAILED
      budget.left -= Math.ceil(matchCost(program.regex, input.value) / 20)
      return budget.left > 0 ? made(matches(program.regex, input.value)) : FAILED
    }
    case 'call':
      if (program.name === 'empty') return NOTHING
      return madeOr(callPlain(program.name, input.value))
    case 'call-with': {
      const { name } = program
      const given = run(program.argument, input, budget)
      if (name !== 'IN') return flatMap(given, (item) => madeOr(callWith(name, input.value, item.value)))
      return given.failed ? FAILED : made(given.items.some((item) => equal(item.value, input.value)))
    }
  }
}

function recurse(input: Item, budget: Budget): Outcome {
  const items: Item[] = []
  const stack = [input]
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    items.push(item)
    if (typeof item.value !== 'object' || item.value === null) continue
    const below = each(item, budget)
    if (below.failed) return FAILED
    stack.push(...below.items.toReversed())
  }
  return { items, failed: false }
}

function field(input: Item, name: string): Outcome {
  if (input.value === null) return one(step(input, name, null))
  if (!isObject(input.value)) return FAILED
  return one(step(input, name, ownValue(input.value, name)))
}

function index(input: Item, at: number): Outcome {
  if (input.value === null) return one(step(input, at, null))
  if (!isList(input.value)) return FAILED
  const position = at < 0 ? input.value.length + at : at
  return one(step(input, position + (input.offset ?? 0), input.value[position] ?? null))
}

function slice(input: Item, from: number | null, to: number | null): Outcome {
  if (input.value === null) return one({ ...input, offset: 0 })
  if (!isList(input.value)) return FAILED
  const length = input.value.length
  const bound = (at: number): number => Math.min(Math.max(at < 0 ? length + at : at, 0), length)
  const start = bound(from ?? 0)
  const value = input.value.slice(start, bound(to ?? length))
  return one({ place: input.place, value, offset: (input.offset ?? 0) + start })
}

function each(input: Item, budget: Budget): Outcome {
  const { value } = input
  const items = isList(value)
    ? value.map((item, position) => step(input, position + (input.offset ?? 0), item))
    : isObject(value)
      ? Object.keys(value).map((key) => step(input, key, ownValue(value, key)))
      : null
  budget.left -= items?.length ?? 0
  return items === null || budget.left <= 0 ? FAILED : { items, failed: false }
}

function step(from: Item, key: string | number, value: Json): Item {
  return { place: from.place === null ? null : [...from.place, key], value, offset: null }
}

function ownValue(object: JsonObject, key: string): Json {
  return Object.hasOwn(object, key) ? (object[key] ?? null) : null
}

function one(item: Item): Outcome {
  return { items: [item], failed: false }
}

function made(value: Json): Outcome {
  return one({ place: null, value, offset: null })
}

function madeOr(value: Json | undefined): Outcome {
  return value === undefined ? FAILED : made(value)
}

function joined(a: Outcome, b: Outcome): Outcome {
  return { items: [...a.items, ...b.items], failed: a.failed || b.failed }
}

/** Feeds every item on; the first failure ends it, and what came before stays. */
function flatMap(outcome: Outcome, next: (item: Item) => Outcome): Outcome {
  const items: Item[] = []
  for (const item of outcome.items) {
    const more = next(item)
    for (const each of more.items) items.push(each)
    if (more.failed) return { items, failed: true }
  }
  return { items, failed: outcome.failed }
}

function compared(op: CompareOp, left: Json, right: Json): boolean {
  if (op === '==') return equal(left, right)
  if (op === '!=') return !equal(left, right)
  const order = compareJson(left, right)
  if (op === '<') return order < 0
  if (op === '<=') return order <= 0
  return op === '>' ? order > 0 : order >= 0
}

function equal(a: Json, b: Json): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b)
}
