// Work that many callers want at the same time and that needs to be done once.

/**
 * One run at a time. Callers that ask before a run has started share it; callers that ask during a run share the next
 * one, because the running one may have looked already.
 */
export class Shared<T> {
  readonly #work: () => Promise<T>
  #running: Promise<T> | null = null
  #queued: Promise<T> | null = null

  constructor(work: () => Promise<T>) {
    this.#work = work
  }

  /** The result of a run that starts after this call. */
  run(): Promise<T> {
    this.#queued ??= this.#start()
    return this.#queued
  }

  /** Waits for the run that is under way, whatever comes of it. False where there is none. */
  async settled(): Promise<boolean> {
    const current = this.#queued ?? this.#running
    if (current === null) return false
    await current.catch(() => undefined)
    return true
  }

  async #start(): Promise<T> {
    // Whoever runs now answers to its own callers; here only its end matters.
    await (this.#running ?? Promise.resolve()).catch(() => undefined)
    await new Promise<void>((resolve) => setImmediate(resolve))
    this.#queued = null
    this.#running = this.#work()
    try {
      return await this.#running
    } finally {
      this.#running = null
    }
  }
}
