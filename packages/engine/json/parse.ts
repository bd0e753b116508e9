// Reading JSON text without losing digits of 64-bit integers.
import type { Json } from '@mainstay/core/object/json.ts'
import { FaultError } from '../fault.ts'

/** A cheap look for a run of 16 digits where a number may start: below that no integer can lose digits. */
const maybeLong = /[\s:,[]-?\d{16}|^-?\d{16}/
const integer = /^-?\d+$/

/** What the reviver of ES2025 gets as third argument; the ES2023 library does not describe it yet. */
interface ReviverContext {
  readonly source?: string
}

/**
 * Parses JSON. Integers that a double cannot hold exactly become `bigint`; everything else is as `JSON.parse` gives it.
 *
 * @param text the whole document
 * @param where what the text is (a URL path, a file name), for the error
 * @throws FaultError `invalid-input` with the line and column, never with a piece of the text: it may hold secrets
 */
export function parseJson(text: string, where: string): Json {
  try {
    return maybeLong.test(text) ? parseLossless(text) : JSON.parse(text)
  } catch (error) {
    throw new FaultError(
      { kind: 'invalid-input', what: 'cannot read JSON', where, why: placeOf(error, text) },
      // The cause is left out on purpose: V8 quotes the text around the error.
    )
  }
}

function parseLossless(text: string): Json {
  const revive = (_key: string, value: Json, context?: ReviverContext): Json => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
    const source = context?.source
    return source !== undefined && integer.test(source) ? BigInt(source) : value
  }
  return JSON.parse(text, revive)
}

/** `line 3, column 7` where the runtime tells; the position is for people, nothing is decided by it. */
function placeOf(error: unknown, text: string): string {
  const found = error instanceof SyntaxError ? / at position (\d+)/.exec(error.message) : null
  const position = found?.[1] === undefined ? null : Number(found[1])
  if (position === null) return text.trim() === '' ? 'the text is empty' : 'the text is not JSON or ends too early'
  const before = text.slice(0, position).split('\n')
  return `not JSON at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
