// Where the tour says something else on the sandbox than on the real API server, each with its reason.

/** One command that is not alike. */
export interface TourException {
  readonly line: string
  readonly reason: string
}

/** All of them. A command that is alike although it is listed here fails. */
export const tourExceptions: readonly TourException[] = []
