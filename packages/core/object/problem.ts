// A problem in an input: where it is, what is wrong, and what to write instead.

/** One problem of a manifest, an Application, a flag. All problems of an input are reported together. */
export interface Problem {
  /** `apps/web.yaml:12` (file and line), or the file alone, or a flag. */
  readonly where: string
  /** `spec.destination.server`, or null where it is about the whole document. */
  readonly field: string | null
  /** What is wrong, as one sentence without a full stop. */
  readonly what: string
  /** What to write instead. */
  readonly fix: string
}
