// What was found out about objects of late. Objects never change, so it stays true; and it never holds much.
import type { JsonObject } from '@mainstay/core/object/json.ts'

/** How many objects a generation holds: more than one request ever looks at. */
const MOST = 1 << 16

/** One thing that is known of an object, and the next one. */
interface Fact {
  readonly of: object
  value: unknown
  next: Fact | null
}

/** All that is known of objects of late, in one table: an entry costs far more than another fact beside it. */
export class Facts {
  readonly #most: number
  #young = new WeakMap<object, Fact>()
  #old = new WeakMap<object, Fact>()
  #count = 0

  /** `most`: how many objects a generation holds. */
  constructor(most = MOST) {
    this.#most = most
  }

  /** How many objects were taken into this generation. */
  get count(): number {
    return this.#count
  }

  /** The first of what is known of an object; whoever is asked for stays. */
  first(key: object): Fact | undefined {
    const found = this.#young.get(key)
    if (found !== undefined) return found
    const before = this.#old.get(key)
    if (before !== undefined) this.#keep(key, before)
    return before
  }

  note(key: object, of: object, value: unknown): void {
    const first = this.first(key)
    if (first === undefined) {
      this.#keep(key, { of, value, next: null })
      return
    }
    for (let fact: Fact | null = first; fact !== null; fact = fact.next) {
      if (fact.of !== of) continue
      fact.value = value
      return
    }
    first.next = { of, value, next: first.next }
  }

  #keep(key: object, fact: Fact): void {
    if (this.#count >= this.#most) {
      this.#old = this.#young
      this.#young = new WeakMap()
      this.#count = 0
    }
    this.#young.set(key, fact)
    this.#count++
  }
}

/** What is known of the objects of all sandboxes. */
export const known = new Facts()

/** Remembers something of each of the objects that were asked for of late, and forgets the others. */
export class Recent<K extends object, V> {
  readonly #facts: Facts

  constructor(facts = known) {
    this.#facts = facts
  }

  get(key: K): V | undefined {
    for (let fact = this.#facts.first(key) ?? null; fact !== null; fact = fact.next) {
      // What is kept for this one was put there by `set`.
      if (fact.of === this) return fact.value as V
    }
    return undefined
  }

  set(key: K, value: V): void {
    this.#facts.note(key, this, value)
  }
}

/** True for an object and its metadata, which the next write of anything makes anew: they are not worth an entry. */
export function isPassing(root: JsonObject, value: JsonObject): boolean {
  return value === root || value === root.metadata
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
