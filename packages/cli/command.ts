// What a command is: its words, flags, examples and the one function that runs it.
import type { Session } from '@mainstay/engine/reconcile/session.ts'
import type { ExitCode } from './exit.ts'
import type { Io } from './io.ts'
import type { Terminal } from './output/terminal.ts'

/** Ways to print a result. */
export const FORMATS = ['text', 'wide', 'json', 'yaml', 'name'] as const

/** One of them. */
export type Format = (typeof FORMATS)[number]

/** A positional argument: `<id>` must be there, `[name]` may be, `[ids...]` takes all that follow. */
export interface ArgumentSpec {
  readonly usage: string
  readonly description: string
  readonly choices?: readonly string[]
}

/** A flag in commander's notation: `-f, --file <file>`, `--prune`, `--no-prune`, `--resource <selector...>`. */
export interface OptionSpec {
  readonly usage: string
  readonly description: string
  readonly choices?: readonly string[]
  /** May be given several times, one value each. */
  readonly repeatable?: boolean
}

/** A command line to copy, and what it does. */
export interface Example {
  readonly text: string
  readonly command: string
}

/** One command of the tree. */
export interface CommandSpec {
  readonly kind: 'command'
  readonly name: string
  /** One line, for lists of commands. */
  readonly summary: string
  /** More about it, for its own help; empty where the summary says it all. */
  readonly details: string
  readonly args: readonly ArgumentSpec[]
  readonly options: readonly OptionSpec[]
  readonly formats: readonly Format[]
  readonly exits: readonly ExitCode[]
  readonly examples: readonly Example[]
  /** The exit code: one of `exits`, or that of a program of the user's which the command ran. */
  readonly run: (call: Call) => Promise<number>
}

/** A word that only holds commands: `app`, `plan`, `trash`. */
export interface GroupSpec {
  readonly kind: 'group'
  readonly name: string
  readonly summary: string
  readonly commands: readonly CommandSpec[]
}

/** A place in the tree: a command, or a word that holds commands. */
export type NodeSpec = CommandSpec | GroupSpec

/** One invocation: what was typed, and where to print. */
export interface Call {
  readonly io: Io
  /** Results in text form. */
  readonly out: Terminal
  /** Progress and hints; never part of the result. */
  readonly notes: Terminal
  readonly format: Format
  readonly quiet: boolean
  readonly debug: boolean
  /** Where Applications live. */
  readonly controlPlaneNamespace: string
  /** The positional argument at that place; null where it was not given. */
  argument(index: number): string | null
  /** All words of the last, repeatable argument. */
  words(): readonly string[]
  /** The value of `--name VALUE`; null where it was not given. */
  text(name: string): string | null
  /** The whole number ≥ 1 of `--name N`; null where it was not given; an `invalid-input` fault for anything else. */
  count(name: string): number | null
  /** `true` for `--name`, `false` for `--no-name`, null where neither was given. */
  flag(name: string): boolean | null
  /** The values of a repeatable `--name VALUE`. */
  list(name: string): readonly string[]
  /** The whole command tree, for what is generated from it. */
  tree(): Promise<readonly NodeSpec[]>
  /** Opens the engine, does the work, and closes it again whatever happens. */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>
}
