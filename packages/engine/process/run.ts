// Runs one program to its end: no shell, nothing inherited, a time limit, an output limit, the whole process group killed.
import { spawn } from 'node:child_process'

/** How a program runs. Everything is said here: nothing comes from the environment of this process. */
export interface ProcessRun {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Text for standard input; without it there is none. */
  readonly stdin?: string
  /** Milliseconds until the program and what it started are killed. */
  readonly timeoutMs: number
  /** Bytes of standard output until it is killed. */
  readonly outputBytes: number
  /** Bytes of standard error that are kept; what follows is dropped. */
  readonly errorBytes: number
  readonly signal?: AbortSignal
}

/** What became of it. An exit code is an end like any other: who asked judges it. */
export type ProcessEnd =
  /** `code` is null where a signal that was not ours ended it. */
  | { readonly kind: 'ended'; readonly code: number | null; readonly stdout: Buffer; readonly stderr: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-started'; readonly error: Error }

/** Runs a program and waits until it and its output have ended. Never rejects. */
export function runProcess(run: ProcessRun): Promise<ProcessEnd> {
  if (run.signal?.aborted) return Promise.resolve({ kind: 'cancelled' })
  return new Promise((resolve) => {
    // Its own process group, so that what it starts ends with it.
    const child = spawn(run.program, [...run.args], { env: { ...run.env }, cwd: run.cwd, detached: true })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    let size = 0
    let errorSize = 0
    let stopped: ProcessEnd | null = null
    const stop = (end: ProcessEnd) => {
      stopped ??= end
      killGroup(child.pid)
    }
    const timer = setTimeout(() => stop({ kind: 'timeout' }), run.timeoutMs)
    const onAbort = () => stop({ kind: 'cancelled' })
    run.signal?.addEventListener('abort', onAbort, { once: true })
    const settle = (end: ProcessEnd) => {
      clearTimeout(timer)
      run.signal?.removeEventListener('abort', onAbort)
      resolve(stopped ?? end)
    }
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > run.outputBytes) stop({ kind: 'too-large' })
      else stdout.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      if (errorSize < run.errorBytes) stderr.push(chunk.subarray(0, run.errorBytes - errorSize))
      errorSize += chunk.length
    })
    // A program may end without reading its input; then the exit code says what happened.
    child.stdin.on('error', () => {})
    child.stdin.end(run.stdin ?? '')
    child.on('error', (error) => settle({ kind: 'not-started', error }))
    // A child of its own that outlives it would hold the output open, and work on in a folder that is to be removed.
    child.on('exit', () => killGroup(child.pid))
    child.on('close', (code) => {
      settle({ kind: 'ended', code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') })
    })
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // Gone in the meantime: exactly what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
