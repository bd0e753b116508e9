// Ranges of costs and sizes: they are added and multiplied up to the largest uint64 and stay there.

/** From fewest to most. */
export interface Range {
  readonly min: bigint
  readonly max: bigint
}

/** The largest number of the real estimator. */
export const LIMIT = (1n << 64n) - 1n

/** Anything. */
export const UNKNOWN: Range = { min: 0n, max: LIMIT }

/** One number. */
export function fixed(value: number | bigint): Range {
  return { min: BigInt(value), max: BigInt(value) }
}

const capped = (value: bigint): bigint => (value > LIMIT ? LIMIT : value)

/** The sum of ranges. */
export function sum(...ranges: readonly Range[]): Range {
  return ranges.reduce((all, each) => ({ min: capped(all.min + each.min), max: capped(all.max + each.max) }), fixed(0))
}

/** The product of two ranges. */
export function times(a: Range, b: Range): Range {
  return { min: capped(a.min * b.min), max: capped(a.max * b.max) }
}

/** A range times a factor, rounded up. */
export function scaled({ min, max }: Range, factor: number): Range {
  return { min: scale(min, factor), max: scale(max, factor) }
}

function scale(value: bigint, factor: number): bigint {
  const made = Math.ceil(Number(value) * factor)
  return made >= 2 ** 64 ? LIMIT : BigInt(made)
}

/** The range that holds both. */
export function union(a: Range, b: Range): Range {
  return { min: a.min < b.min ? a.min : b.min, max: a.max > b.max ? a.max : b.max }
}
