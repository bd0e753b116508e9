// Work for a key that several want at once: done once, for as long as anybody waits for it.

/** Shares work by key within this process. */
export class Flights<T> {
  readonly #running = new Map<string, Flight<T>>()

  /**
   * The result of `work`, or of the same key's work that is under way. A caller whose signal is aborted stops waiting
   * with the signal's reason; the work itself is aborted when the last of them has gone.
   */
  async join(key: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    const flight = this.#running.get(key) ?? this.#start(key, work)
    flight.waiting++
    let onAbort = () => {}
    const left = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
    try {
      return await Promise.race([flight.result, left])
    } finally {
      signal?.removeEventListener('abort', onAbort)
      if (--flight.waiting === 0) {
        // Whoever asks from now on must not get what was called off.
        if (this.#running.get(key) === flight) this.#running.delete(key)
        flight.stop.abort()
      }
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const stop = new AbortController()
    const flight: Flight<T> = { stop, waiting: 0, result: work(stop.signal) }
    this.#running.set(key, flight)
    flight.result.catch(() => undefined)
    return flight
  }
}

interface Flight<T> {
  readonly result: Promise<T>
  readonly stop: AbortController
  waiting: number
}
