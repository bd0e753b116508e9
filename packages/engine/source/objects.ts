// Reads objects of a Git repository through one long-lived process, and checks that each is what its id says.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { FaultError } from '../fault.ts'
import { cancelled, gitEnvironment, toolMissing } from './git.ts'

/** A Git object. */
export interface GitObject {
  readonly id: string
  readonly type: 'commit' | 'tree' | 'blob' | 'tag'
  readonly bytes: Buffer
}

/** Type and size of an object that is there. */
export interface ObjectInfo {
  readonly type: GitObject['type']
  readonly size: number
}

/** The copy of a repository does not hold what it must hold: it is to be made anew. */
export class MirrorDamage extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MirrorDamage'
  }
}

interface Request {
  readonly command: 'info' | 'contents'
  readonly id: string
  readonly resolve: (answer: Answer | null) => void
  readonly reject: (error: Error) => void
}

interface Answer extends ObjectInfo {
  readonly bytes: Buffer
}

const MAX_HEADER = 512
/** A process that is not asked for so long ends, in milliseconds: there may be thousands of repositories. */
const IDLE_MS = 60_000

/** One `git cat-file --batch-command`, started when it is needed, ended when it was not for a while. */
export class ObjectReader {
  readonly #gitDir: string
  readonly #home: string
  #child: ChildProcessWithoutNullStreams | null = null
  #waiting: Request[] = []
  #chunks: Buffer[] = []
  #buffered = 0
  /** Bytes that must be there before the front answer can be complete. */
  #needed = 1
  #closed = false
  readonly #idleMs: number
  #idle: NodeJS.Timeout | null = null

  constructor(gitDir: string, home: string, idleMs: number = IDLE_MS) {
    this.#gitDir = gitDir
    this.#home = home
    this.#idleMs = idleMs
  }

  /** True while there is a process. */
  get isRunning(): boolean {
    return this.#child !== null
  }

  /** Type and size, or null where the object is not there. Throws MirrorDamage where it cannot be read. */
  async info(id: string): Promise<ObjectInfo | null> {
    const answer = await this.#ask('info', id)
    return answer === null ? null : { type: answer.type, size: answer.size }
  }

  /**
   * An object, checked against its id; null where it is not there.
   * @throws FaultError `too-large`, MirrorDamage
   */
  async read(id: string, maxBytes: number): Promise<GitObject | null> {
    const info = await this.info(id)
    if (info === null) return null
    if (info.size > maxBytes) {
      throw new FaultError({
        kind: 'too-large',
        what: `an object of ${info.size} bytes is larger than ${maxBytes} bytes`,
      })
    }
    const answer = await this.#ask('contents', id)
    if (answer === null) return null
    if (digestOf(answer, id.length) !== id) throw new MirrorDamage(`object ${id} does not have the content of its id`)
    return { id, type: answer.type, bytes: answer.bytes }
  }

  /** Ends the process; what is still asked for becomes a `cancelled` fault. */
  async close(): Promise<void> {
    this.#closed = true
    await this.reset(cancelled())
  }

  /** Ends the process; the next request starts a new one. Waiting requests fail with the error. */
  async reset(error: Error): Promise<void> {
    const child = this.#child
    this.#fail(error)
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()))
    child.kill('SIGKILL')
    await gone
  }

  #ask(command: Request['command'], id: string): Promise<Answer | null> {
    if (this.#closed) return Promise.reject(cancelled())
    if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(id)) return Promise.reject(new TypeError(`no object id: ${id}`))
    return new Promise((resolve, reject) => {
      this.#clearIdle()
      const child = this.#child ?? this.#start()
      this.#waiting.push({ command, id, resolve, reject })
      child.stdin.write(`${command} ${id}\n`)
    })
  }

  #start(): ChildProcessWithoutNullStreams {
    const args = [`--git-dir=${this.#gitDir}`, 'cat-file', '--batch-command']
    const child = spawn('git', args, { env: gitEnvironment(this.#home), cwd: this.#home })
    this.#child = child
    this.#chunks = []
    this.#buffered = 0
    this.#needed = 1
    const current = () => this.#child === child
    child.stdout.on('data', (chunk: Buffer) => {
      if (current()) this.#take(chunk)
    })
    // Its complaints are about single objects; the answer says "missing" or the process ends.
    child.stderr.resume()
    child.stdin.on('error', () => {})
    child.on('error', (error) => {
      if (current()) this.#fail(toolMissing(error))
    })
    child.on('close', (code) => {
      if (current()) this.#fail(new MirrorDamage(`the process that reads objects ended with code ${code}`))
    })
    return child
  }

  #fail(error: Error): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#child = null
    this.#clearIdle()
    for (const request of waiting) request.reject(error)
  }

  #clearIdle(): void {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = null
  }

  /** Lets the process go when nobody asks for a while. What is asked later starts another one. */
  #rest(): void {
    if (this.#waiting.length > 0 || this.#child === null) return
    this.#clearIdle()
    this.#idle = setTimeout(() => {
      const child = this.#child
      this.#child = null
      child?.stdin.end()
    }, this.#idleMs)
    this.#idle.unref()
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#buffered += chunk.length
    if (this.#buffered < this.#needed) return
    let buffer = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    for (;;) {
      const used = this.#answer(buffer)
      if (used === 0) break
      buffer = buffer.subarray(used)
    }
    this.#chunks = buffer.length === 0 ? [] : [buffer]
    this.#buffered = buffer.length
    this.#rest()
  }

  /** Answers the first waiting request where its answer is complete; returns how many bytes that took. */
  #answer(buffer: Buffer): number {
    this.#needed = buffer.length + 1
    const request = this.#waiting[0]
    const end = buffer.indexOf(10)
    if (request === undefined || end < 0) {
      if (buffer.length > MAX_HEADER) this.#protocolError()
      return 0
    }
    const header = buffer.toString('latin1', 0, end)
    const parsed = parseHeader(header)
    if (parsed === null) {
      if (header !== `${request.id} missing`) return this.#protocolError()
      this.#waiting.shift()
      request.resolve(null)
      return end + 1
    }
    if (request.command === 'info') {
      this.#waiting.shift()
      request.resolve({ ...parsed, bytes: Buffer.alloc(0) })
      return end + 1
    }
    const total = end + 1 + parsed.size + 1
    if (buffer.length < total) {
      this.#needed = total
      return 0
    }
    this.#waiting.shift()
    request.resolve({ ...parsed, bytes: Buffer.from(buffer.subarray(end + 1, total - 1)) })
    return total
  }

  #protocolError(): 0 {
    void this.reset(new MirrorDamage('the process that reads objects gave an answer that was not asked for'))
    return 0
  }
}

function parseHeader(header: string): ObjectInfo | null {
  const match = /^[0-9a-f]+ (commit|tree|blob|tag) ([0-9]+)$/.exec(header)
  const type = match?.[1]
  if (type !== 'commit' && type !== 'tree' && type !== 'blob' && type !== 'tag') return null
  return { type, size: Number(match?.[2]) }
}

function digestOf(answer: Answer, idLength: number): string {
  return createHash(idLength === 64 ? 'sha256' : 'sha1')
    .update(`${answer.type} ${answer.bytes.length}\0`)
    .update(answer.bytes)
    .digest('hex')
}
