// Draws what to do next. It looks at what the sandbox has, so that patches meet what is there.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { Deeds } from './deeds.ts'
import type { FuzzKind } from './kind.ts'
import type { Lot } from './lot.ts'
import type { Operation } from './operation.ts'

/** What is there: the object as the sandbox has it; null where there is none. */
export type Look = (kind: FuzzKind, name: string) => JsonObject | null

/** Draws operations on a few kinds. */
export class Drawer {
  readonly #lot: Lot
  readonly #kinds: readonly FuzzKind[]
  readonly #look: Look
  /** What each manager wanted last, so that it can want a little else. */
  readonly #wanted = new Map<string, JsonObject>()
  #kind: FuzzKind
  #name = 'a'

  constructor(lot: Lot, kinds: readonly FuzzKind[], look: Look) {
    this.#lot = lot
    this.#kinds = kinds
    this.#look = look
    this.#kind = lot.of(kinds)
  }

  /** The next operation. */
  next(): Operation {
    const lot = this.#lot
    if (lot.chance(0.15)) this.#kind = lot.of(this.#kinds)
    if (lot.chance(0.2))
      this.#name = lot.weighted([
        [6, 'a'],
        [3, 'b'],
        [1, 'c'],
      ] as const)
    const kind = this.#kind
    const name = kind.namespaced ? this.#name : `%ns%-${this.#name}`
    const version = lot.chance(0.7) ? (kind.versions[0] ?? '') : lot.of(kind.versions)
    const live = this.#look(kind, name)
    const deed = new Deeds(lot, kind, version, name, live, this.#wanted).next()
    const about = deed.name === undefined ? name : deed.name
    return { kind: kind.kind, version, ...deed, name: about }
  }
}
