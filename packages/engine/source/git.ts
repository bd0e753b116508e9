// Runs one Git command: no shell, none of the user's configuration, a time limit, an output limit, exit code and all.
import { dirname } from 'node:path'
import { FaultError } from '../fault.ts'
import { runProcess } from '../process/run.ts'
import { withoutCore } from './core-limit.ts'

/** How a command runs. */
export interface GitRun {
  /** Folder of Git's own configuration file and home: nothing of the user's is read. */
  readonly home: string
  /** Milliseconds until the command and what it started are killed. */
  readonly timeoutMs: number
  /** Bytes of standard output until the command is killed. */
  readonly outputBytes: number
  readonly stdin?: string
  readonly signal?: AbortSignal
  /** How another repository is reached; without it Git may reach none. */
  readonly way?: Way
  /** Told of every command when it has ended: for logs and metrics. */
  readonly observe?: ((command: GitCommand) => void) | undefined
}

/** How one command reaches a repository. */
export interface Way {
  /** What Git is given; without user and password. */
  readonly url: string
  /** The only protocol that Git may use: `file`, `https`, `http`, `ssh`. */
  readonly protocol: string
  /** Settings of this command alone: they are read from its environment, which nobody else's process sees. */
  readonly config: readonly (readonly [key: string, value: string])[]
  readonly env: Readonly<Record<string, string>>
  /** True where the environment holds something secret: then the process must leave no image of its memory. */
  readonly isSecret: boolean
}

/** A command that has ended. */
export interface GitCommand {
  readonly args: readonly string[]
  readonly milliseconds: number
  /** Null where it was killed. */
  readonly code: number | null
}

/** What a command said. Decisions are made by `code` and `stdout`; `stderr` is only ever shown. */
export interface GitResult {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
}

const STDERR_BYTES = 4096

/** Name of the configuration file in `home`. */
export const CONFIG_FILE = 'gitconfig'

/** The environment of every Git process: only what Git needs, so that nobody's settings, hooks or prompts matter. */
export function gitEnvironment(home: string, way: Way | null = null): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    TMPDIR: process.env.TMPDIR,
    HOME: home,
    XDG_CONFIG_HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: `${home}/${CONFIG_FILE}`,
    GIT_ATTR_NOSYSTEM: '1',
    // A repository around the cache is none of ours.
    GIT_CEILING_DIRECTORIES: dirname(home),
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: way?.protocol ?? '',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
    ...(way === null ? {} : { ...way.env, ...settings(way.config) }),
  }
}

function settings(config: Way['config']): Record<string, string> {
  const pairs = config.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ])
  return Object.fromEntries([['GIT_CONFIG_COUNT', String(config.length)], ...pairs])
}

/**
 * Runs `git` to its end and gives back what it said, whatever the exit code.
 * @throws FaultError `timeout`, `too-large`, `cancelled`, or `tool-missing` where there is no Git
 */
export async function runGit(args: readonly string[], run: GitRun): Promise<GitResult> {
  const started = performance.now()
  const limit = run.way?.isSecret === true ? withoutCore() : null
  const end = await runProcess({
    program: limit?.program ?? 'git',
    args: limit === null ? args : [...limit.args, 'git', ...args],
    cwd: run.home,
    env: gitEnvironment(run.home, run.way ?? null),
    timeoutMs: run.timeoutMs,
    outputBytes: run.outputBytes,
    errorBytes: STDERR_BYTES,
    ...(run.stdin === undefined ? {} : { stdin: run.stdin }),
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  })
  if (end.kind === 'not-started') throw toolMissing(end.error)
  const code = end.kind === 'ended' ? end.code : null
  run.observe?.({ args, milliseconds: performance.now() - started, code })
  switch (end.kind) {
    case 'ended':
      return { code: end.code ?? -1, stdout: end.stdout, stderr: firstLine(end.stderr) }
    case 'timeout':
      throw timedOut(args, run.timeoutMs)
    case 'too-large':
      throw tooMuch(args, run.outputBytes)
    case 'cancelled':
      throw cancelled()
  }
}

/** The first thing that a program complained of; what follows is general advice. A server may have had a say in it. */
export function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n', 1)
  return line.replace(/^(?:fatal|error): /, '').replace(/\p{Cc}/gu, '')
}

function timedOut(args: readonly string[], ms: number): FaultError {
  return new FaultError({
    kind: 'timeout',
    what: `git ${verb(args)} did not end in ${Math.round(ms / 1000)} s and was stopped`,
    fix: ['try again', 'if the repository is very large or on slow storage, raise the time limit for Git'],
  })
}

function tooMuch(args: readonly string[], bytes: number): FaultError {
  return new FaultError({
    kind: 'too-large',
    what: `git ${verb(args)} wrote more than ${bytes} bytes and was stopped`,
    fix: ['use a smaller repository'],
  })
}

/** A fault for work that was called off. */
export function cancelled(): FaultError {
  return new FaultError({ kind: 'cancelled', what: 'reading the repository was cancelled' })
}

/** A fault for a machine without Git. */
export function toolMissing(error: Error): FaultError {
  return new FaultError(
    {
      kind: 'tool-missing',
      what: 'git could not be started',
      why: error.message,
      fix: ['install Git 2.36 or later so that `git --version` works'],
    },
    { cause: error },
  )
}

/** The oldest Git that has everything used here (`cat-file --batch-command`). */
const OLDEST = [2, 36] as const

/**
 * Makes sure that there is a Git which is new enough.
 * @throws FaultError `tool-missing`
 */
export async function requireGit(run: GitRun): Promise<void> {
  const { stdout } = await runGit(['version'], run)
  const [, major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(stdout.toString('latin1')) ?? []
  if (Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])) return
  throw new FaultError({
    kind: 'tool-missing',
    what: `git is older than ${OLDEST.join('.')}`,
    why: stdout.toString('utf8').trim(),
    fix: [`install Git ${OLDEST.join('.')} or later`],
  })
}

/** The subcommand among options such as `--git-dir=…` and `-c name=value`. */
function verb(args: readonly string[]): string {
  for (let index = 0; index < args.length; index++) {
    if (args[index] === '-c') index++
    else if (!args[index]?.startsWith('-')) return args[index] ?? ''
  }
  return ''
}
