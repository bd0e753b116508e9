// What was found out about objects of late. Objects never change, so it stays true; and it never holds much.

/** How many objects a generation holds: more than one request ever looks at. */
const MOST = 1 << 15

/** Remembers something of each of the objects that were asked for of late, and forgets the others. */
export class Recent<K extends object, V> {
  readonly #most: number
  #young = new WeakMap<K, V>()
  #old = new WeakMap<K, V>()
  #count = 0

  constructor(most = MOST) {
    this.#most = most
  }

  get(key: K): V | undefined {
    const found = this.#young.get(key)
    if (found !== undefined) return found
    const before = this.#old.get(key)
    if (before !== undefined) this.set(key, before)
    return before
  }

  set(key: K, value: V): void {
    if (this.#count >= this.#most) {
      this.#old = this.#young
      this.#young = new WeakMap()
      this.#count = 0
    }
    this.#young.set(key, value)
    this.#count++
  }
}

/** Objects of late of which one thing was found out. */
export class RecentSet<K extends object> {
  readonly #known = new Recent<K, true>()

  has(key: K): boolean {
    return this.#known.get(key) === true
  }

  add(key: K): void {
    this.#known.set(key, true)
  }
}
