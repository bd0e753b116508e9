// The real outside of a command: this process, its streams, its signals, the engine.
import { type ChildProcess, spawn } from 'node:child_process'
import { constants, hostname, userInfo } from 'node:os'
import { createInterface } from 'node:readline'
import type { WriteStream } from 'node:tty'
import { FaultError } from '@mainstay/engine/fault.ts'
import type { Io, OutputStream, ProgramCommand } from './io.ts'
import { problemOf } from './output/fault.ts'
import { report } from './output/report.ts'

/** The Io of this process. */
export function processIo(): Io {
  return {
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    inputIsTTY: process.stdin.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
    user: userOf(process.env),
    now: () => Date.now(),
    every: (ms, tick) => {
      const timer = setInterval(tick, ms)
      return () => clearInterval(timer)
    },
    after: (ms, act) => {
      const timer = setTimeout(act, ms)
      return () => clearTimeout(timer)
    },
    onInterrupt,
    quit: (code) => process.exit(code),
    readLine,
    readInput,
    page,
    execute,
    openSession: async (options) => await (await import('@mainstay/engine/reconcile/open.ts')).openSession(options),
  }
}

/** Runs the words of this process and ends it with the exit code; also what nobody caught is told like any error. */
export async function start(main: (argv: readonly string[], io: Io) => Promise<number>): Promise<void> {
  const argv = process.argv.slice(2)
  const io = processIo()
  let broken = false
  process.on('uncaughtException', (error) => {
    broken = true
    const code = report(error, problemOf(error), argv, io)
    // What was run talks to something that is broken now: it is not left behind.
    endPrograms().finally(() => finish(code))
  })
  const code = await main(argv, io)
  // The program that is ended above gives its own exit code to whoever waits for it; ours is told with the error.
  if (!broken) finish(code)
}

/** Ends the process when everything that was written has left it; sockets that are still open do not hold it up. */
export function finish(code: number): void {
  process.exitCode = code
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}

function outputOf(stream: WriteStream): OutputStream {
  // A reader that has seen enough (`| head`) is no error: what else would be written is not wanted.
  let closed = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    closed = true
  })
  return {
    write: (text) => {
      if (!closed) stream.write(text)
    },
    isTTY: stream.isTTY === true,
    columns: () => (stream.isTTY ? stream.columns : null),
    rows: () => (stream.isTTY ? stream.rows : null),
  }
}

/** `ana@laptop`; the number of a user who has no name. */
function userOf(env: Io['env']): string {
  let name: string
  try {
    name = userInfo().username
  } catch {
    // A container may run under a number that no account has: then the number is all there is to record.
    name = env.USER ?? `uid-${process.getuid?.() ?? 'unknown'}`
  }
  return `${name}@${hostname()}`
}

function onInterrupt(handler: () => void): () => void {
  process.on('SIGINT', handler)
  process.on('SIGTERM', handler)
  return () => {
    process.off('SIGINT', handler)
    process.off('SIGTERM', handler)
  }
}

function readLine(prompt: string): Promise<string | null> {
  return new Promise((resolve) => {
    const reader = createInterface({ input: process.stdin, output: process.stdout, terminal: true })
    let answer: string | null = null
    reader.question(prompt, (text) => {
      answer = text
      reader.close()
    })
    reader.on('SIGINT', () => reader.close())
    reader.on('close', () => {
      if (answer === null) process.stdout.write('\n')
      resolve(answer)
    })
  })
}

async function readInput(limit: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of process.stdin) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    size += bytes.length
    if (size > limit) {
      throw new FaultError({
        kind: 'too-large',
        what: `the input is larger than ${limit} bytes`,
        where: 'standard input',
      })
    }
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function page(command: ProgramCommand, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const pager = spawn(command.program, command.args, {
      stdio: ['pipe', 'inherit', 'inherit'],
      env: { ...process.env, ...command.env },
      shell: false,
    })
    // Ctrl-C inside the pager is the pager's: it stops its search, not this program.
    const forget = onInterrupt(() => {})
    pager.once('error', () => {
      forget()
      resolve(false)
    })
    pager.once('close', (code) => {
      forget()
      // As a shell does, 126 and 127 mean that there was nothing to run.
      resolve(code !== 126 && code !== 127)
    })
    // Leaving the pager before its end closes the pipe: no error.
    pager.stdin.on('error', () => {})
    pager.stdin.end(text)
  })
}

/** Programs that were run and have not ended. */
const running = new Set<ChildProcess>()

/** What a program has for its own end, in milliseconds. */
const LAST_MS = 2000

/** Ends all programs: those that are asked and go on are killed. */
async function endPrograms(): Promise<void> {
  const ends = [...running].map(async (child) => {
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), LAST_MS)
    await ended
    clearTimeout(timer)
  })
  await Promise.all(ends)
}

function execute({ program, args, env }: ProgramCommand): Promise<number> {
  return new Promise((resolve, reject) => {
    // Listened for before the program begins, which may be heard of before spawn has returned.
    const ignore = (): void => {} // The terminal sends Ctrl-C to both of us; what it means is up to the program.
    const passOn = (): boolean => child.kill('SIGTERM')
    process.on('SIGINT', ignore)
    process.on('SIGTERM', passOn)
    const forget = (): void => {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', passOn)
    }
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env }, shell: false })
    running.add(child)
    child.once('error', (error: NodeJS.ErrnoException) => {
      running.delete(child)
      forget()
      const why = error.code === 'ENOENT' ? 'there is no such program' : (error.code ?? error.message)
      reject(new FaultError({ kind: 'invalid-input', what: `cannot start ${program}`, why }, { cause: error }))
    })
    child.once('exit', (code, signal) => {
      running.delete(child)
      forget()
      // As a shell tells of a program that a signal ended.
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}
