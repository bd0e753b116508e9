// A repository as it is reached with one access: what its refs are, and how Git gets to it.
import { type FaultKind, isFault } from '../fault.ts'
import type { Clock } from '../ports.ts'
import type { Address } from './address.ts'
import type { RefScope } from './advertisement.ts'
import type { Way } from './git.ts'
import type { RemoteRef } from './parse.ts'
import { Shared } from './shared.ts'

/** How a kind of address is asked. */
export interface Transport {
  /**
   * The refs of the repository, now and whole; those that were not asked for may be among them.
   * @throws FaultError that says what to do; a list that ends too early is a fault, never a short list
   */
  refs(scope: RefScope): Promise<readonly RemoteRef[]>
  /** Does work that needs Git to reach the repository; what was written for it is removed afterwards. */
  reach<T>(work: (way: Way) => Promise<T>): Promise<T>
}

const REFUSALS: ReadonlySet<FaultKind> = new Set(['unauthorized', 'forbidden', 'not-found'])

interface Answer {
  readonly refs: readonly RemoteRef[]
  /** When the question was asked, in milliseconds. */
  readonly at: number
}

/** One repository with one access. Askers at the same time share one question. */
export class Remote {
  readonly address: Address
  readonly #transport: Transport
  readonly #clock: Pick<Clock, 'now'>
  readonly #named = new Shared(() => this.#ask('branches and tags'))
  readonly #all = new Shared(() => this.#ask('all'))
  readonly #last = new Map<RefScope, Answer>()

  constructor(address: Address, transport: Transport, clock: Pick<Clock, 'now'>) {
    this.address = address
    this.#transport = transport
    this.#clock = clock
  }

  /** The last answer about branches and tags, however old; null where there is none, or we were refused since. */
  get lastRefs(): readonly RemoteRef[] | null {
    return this.#last.get('branches and tags')?.refs ?? null
  }

  /** The refs as they are now, or as they were answered to a question at most `maxAgeMs` ago. */
  async refs(maxAgeMs = 0, scope: RefScope = 'branches and tags'): Promise<readonly RemoteRef[]> {
    const last = this.#last.get(scope)
    const mayBeOld = this.address.kind !== 'file' && maxAgeMs > 0
    if (mayBeOld && last !== undefined && this.#clock.now() - last.at <= maxAgeMs) return last.refs
    return (await (scope === 'all' ? this.#all : this.#named).run()).refs
  }

  /**
   * Makes sure that this access may read the repository, before anything is given out of a copy that others share. A
   * folder on this machine has no access of its own: who may read it was decided by the system.
   */
  async prove(): Promise<void> {
    if (this.address.kind !== 'file' && this.#last.size === 0) await this.refs()
  }

  /** Does work that needs Git to reach the repository. */
  reach<T>(work: (way: Way) => Promise<T>): Promise<T> {
    return this.#transport.reach(work)
  }

  async #ask(scope: RefScope): Promise<Answer> {
    const at = this.#clock.now()
    try {
      const answer = { refs: await this.#transport.refs(scope), at }
      this.#last.set(scope, answer)
      return answer
    } catch (error) {
      // What was allowed is not any more. A server that does not answer has taken nothing back.
      if (isFault(error) && REFUSALS.has(error.fault.kind)) this.#last.clear()
      throw error
    }
  }
}
