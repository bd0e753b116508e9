// Lets controllers act: what changes is looked at soon after, on the sandbox's clock, one subject at a time.
import type { SandboxClock } from '../clock.ts'
import { StatusError } from '../registry/status.ts'
import type { Change } from '../store/log.ts'
import type { Random } from '../store/random.ts'
import type { World } from '../world.ts'
import type { Controller, Desk, Follow } from './controller.ts'

/** What controllers act upon, and when. */
export interface Stage {
  readonly world: World
  readonly clock: SandboxClock
  readonly random: Random
  /** From a change to the look at it; as quick as real controllers are. */
  readonly delayMs?: number
}

/** Controllers that act. */
export interface Acting {
  /** Subjects that are to be looked at now or as soon as the delay is over. Not those that wait for a later time. */
  readonly waiting: () => number
  /** Ends it; what was to be done is not done. */
  readonly stop: () => void
}

const DELAY_MS = 5
/** One turn looks at no more than this: between turns others get their turn, however much is due. */
const LOOKS_OF_A_TURN = 200
/** A refused write is tried again after this, then after twice as long, as real controllers do. */
const FIRST_RETRY_MS = 5
const LAST_RETRY_MS = 60_000

/** Lets controllers act from now on. All objects that are there are looked at first. */
export function act(stage: Stage, controllers: readonly Controller[]): Acting {
  return new Queue(stage, controllers)
}

interface Item {
  readonly controller: Controller
  readonly subject: string
}

class Queue implements Acting {
  readonly #stage: Stage
  readonly #delayMs: number
  /** In the order in which they were first named. */
  #due = new Map<string, Item>()
  readonly #later = new Map<string, () => void>()
  readonly #failures = new Map<string, number>()
  readonly #follows = new Map<string, readonly (readonly [Controller, Follow])[]>()
  #cancelTurn: (() => void) | null = null
  readonly #unsubscribe: () => void

  constructor(stage: Stage, controllers: readonly Controller[]) {
    this.#stage = stage
    this.#delayMs = stage.delayMs ?? DELAY_MS
    for (const controller of controllers) {
      for (const follow of controller.follows) {
        const known = this.#follows.get(follow.resource) ?? []
        this.#follows.set(follow.resource, [...known, [controller, follow]])
      }
    }
    this.#unsubscribe = stage.world.subscribe((change) => this.#onChange(change))
    // Whoever opens a copy to look at it pays nothing for controllers before time goes on.
    this.#cancelTurn = stage.clock.after(this.#delayMs, () => this.#begin())
  }

  waiting(): number {
    return this.#due.size + (this.#cancelTurn !== null && this.#due.size === 0 ? 1 : 0)
  }

  stop(): void {
    this.#unsubscribe()
    this.#cancelTurn?.()
    for (const cancel of this.#later.values()) cancel()
    this.#later.clear()
    this.#due.clear()
  }

  #desk(): Desk {
    const { world, clock, random } = this.#stage
    return { world, now: clock.now(), random }
  }

  #begin(): void {
    const desk = this.#desk()
    for (const resource of desk.world.resources()) {
      const follows = this.#followsOf(resource)
      if (follows.length === 0) continue
      for (const object of desk.world.all(resource)) {
        for (const [controller, follow] of follows) this.#name(controller, follow.subjects(object, desk))
      }
    }
    this.#turn()
  }

  #followsOf(resource: string): readonly (readonly [Controller, Follow])[] {
    return [...(this.#follows.get(resource) ?? []), ...(this.#follows.get('*') ?? [])]
  }

  #onChange(change: Change): void {
    const follows = this.#followsOf(change.resource)
    if (follows.length === 0) return
    const desk = this.#desk()
    for (const [controller, follow] of follows) {
      this.#name(controller, follow.subjects(change.object, desk))
      if (change.before !== null) this.#name(controller, follow.subjects(change.before, desk))
    }
    this.#schedule()
  }

  #name(controller: Controller, subjects: readonly string[]): void {
    for (const subject of subjects) this.#due.set(keyOf(controller, subject), { controller, subject })
  }

  #schedule(): void {
    if (this.#due.size === 0) return
    this.#cancelTurn ??= this.#stage.clock.after(this.#delayMs, () => this.#turn())
  }

  /** Looks at what is due, as far as a turn goes; the rest and what that changes are looked at in the next turns. */
  #turn(): void {
    this.#cancelTurn = null
    const due = this.#due
    this.#due = new Map()
    let looks = 0
    for (const [key, item] of due) {
      if (looks === LOOKS_OF_A_TURN) break
      looks += 1
      due.delete(key)
      this.#look(key, item)
    }
    if (due.size > 0) this.#putBehind(due)
    this.#schedule()
  }

  /** Those that waited already come first. */
  #putBehind(rest: Map<string, Item>): void {
    for (const [key, item] of this.#due) rest.set(key, item)
    this.#due = rest
  }

  #look(key: string, { controller, subject }: Item): void {
    this.#later.get(key)?.()
    this.#later.delete(key)
    let again: number | null
    try {
      again = controller.reconcile(subject, this.#desk())
      this.#failures.delete(key)
    } catch (error) {
      if (!(error instanceof StatusError)) throw error
      const failures = this.#failures.get(key) ?? 0
      this.#failures.set(key, failures + 1)
      again = Math.min(FIRST_RETRY_MS * 2 ** failures, LAST_RETRY_MS)
    }
    if (again !== null) this.#lookAfter(again, key, { controller, subject })
  }

  #lookAfter(ms: number, key: string, item: Item): void {
    const cancel = this.#stage.clock.after(ms, () => {
      this.#later.delete(key)
      this.#due.set(key, item)
      this.#schedule()
    })
    this.#later.set(key, cancel)
  }
}

function keyOf(controller: Controller, subject: string): string {
  return `${controller.name} ${subject}`
}
