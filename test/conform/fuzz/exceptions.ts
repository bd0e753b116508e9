// What the fuzzer lets pass, each with its reason and how often it may; a run says how often it did.

import { isList, isObject, type Json } from '@mainstay/core/object/json.ts'
import { differences } from './answer.ts'
import { type Operation, valueAt } from './operation.ts'

/** What of a difference an exception may look at. */
export interface Found {
  readonly step: string
  readonly lines: readonly string[]
  readonly real: Json
  readonly ours: Json
}

/** One class of differences that is let pass. */
export interface FuzzException {
  readonly reason: string
  /** How often in a thousand operations. */
  readonly most: number
  readonly fits: (operation: Operation, found: Found) => boolean
}

/** What any run may use of an exception, however short it is. */
const LEAST = 3

/** How often an exception may be used in so many operations. */
export function mostOf({ most }: FuzzException, operations: number): number {
  return Math.max(LEAST, Math.ceil((operations * most) / 1000))
}

/** Every text of an answer changed; causes were sorted by what they said, and are again. */
function rewritten(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value)
  if (isList(value)) return value.map((item) => rewritten(item, change))
  if (!isObject(value)) return value
  const made = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewritten(item, change)]))
  if (!isList(made.causes)) return made
  const causes = made.causes.map((each) => JSON.stringify(each)).sort()
  return { ...made, causes: causes.map((each) => JSON.parse(each) as Json) } // It was made of Json.
}

/** The same once the texts of both are changed. */
function alike({ real, ours }: Found, change: (text: string) => string, changeOurs = change): boolean {
  return differences(rewritten(real, change), rewritten(ours, changeOurs)).length === 0
}

function statusOf(answer: Json): number {
  const status = isObject(answer) ? answer.status : null
  return typeof status === 'number' ? status : -1
}

function isRefused({ real, ours }: Found): boolean {
  return [real, ours].every((each) => statusOf(each) >= 400)
}

/** Values that a refusal quotes, with what is empty in them left as nothing. */
function withoutEmpty(text: string): string {
  if (!/(Invalid|Unsupported) value: /.test(text)) return text
  return text
    .replaceAll(/((?:Invalid|Unsupported) value: )(null|\{\}|\[\]|""): /g, '$1EMPTY: ')
    .replaceAll(/(\\?":)(\[\]|\{\})/g, '$1null')
}

/** A type of Go that is a text, as the plain one. */
function withPlainType(text: string): string {
  return text.replaceAll(/(Go struct field \S+ of type (?:\[\])?)(?:v\d\w*|types)\.\w+/g, '$1string')
}

/** A refusal that quotes what was patched, with every field in the order of its name. */
function inOrder(text: string): string {
  return withPlainType(text)
    .replaceAll(/(Invalid value: )("\{(?:[^"\\]|\\.)*")/g, (_, head: string, quoted: string) => head + sorted(quoted))
    .replaceAll(/unknown field "[^"]*"(?:, unknown field "[^"]*")+/g, (all) => all.split(', ').sort().join(', '))
}

function sorted(quoted: string): string {
  const byName = (value: Json): Json => {
    if (isList(value)) return value.map(byName)
    if (!isObject(value)) return value
    const keys = Object.keys(value).sort()
    return Object.fromEntries(keys.map((key) => [key, byName(value[key] ?? null)]))
  }
  try {
    return JSON.stringify(byName(JSON.parse(JSON.parse(quoted) as string) as Json)) // Quoted is JSON in a text.
  } catch {
    return quoted
  }
}

const JSON_PATCH = 'application/json-patch+json'

/** A JSON patch that tests for a list with a null in it, which the real server's library cannot compare. */
function testsNothing({ type, body = null }: Operation): boolean {
  if (type !== JSON_PATCH || !isList(body)) return false
  return body.some((each) => isObject(each) && each.op === 'test' && holdsNothing(each.value ?? null))
}

function holdsNothing(value: Json): boolean {
  if (isList(value)) return value.includes(null) || value.some(holdsNothing)
  return isObject(value) && Object.values(value).some(holdsNothing)
}

/** An object that an update has let go is answered as it was sent. */
function isGoing(answer: Json): boolean {
  const metadata = valueAt(answer, ['body', 'metadata'])
  return statusOf(answer) === 200 && isObject(metadata) && metadata.deletionTimestamp !== undefined
}

function panicked({ real }: Found): boolean {
  return statusOf(real) === 0
}

const UNTYPED = /^failed to create typed patch object \([^)]*\): /

