// What the fuzzer lets pass, each with its reason; a run says how often it did.

import type { Json } from '@mainstay/core/object/json.ts'
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
function alike(reason: string, ...forms: readonly (readonly [RegExp, string])[]): FuzzException {
  const rewritten = (value: Json): Json => {
    const text = JSON.stringify(value)
    return JSON.parse(forms.reduce((all, [from, to]) => all.replaceAll(from, to), text)) as Json // Texts within texts.
  }
  return { reason, fits: (_, { real, ours }) => differences(rewritten(real), rewritten(ours)).length === 0 }
}

/** All of them. */
export const fuzzExceptions: readonly FuzzException[] = [
  alike('a refusal prints an empty value as {}, [] or "", and the sandbox, which keeps no empty ones, as null', [
    /(Invalid value: )(null|\{\}|\[\]|\\"\\"): /g,
    '$1EMPTY: ',
  ]),
  alike('a refusal names a string by a type of Go', [
    /(Go struct field \S+ of type )(v\d\w*\.\w+|string)/g,
    '$1string',
  ]),
]

/** The reason why a difference is let pass; null where it is not. */
export function exceptionOf(operation: Operation, found: Found): string | null {
  return fuzzExceptions.find((each) => each.fits(operation, found))?.reason ?? null
}
