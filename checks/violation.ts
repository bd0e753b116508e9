// What a check has to say: where, what is wrong, and what to do instead.

/** One broken rule. Checks return these; only `main.ts` prints and exits. */
export interface Violation {
  /** Path from the root of the repository. */
  readonly file: string
  /** 1-based; 1 where it is about the file as a whole. */
  readonly line: number
  /** What is wrong, without a full stop. */
  readonly what: string
  /** What to do instead. */
  readonly fix: string
}

/** `packages/core/x.ts:12: what — fix`: the form that editors and terminals make clickable. */
export function formatViolation(violation: Violation): string {
  return `${violation.file}:${violation.line}: ${violation.what} — ${violation.fix}`
}

/** By file, then by line, so that the same tree always prints the same report. */
export function inOrder(violations: readonly Violation[]): readonly Violation[] {
  return [...violations].sort((a, b) => {
    if (a.file !== b.file) return a.file < b.file ? -1 : 1
    return a.line - b.line || (a.what < b.what ? -1 : 1)
  })
}
