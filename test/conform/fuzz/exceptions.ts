// What the fuzzer lets pass, each with its reason; a run says how often it did.

import { isList, isObject, type Json } from '@mainstay/core/object/json.ts'
import { differences } from './answer.ts'
import type { Operation } from './operation.ts'

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
  readonly fits: (operation: Operation, found: Found) => boolean
}

/** Lets pass what is the same when some text of it is written in another way. */
function alike(reason: string, ...forms: readonly Form[]): FuzzException {
  return {
    reason,
    fits: (_, { real, ours }) => differences(rewritten(real, forms), rewritten(ours, forms)).length === 0,
  }
}

type Form = readonly [RegExp, string]

/** Texts within texts are rewritten, too. */
function rewritten(value: Json, forms: readonly Form[]): Json {
  const text = forms.reduce((all, [from, to]) => all.replaceAll(from, to), JSON.stringify(value))
  return withSortedCauses(JSON.parse(text) as Json) // Still JSON.
}

/** Causes were sorted by what they said. */
function withSortedCauses(value: Json): Json {
  const body = isObject(value) ? value.body : undefined
  const causes = isObject(body) ? body.causes : undefined
  if (!isObject(value) || !isObject(body) || !isList(causes)) return value
  const sortedCauses = causes.map((each) => JSON.stringify(each)).sort()
  return { ...value, body: { ...body, causes: sortedCauses } }
}

/** A refusal that prints what was patched, with every field in the order of its name. */
function inOrder(value: Json): Json {
  if (typeof value === 'string') {
    return value
      .replaceAll(printed, (_, head: string, text: string) => head + sorted(text))
      .replaceAll(unknowns, (all) => all.split(', ').sort().join(', '))
  }
  if (isList(value)) return value.map(inOrder)
  if (!isObject(value)) return value
  const warnings = isList(value.warnings) ? { warnings: [...value.warnings].map(String).sort() } : {}
  return Object.fromEntries(Object.entries({ ...value, ...warnings }).map(([key, item]) => [key, inOrder(item)]))
}

const printed = /(Invalid value: )("\{(?:[^"\\]|\\.)*")/g

const unknowns = /unknown field "[^"]*"(, unknown field "[^"]*")+/g

function sorted(text: string): string {
  const byName = (value: Json): Json => {
    if (isList(value)) return value.map(byName)
    if (!isObject(value)) return value
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [key, byName(value[key] ?? null)]),
    )
  }
  try {
    const inner = JSON.parse(JSON.parse(text) as string) as Json // What is printed is JSON in a text.
    return JSON.stringify(byName(inner))
  } catch {
    return text
  }
}

/** The generation of some kinds, where nothing but that differs. */
function generationOf(reason: string, ...kinds: readonly string[]): FuzzException {
  const own = /(^|\.)metadata\.generation: |^moved: /
  return { reason, fits: ({ kind }, { lines }) => kinds.includes(kind) && lines.every((line) => own.test(line)) }
}

const typeNames = [/(Go struct field \S+ of type (?:\[\])?)((?:v\d\w*|types)\.\w+|string)/g, '$1string'] as const

/** All of them. */
export const fuzzExceptions: readonly FuzzException[] = [
  alike(
    'a refusal prints an empty value as {}, [] or "", and the sandbox, which keeps no empty ones, as null',
    [/((?:Invalid|Unsupported) value: )(null|\{\}|\[\]|\\"\\"): /g, '$1EMPTY: '],
    [/(\\\\?":)(\[\]|\{\})/g, '$1null'],
  ),
  alike('a refusal names a string by a type of Go', typeNames),
  {
    reason: 'a refusal prints what a JSON patch copied or moved with its fields in another order',
    fits: (_, { real, ours }) => {
      const form = (value: Json): Json => inOrder(rewritten(value, [typeNames]))
      return differences(form(real), form(ours)).length === 0
    },
  },
  {
    reason: 'the answer of a write that makes an object shows an empty list that was sent, which is not kept',
    fits: ({ method }, { lines }) => method !== 'GET' && lines.every((line) => /^body\.\w+: \[\] \| null$/.test(line)),
  },
  {
    reason: 'a Service with one port twice gets the same node port twice, and is refused for that, too',
    fits: ({ kind }, { real }) =>
      kind === 'Service' && /Duplicate value: 3\d{4}","field":"spec.ports\[\d\].nodePort"/.test(JSON.stringify(real)),
  },
  {
    reason: 'the real server panics: a Service that prefers two families becomes headless',
    fits: (_, { lines }) => lines[0]?.startsWith('status: 0 | ') === true,
  },
  {
    reason: 'of several faults of an object that cannot be applied others are told, or an odd key is written otherwise',
    fits: (_, { real, ours }) =>
      [real, ours].every((each) => JSON.stringify(each).includes('failed to create typed patch object')),
  },
  generationOf('an empty list or map in a NetworkPolicy counts as a change of its spec', 'NetworkPolicy'),
]

/** The reason why a difference is let pass; null where it is not. */
export function exceptionOf(operation: Operation, found: Found): string | null {
  return fuzzExceptions.find((each) => each.fits(operation, found))?.reason ?? null
}
