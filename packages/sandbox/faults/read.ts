// Reads faults from a document that a person wrote; what is wrong is told with its field.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Fault, FaultKind, FaultRule, Selector } from './fault.ts'

/** What is wrong with a document. */
export interface FaultProblem {
  /** `faults[0].match.verbs[1]`; empty for the document itself. */
  readonly path: readonly (string | number)[]
  /** One sentence without a full stop. */
  readonly what: string
}

/** What a document says. */
export type FaultsRead =
  | { readonly kind: 'rules'; readonly rules: readonly FaultRule[] }
  | { readonly kind: 'problem'; readonly problem: FaultProblem }

/** Verbs that a selector may name. */
export const VERBS = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'discover',
] as const

/** Reads `{ faults: [{ kind: …, match: {…}, after, times, probability }] }`. */
export function readFaults(document: Json): FaultsRead {
  try {
    const whole = fieldsOf(document, [])
    const list = whole.value('faults')
    if (!isList(list)) throw new Wrong(['faults'], 'must be a list of faults')
    whole.end()
    if (list.length === 0) throw new Wrong(['faults'], 'must name at least one fault')
    return { kind: 'rules', rules: list.map((each, at) => ruleFrom(fieldsOf(each, ['faults', at]))) }
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    return { kind: 'problem', problem: { path: error.path, what: error.what } }
  }
}

/** A path as people write it: `faults[0].match`. */
export function pathText(path: FaultProblem['path']): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}

/** Thrown inside this file alone. */
class Wrong extends Error {
  readonly path: FaultProblem['path']
  readonly what: string

  constructor(path: FaultProblem['path'], what: string) {
    super(what)
    this.path = path
    this.what = what
  }
}

function ruleFrom(fields: Fields): FaultRule {
  const kind = fields.choice('kind', KINDS)
  const rule = {
    fault: READERS[kind](fields),
    match: fields.has('match') ? selectorFrom(fields.below('match')) : {},
    after: fields.whole('after', 0, 0),
    times: fields.has('times') ? fields.whole('times', 1, 1) : null,
    probability: fields.number('probability', 0, 1, 1),
  }
  fields.end()
  return rule
}

function selectorFrom(fields: Fields): Selector {
  const selector = {
    ...fields.words('verbs', VERBS),
    ...fields.words('resources'),
    ...fields.words('namespaces'),
    ...fields.words('names'),
    ...fields.words('userAgents'),
  }
  fields.end()
  return selector
}

const WHEN = ['before', 'after'] as const
const STATUSES = [429, 500, 503, 504] as const
/** A day; more is a slip of the pen. */
const LONGEST_MS = 86_400_000
/** A hundred years either way. */
const LONGEST_JUMP_MS = 3_155_760_000_000

const READERS: Readonly<Record<FaultKind, (fields: Fields) => Fault>> = {
  latency: (fields) => ({
    kind: 'latency',
    ms: fields.whole('ms', 0, null, LONGEST_MS),
    jitterMs: fields.whole('jitterMs', 0, 0, LONGEST_MS),
  }),
  refuse: (fields) => ({
    kind: 'refuse',
    status: fields.choice('status', STATUSES),
    when: fields.choice('when', WHEN, 'before'),
    retryAfter: fields.has('retryAfter') ? fields.whole('retryAfter', 0, null) : null,
    message: fields.has('message') ? fields.text('message') : null,
  }),
  drop: (fields) => ({ kind: 'drop', when: fields.choice('when', WHEN, 'before') }),
  'half-sent': () => ({ kind: 'half-sent' }),
  'partial-list': (fields) => ({ kind: 'partial-list', items: fields.whole('items', 1, 1) }),
  'absent-group': (fields) => ({ kind: 'absent-group', group: fields.text('group') }),
  'failing-group': (fields) => ({ kind: 'failing-group', group: fields.text('group') }),
  'expired-watch': (fields) => ({ kind: 'expired-watch', afterEvents: fields.whole('afterEvents', 0, 0) }),
  'silent-watch': (fields) => ({ kind: 'silent-watch', afterEvents: fields.whole('afterEvents', 0, 0) }),
  stale: (fields) => ({ kind: 'stale', reads: fields.choice('reads', ['all', 'cached'], 'all') }),
  forbidden: (fields) => ({ kind: 'forbidden', user: fields.has('user') ? fields.text('user') : 'kubernetes-admin' }),
  'clock-jump': (fields) => ({ kind: 'clock-jump', ms: fields.whole('ms', -LONGEST_JUMP_MS, null, LONGEST_JUMP_MS) }),
}

