// Lets a limited number of tools run at once; whoever came first runs first.

/**
 * A queue for work that takes a core each. A caller that has much to do waits for each piece before it asks for the
 * next, so that those who ask for little come in between.
 */
export class Queue {
  readonly #limit: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  /** @param limit how much may run at once, at least 1 */
  constructor(limit: number) {
    this.#limit = Math.max(1, limit)
  }

  /** Runs `work` when it is its turn; a signal takes it out of the queue, and then it rejects with the signal's reason. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#turn(signal)
    try {
      return await work()
    } finally {
      this.#running--
      this.#next()
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1)
        reject(signal?.reason)
      }
      const start = () => {
        signal?.removeEventListener('abort', onAbort)
        this.#running++
        resolve()
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(start)
      this.#next()
    })
  }

  #next(): void {
    if (this.#running >= this.#limit) return
    this.#waiting.shift()?.()
  }
}