/** Which object could not be read, where that is all that the answer says; empty otherwise. */
function untyped(answer: Json): string {
  const body = isObject(answer) ? answer.body : null
  const message = isObject(body) && typeof body.message === 'string' ? body.message : ''
  return UNTYPED.exec(message)?.[0] ?? ''
}

/** All of them. */
export const fuzzExceptions: readonly FuzzException[] = [
  {
    reason: 'a refusal quotes an empty value as {}, [] or "", and the sandbox, which keeps no empty ones, as null',
    most: 5,
    fits: (_, found) => isRefused(found) && alike(found, withoutEmpty),
  },
  {
    reason: 'a refusal names a text by a type of Go',
    most: 2,
    fits: (_, found) => isRefused(found) && alike(found, withPlainType, (text) => text),
  },
  {
    reason: 'a refusal quotes what a JSON patch has looked into with its fields in another order',
    most: 2,
    fits: (operation, found) => operation.type === JSON_PATCH && isRefused(found) && alike(found, inOrder),
  },
  {
    reason: 'the answer of a write that makes a role, or lets it go, shows an empty list of rules, which is not kept',
    most: 1,
    fits: ({ kind }, { real, lines }) =>
      ['Role', 'ClusterRole'].includes(kind) &&
      (statusOf(real) === 201 || isGoing(real)) &&
      lines.every((line) => line === 'body.rules: [] | null'),
  },
  {
    reason: 'a Service with one port twice is refused for the node port that it would have got',
    most: 1,
    fits: ({ kind }, found) =>
      kind === 'Service' &&
      alike(found, (text) => text.replaceAll(/Duplicate value: 3\d{4}/g, 'Duplicate value: PORT')),
  },
  {
    reason: 'the real server panics: a Service that prefers two families becomes headless',
    most: 1,
    fits: ({ kind, body = null }, found) =>
      kind === 'Service' && panicked(found) && JSON.stringify(body).includes('"None"'),
  },
  {
    reason: 'the real server panics: a JSON patch tests for a list that holds a null',
    most: 1,
    fits: (operation, found) => panicked(found) && testsNothing(operation),
  },
  {
    reason:
      'of several faults of an object that cannot be applied the real server tells those before the first unknown field, in any order',
    most: 2,
    fits: (_, { real, ours }) =>
      untyped(real) !== '' &&
      untyped(real) === untyped(ours) &&
      statusOf(real) === statusOf(ours) &&
      JSON.stringify([real, ours]).includes('field not declared in schema'),
  },
  {
    reason: 'an empty list or map in a NetworkPolicy counts as a change of its spec',
    most: 3,
    fits: ({ kind }, { lines }) => kind === 'NetworkPolicy' && lines.every(isAhead),
  },
]

/** A generation that is ahead of the sandbox's, and the write that made it so. */
function isAhead(line: string): boolean {
  if (line === 'moved: true | false') return true
  const [, real, ours] = /(?:^|\.)metadata\.generation: (\d+) \| (\d+)$/.exec(line) ?? []
  return real !== undefined && Number(real) > Number(ours)
}

/** The reason why a difference is let pass; null where it is not. */
export function exceptionOf(operation: Operation, found: Found): string | null {
  return fuzzExceptions.find((each) => each.fits(operation, found))?.reason ?? null
}

/** An exception that was used, and how often. */
export interface Used {
  readonly reason: string
  readonly count: number
  readonly most: number
}

/** The exceptions that a run has used. */
export function usedOf(excused: ReadonlyMap<string, readonly unknown[]>, operations: number): readonly Used[] {
  return fuzzExceptions.flatMap((each) => {
    const count = excused.get(each.reason)?.length ?? 0
    return count === 0 ? [] : [{ reason: each.reason, count, most: mostOf(each, operations) }]
  })
}