const KINDS = Object.keys(READERS) as FaultKind[] // A Record has no keys but these.

/** The fields of a mapping, each of which has to be asked for. */
interface Fields {
  readonly has: (name: string) => boolean
  readonly value: (name: string) => Json
  readonly below: (name: string) => Fields
  readonly text: (name: string) => string
  readonly choice: <T extends string | number>(name: string, choices: readonly T[], usual?: T) => T
  /** A whole number; `usual` null: it must be there. */
  readonly whole: (name: string, least: number, usual: number | null, most?: number) => number
  readonly number: (name: string, least: number, most: number, usual: number) => number
  /** A list of words under its name, or nothing. */
  readonly words: <N extends string>(name: N, choices?: readonly string[]) => Partial<Record<N, readonly string[]>>
  /** Refuses what nobody asked for. */
  readonly end: () => void
}

function fieldsOf(value: Json, path: FaultProblem['path']): Fields {
  if (!isObject(value)) throw new Wrong(path, 'must be a mapping')
  const mapping: JsonObject = value
  const known = new Set<string>()
  const wrong = (name: string, what: string): Wrong => new Wrong([...path, name], what)
  const has = (name: string): boolean => {
    known.add(name)
    return Object.hasOwn(mapping, name) && mapping[name] !== null
  }
  const get = (name: string): Json => {
    if (!has(name)) throw wrong(name, 'must be there')
    return mapping[name] ?? null
  }
  const numeric = (name: string, [least, most]: readonly [number, number], whole: boolean): number => {
    const found = get(name)
    const fits = typeof found === 'number' && found >= least && found <= most && (!whole || Number.isSafeInteger(found))
    if (fits) return found
    throw wrong(name, `must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`)
  }
  return {
    has,
    value: get,
    below: (name) => fieldsOf(get(name), [...path, name]),
    text: (name) => {
      const found = get(name)
      if (typeof found === 'string' && found !== '') return found
      throw wrong(name, 'must be a text')
    },
    choice: (name, choices, usual) => {
      if (!has(name) && usual !== undefined) return usual
      const found = get(name)
      const chosen = choices.find((each) => each === found)
      if (chosen !== undefined) return chosen
      throw wrong(name, `must be one of: ${choices.join(', ')}`)
    },
    whole: (name, least, usual, most = Number.MAX_SAFE_INTEGER) =>
      !has(name) && usual !== null ? usual : numeric(name, [least, most], true),
    number: (name, least, most, usual) => (has(name) ? numeric(name, [least, most], false) : usual),
    words: (name, choices) => (has(name) ? wordsUnder(name, wordsFrom(get(name), [...path, name], choices)) : {}),
    end: () => {
      const other = Object.keys(mapping).find((name) => !known.has(name))
      if (other !== undefined) throw wrong(other, `is no field here; there are: ${[...known].join(', ')}`)
    },
  }
}

function wordsUnder<N extends string>(name: N, words: readonly string[]): Partial<Record<N, readonly string[]>> {
  const under: Partial<Record<N, readonly string[]>> = {}
  under[name] = words
  return under
}

function wordsFrom(value: Json, path: FaultProblem['path'], choices?: readonly string[]): readonly string[] {
  if (!isList(value)) throw new Wrong(path, 'must be a list')
  // An empty list would match nothing, and whoever wrote it would wait for a fault that never comes.
  if (value.length === 0) throw new Wrong(path, 'must name at least one; leave it out to match all')
  return value.map((each, at) => {
    if (typeof each !== 'string' || each === '') throw new Wrong([...path, at], 'must be a text')
    if (choices === undefined || choices.includes(each)) return each
    throw new Wrong([...path, at], `must be one of: ${choices.join(', ')}`)
  })
}
