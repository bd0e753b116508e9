// The outside of a command for tests: streams that remember, a clock that stands, a person who answers.
import type { Session, SessionOptions } from '@mainstay/engine/reconcile/session.ts'
import type { Io, OutputStream, ProgramCommand } from '../io.ts'
import { main } from '../main.ts'
import type { World } from './world.ts'
import { NOW } from './world.ts'

/** What a test decides about the outside. */
export interface TestIoOptions {
  readonly session?: Session
  readonly isTTY?: boolean
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What the person types at each question; null: end of input. */
  readonly answers?: readonly (string | null)[]
  readonly input?: string
  readonly cwd?: string
  /** False: no pager can be started. */
  readonly pager?: boolean
  /** What a program does that a command starts; its exit code. */
  readonly program?: (command: ProgramCommand) => Promise<number>
}

/** An Io that can be looked at afterwards. */
export interface TestIo extends Io {
  readonly seen: {
    out: string
    err: string
    readonly prompts: string[]
    readonly paged: { readonly command: ProgramCommand; readonly text: string }[]
    readonly opened: SessionOptions[]
    readonly quits: number[]
  }
  /** Presses Ctrl-C. */
  interrupt(): void
  /** Lets the time limit run out. */
  expire(): void
  /** One tick of everything that ticks. */
  tick(): void
  advance(ms: number): void
}

/** Makes one. */
export function testIo(options: TestIoOptions = {}): TestIo {
  const seen: TestIo['seen'] = { out: '', err: '', prompts: [], paged: [], opened: [], quits: [] }
  const answers = [...(options.answers ?? [])]
  const handlers = new Set<() => void>()
  const limits = new Set<() => void>()
  const ticks = new Set<() => void>()
  let now = NOW
  const isTTY = options.isTTY === true
  const hold = <T>(set: Set<T>, value: T): (() => void) => {
    set.add(value)
    return () => set.delete(value)
  }
  return {
    seen,
    out: stream(isTTY, (text) => {
      seen.out += text
    }),
    err: stream(isTTY, (text) => {
      seen.err += text
    }),
    inputIsTTY: isTTY,
    env: { HOME: '/nonexistent', TERM: 'xterm', ...options.env },
    cwd: options.cwd ?? '/',
    user: 'ana@laptop',
    now: () => now,
    every: (_, tick) => hold(ticks, tick),
    after: (_, act) => hold(limits, act),
    onInterrupt: (handler) => hold(handlers, handler),
    quit: (code) => {
      seen.quits.push(code)
    },
    readLine: async (prompt) => {
      seen.prompts.push(prompt)
      return answers.shift() ?? null
    },
    readInput: async () => options.input ?? '',
    page: async (command, text) => {
      if (options.pager === false) return false
      seen.paged.push({ command, text })
      return true
    },
    execute: async (command) => {
      if (options.program === undefined) throw new TypeError('this test starts no program')
      return await options.program(command)
    },
    openSession: async (opened) => {
      seen.opened.push(opened)
      if (options.session === undefined) throw new TypeError('this test has no session')
      return options.session
    },
    interrupt: () => {
      for (const handler of handlers) handler()
    },
    expire: () => {
      for (const act of limits) act()
    },
    tick: () => {
      for (const tick of ticks) tick()
    },
    advance: (ms) => {
      now += ms
    },
  }
}

function stream(isTTY: boolean, write: (text: string) => void): OutputStream {
  return { write, isTTY, columns: () => (isTTY ? 100 : null), rows: () => (isTTY ? 30 : null) }
}

/** Runs a command line and tells what came of it. */
export async function run(
  line: string,
  options: TestIoOptions = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string; readonly io: TestIo }> {
  const io = testIo(options)
  const code = await main(
    line.split(' ').filter((word) => word !== ''),
    io,
  )
  return { code, out: io.seen.out, err: io.seen.err, io }
}

/** A command line that stands still in its first step until it is told to go on. */
export function startHeld(
  world: World,
  session: Session,
  line: string,
  options: TestIoOptions = {},
): {
  readonly io: TestIo
  readonly result: { readonly started: Promise<void>; readonly code: Promise<number>; goOn(): void }
} {
  const started = gate()
  const held = gate()
  world.beforeStep = async () => {
    started.open()
    await held.passed
  }
  const io = testIo({ session, ...options })
  const code = main(line.split(' '), io)
  return { io, result: { started: started.passed, code, goOn: held.open } }
}

/** A promise that is kept from outside. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}
