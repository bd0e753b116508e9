// Starts the processes of a test cluster through a supervisor that ends them when this process does.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { SupervisorCommand, SupervisorEvent } from './supervisor.ts'

type Supervisor = ChildProcessByStdio<Writable, Readable, null>

/** The running processes of one cluster. */
export class Processes {
  readonly #folder: string
  readonly #supervisor: Supervisor
  readonly #ended = new Map<string, string>()
  readonly #pids = new Map<string, number>()

  /** Starts a supervisor for `folder`, which it removes at the end. */
  constructor(folder: string) {
    this.#folder = folder
    this.#supervisor = spawn(process.execPath, [join(import.meta.dirname, 'supervisor.ts'), folder], {
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    // A supervisor that is gone shows in `ended`; writing to it must not be an uncaught error on top.
    this.#supervisor.stdin.on('error', () => {})
    createInterface({ input: this.#supervisor.stdout }).on('line', (line) => this.#note(line))
    // A process that forgot to stop its cluster may end: the closing pipe tells the supervisor.
    this.#supervisor.unref()
    unrefStream(this.#supervisor.stdin)
    unrefStream(this.#supervisor.stdout)
  }

  #note(line: string): void {
    const event = JSON.parse(line) as SupervisorEvent // Written by supervisor.ts only.
    if (event.kind === 'started') this.#pids.set(event.name, event.pid)
    else this.#ended.set(event.name, event.how)
  }

  /** Starts a program under a name that is also the name of its log file (`NAME.log`). */
  start(name: string, command: string, args: readonly string[]): void {
    this.#ended.delete(name)
    this.#send({ kind: 'start', name, command, args })
  }

  #send(command: SupervisorCommand): void {
    this.#supervisor.stdin.write(`${JSON.stringify(command)}\n`)
  }

  /** How a program ended, or null while it runs. */
  endOf(name: string): string | null {
    return this.#ended.get(name) ?? null
  }

  /** Process ids by name, of those that were started. */
  get pids(): ReadonlyMap<string, number> {
    return this.#pids
  }

  /** The last lines that a program printed. */
  async log(name: string, lines = 15): Promise<string> {
    const path = join(this.#folder, `${name}.log`)
    if (!existsSync(path)) return ''
    return (await readFile(path, 'utf8')).trimEnd().split('\n').slice(-lines).join('\n')
  }

  /** Ends everything; resolves when every process has ended and the folder is gone. */
  async stop(): Promise<void> {
    if (this.#supervisor.exitCode !== null || this.#supervisor.signalCode !== null) return
    const gone = new Promise<void>((resolve) => this.#supervisor.once('exit', () => resolve()))
    this.#supervisor.ref()
    this.#supervisor.stdin.end()
    await gone
  }
}

function unrefStream(stream: Readable | Writable): void {
  // Pipes of a child process are sockets, which the types of `spawn` do not say.
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref()
}
