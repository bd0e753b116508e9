// What the fuzzer lets pass, each with its reason; a run says how often it did.

import type { Operation } from './operation.ts'

/** What of a difference an exception may look at. */
export interface Found {
  readonly step: string
  readonly lines: readonly string[]
}

/** One class of differences that is let pass. */
export interface FuzzException {
  readonly reason: string
  readonly fits: (operation: Operation, found: Found) => boolean
}

/** All of them. */
export const fuzzExceptions: readonly FuzzException[] = []

/** The reason why a difference is let pass; null where it is not. */
export function exceptionOf(operation: Operation, found: Found): string | null {
  return fuzzExceptions.find((each) => each.fits(operation, found))?.reason ?? null
}
