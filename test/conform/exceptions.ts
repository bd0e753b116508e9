// Where the sandbox is known to answer otherwise than the real API server, each with its reason.

/** One check that the sandbox does not pass. */
export interface Exception {
  readonly topic: string
  /** The check's sentence. */
  readonly check: string
  readonly reason: string
}

/** All of them. A check that passes although it is listed here fails. */
export const exceptions: readonly Exception[] = [
  {
    topic: 'validation of kinds',
    check: 'refuses a volume without a size',
    reason:
      'an empty map and none are one in the form that the sandbox keeps; Go tells them apart when it shows what it refused',
  },
]

/** The reason why a check may fail on the sandbox; null where it may not. */
export function exceptionOf(topic: string, check: string): string | null {
  return exceptions.find((one) => one.topic === topic && one.check === check)?.reason ?? null
}
