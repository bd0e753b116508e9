// Everything a command may touch outside itself: streams, time, environment, the engine. Injected, so that tests run main() in process.
import type { Session, SessionOptions } from '@mainstay/engine/reconcile/session.ts'

/** A place to write text to. */
export interface OutputStream {
  write(text: string): void
  readonly isTTY: boolean
  /** Columns of the terminal; null where there is none. */
  columns(): number | null
  /** Rows of the terminal; null where there is none. */
  rows(): number | null
}

/** The outside of a command. */
export interface Io {
  readonly out: OutputStream
  readonly err: OutputStream
  readonly inputIsTTY: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Who is at the keyboard, for records: `ana@laptop`. */
  readonly user: string
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `tick` every `ms` until the returned function is called. */
  every(ms: number, tick: () => void): () => void
  /** Calls `act` once after `ms` unless the returned function is called before. */
  after(ms: number, act: () => void): () => void
  /** Calls `handler` on Ctrl-C and on a request to terminate, until the returned function is called. */
  onInterrupt(handler: () => void): () => void
  /** Ends the process at once: for the second Ctrl-C only. */
  quit(code: number): void
  /** One line typed by a person after `prompt`; null on end of input and on Ctrl-C. */
  readLine(prompt: string): Promise<string | null>
  /** All of standard input; a `too-large` fault beyond `limit` bytes. */
  readInput(limit: number): Promise<string>
  /** Shows text through a pager; false where that program cannot be started, and nothing was shown. */
  page(command: ProgramCommand, text: string): Promise<boolean>
  /**
   * Runs a program on the streams of this one until it ends; its exit code. Ctrl-C at the terminal is the program's
   * alone, a request to terminate is passed on. An `invalid-input` fault where it cannot be started.
   */
  execute(command: ProgramCommand): Promise<number>
  openSession(options: SessionOptions): Promise<Session>
}

/** A program to start without a shell, with what it needs in the environment beside ours. */
export interface ProgramCommand {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}
