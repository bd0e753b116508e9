// The command tree as completion scripts need it: for each path its words, flags and what a flag takes.
import type { CommandSpec, NodeSpec, OptionSpec } from '../command.ts'
import { GLOBAL_OPTIONS } from '../program.ts'

/** A word or flag and what it is for. */
export interface Choice {
  readonly word: string
  readonly summary: string
}

/** What may follow a flag. */
export type Value =
  | { readonly kind: 'file' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'any' }

/** A flag in all its spellings; `value` null: it takes none. */
export interface FlagChoice {
  readonly spellings: readonly string[]
  readonly summary: string
  readonly value: Value | null
}

/** One place in the tree: `''`, `app`, `app plan`. */
export interface Place {
  readonly path: string
  readonly words: readonly Choice[]
  readonly flags: readonly FlagChoice[]
  /** Files may be given as argument here. */
  readonly files: boolean
}

/** All places, the root first. */
export function placesOf(nodes: readonly NodeSpec[]): readonly Place[] {
  const root: Place = { path: '', words: nodes.map(choiceOf), flags: globalFlags, files: false }
  return [root, ...nodes.flatMap((node) => placesBelow(node))]
}

const globalFlags: readonly FlagChoice[] = [
  ...GLOBAL_OPTIONS.map(flagOf),
  { spellings: ['-h', '--help'], summary: 'print help', value: null },
]

function placesBelow(node: NodeSpec): readonly Place[] {
  if (node.kind === 'command') return [placeOf(node, node.name)]
  const own: Place = { path: node.name, words: node.commands.map(choiceOf), flags: globalFlags, files: false }
  return [own, ...node.commands.map((command) => placeOf(command, `${node.name} ${command.name}`))]
}

function placeOf(command: CommandSpec, path: string): Place {
  const words = command.args.flatMap((argument) => argument.choices ?? [])
  const own = command.options.map(flagOf)
  // A command may say of a flag for all what it means here.
  const others = globalFlags.filter((flag) => !own.some((each) => each.spellings.join() === flag.spellings.join()))
  return {
    path,
    words: words.map((word) => ({ word, summary: '' })),
    flags: [...own, ...others],
    files: command.args.some((argument) => argument.usage === '<plan>'),
  }
}

function choiceOf(node: NodeSpec): Choice {
  return { word: node.name, summary: node.summary }
}

function flagOf(option: OptionSpec): FlagChoice {
  const spellings = option.usage.split(/[ ,]+/).filter((part) => part.startsWith('-'))
  const value = /<([a-z]+)>/.exec(option.usage)?.[1]
  return { spellings, summary: option.description, value: value === undefined ? null : valueAfter(option, value) }
}

function valueAfter(option: OptionSpec, name: string): Value {
  if (option.choices !== undefined) return { kind: 'words', words: option.choices }
  return name === 'file' || name === 'folder' ? { kind: 'file' } : { kind: 'any' }
}
