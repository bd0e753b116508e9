// The sandbox's time: injected, so that a test moves it and a demo lets it run with the wall clock.

/** Time and timers. Nothing in the sandbox reads another clock. */
export interface SandboxClock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `act` once after `ms`; the answer takes it back. */
  after(ms: number, act: () => void): () => void
}
