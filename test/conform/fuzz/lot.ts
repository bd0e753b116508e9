// Draws by lot, always the same for the same seed.

/** A row of draws. */
export class Lot {
  #state: number

  constructor(seed: string | number) {
    let hash = 2166136261
    for (const letter of String(seed)) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619)
    this.#state = hash >>> 0
  }

  /** A number in [0, 1). */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let value = this.#state
    value = Math.imul(value ^ (value >>> 15), value | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  /** Whether something happens that happens in this part of all cases. */
  chance(part: number): boolean {
    return this.next() < part
  }

  /** One of several. */
  one<const T extends readonly unknown[]>(...all: T): T[number]
  one<T>(...all: readonly T[]): T
  one(...all: readonly unknown[]): unknown {
    return this.of(all)
  }

  /** One of a list that is not empty. */
  of<T>(all: readonly T[]): T {
    const found = all[this.below(all.length)]
    if (found === undefined) throw new Error('nothing to draw from')
    return found
  }

  /** One by weight. */
  weighted<T>(all: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.next() * all.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, value] of all) {
      left -= weight
      if (left < 0) return value
    }
    return this.of(all)[1]
  }

  /** Some of a list, in any order, at least `min` of them. */
  some<T>(all: readonly T[], max = all.length, min = 0): readonly T[] {
    const rest = [...all]
    const count = min + this.below(Math.min(max, all.length) - min + 1)
    return Array.from({ length: count }, () => rest.splice(this.below(rest.length), 1)).flat()
  }
}
