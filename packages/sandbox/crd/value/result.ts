// What checking a value against a schema gave: errors, and how many checks held (it decides which errors are told).
import type { Cause } from '../../registry/kind.ts'
import { ROOT } from './cause.ts'

/** One failed check: what is said in a cause, and the plain text by which equal failures are told once. */
export interface Failure {
  readonly text: string
  /** Made for the path at which the checked value lies in its object. */
  readonly cause: (base: string) => Cause
}

/** Failures and the count of passed checks. Made and filled inside one validation, never kept. */
export class Result {
  readonly failures: Failure[] = []
  matches = 0

  get valid(): boolean {
    return this.failures.length === 0
  }

  add(...failures: readonly (Failure | null)[]): this {
    for (const failure of failures) {
      if (failure === null || this.failures.some((each) => each.text === failure.text)) continue
      this.failures.push(failure)
    }
    return this
  }

  merge(...others: readonly Result[]): this {
    for (const other of others) {
      this.add(...other.failures)
      this.matches += other.matches
    }
    return this
  }

  pass(): this {
    this.matches += 1
    return this
  }

  causes(base: string): readonly Cause[] {
    return this.failures.map((failure) => failure.cause(base))
  }
}

/** A failure at a path of the schema checker (`.spec.a` or `spec.a`), below a base such as `status`. */
export function failureAt(text: string, name: string, make: (path: string) => Cause): Failure {
  return { text, cause: (base) => make(pathOf(base, name)) }
}

function pathOf(base: string, name: string): string {
  const plain = name.startsWith('.') ? name.slice(1) : name
  if (plain === '') return base
  return base === ROOT ? plain : `${base}.${plain}`
}
