// Whether a run of the tests tries everything: the real run does; the quick one takes a sample where there is very much.

/** Environment variable that the real run sets. */
export const wholeVariable = 'MAINSTAY_TEST_WHOLE'

/** Every n-th of a long list in a quick run, from the first on; all of it in the real run. */
export function sampled<T>(all: readonly T[], n: number): readonly T[] {
  if (process.env[wholeVariable] === '1') return all
  return all.filter((_, at) => at % n === 0)
}
