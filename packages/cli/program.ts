// Turns the command tree into a parser: flags, help, suggestions. What a command does is not here.
import { Argument, Command, Option } from 'commander'
import type { ArgumentSpec, CommandSpec, GroupSpec, NodeSpec, OptionSpec } from './command.ts'
import { FORMATS } from './command.ts'
import { EXIT_MEANING } from './exit.ts'
import { VERSION } from './version.ts'

/** What the parser needs from outside. */
export interface ProgramOptions {
  readonly nodes: readonly NodeSpec[]
  /** Columns for help texts. */
  readonly width: number
  /** Help and version text that was asked for. */
  readonly writeOut: (text: string) => void
  /** Help text that was not asked for (a group without a command). */
  readonly writeErr: (text: string) => void
  /** Called once with the chosen command, its words and all flags, those of the first level too. */
  readonly run: (spec: CommandSpec, words: readonly Word[], flags: Readonly<Record<string, unknown>>) => Promise<void>
}

/** What stands in the place of one argument: a word, all the rest, or nothing. */
export type Word = string | readonly string[] | undefined

/** Flags that every command takes, before or after its name. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { usage: '--kubeconfig <file>', description: 'kubeconfig (default: KUBECONFIG, then ~/.kube/config)' },
  { usage: '--context <name>', description: 'context of the kubeconfig (default: its current context)' },
  {
    usage: '--control-plane-namespace <namespace>',
    description: 'where Applications live (default: ARGOCD_NAMESPACE, then argocd)',
  },
  {
    usage: '--home <folder>',
    description: 'records and caches (default: MAINSTAY_HOME, then mainstay in the XDG data folder)',
  },
  { usage: '-o, --output <format>', description: 'how to print the result', choices: FORMATS },
  { usage: '--json', description: 'the same as -o json' },
  { usage: '-q, --quiet', description: 'only results and errors: no progress, no hints' },
  { usage: '--color', description: 'colours also without a terminal' },
  { usage: '--no-color', description: 'no colours (also: NO_COLOR)' },
  { usage: '--debug', description: 'stack traces with errors' },
]

/** Builds the parser. It throws CommanderError where commander would end the process. */
export function buildProgram(options: ProgramOptions): Command {
  const program = new Command('mainstay')
    .description('GitOps continuous delivery for Kubernetes in which production cannot be lost by accident.')
    .exitOverride()
    .configureOutput({
      writeOut: options.writeOut,
      writeErr: options.writeErr,
      // An error of usage is printed by the one who catches it, like any other error.
      outputError: () => {},
      getOutHelpWidth: () => options.width,
      getErrHelpWidth: () => options.width,
    })
    .helpCommand('help [command]', 'Print help about a command')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', `\n${exitText([0, 1, 2, 3, 4])}\n\nHelp about one command: mainstay COMMAND --help`)
  for (const option of GLOBAL_OPTIONS) addOption(program, option)
  for (const node of options.nodes) addNode(program, node, options)
  return program
}

function addNode(parent: Command, node: NodeSpec, options: ProgramOptions): void {
  if (node.kind === 'group') addGroup(parent, node, options)
  else addCommand(parent, node, options)
}

function addGroup(parent: Command, group: GroupSpec, options: ProgramOptions): void {
  const command = parent.command(group.name).summary(group.summary).description(`${group.summary}.`).helpCommand(false)
  for (const each of group.commands) addCommand(command, each, options)
}

function addCommand(parent: Command, spec: CommandSpec, options: ProgramOptions): void {
  const command = parent
    .command(spec.name)
    .summary(spec.summary)
    .description(spec.details === '' ? `${spec.summary}.` : `${spec.summary}.\n\n${spec.details}`)
    .allowExcessArguments(false)
  for (const each of spec.args) command.addArgument(argumentOf(each))
  for (const each of spec.options) addOption(command, each)
  command.addHelpText('after', `\n${[examplesText(spec), outputText(spec), exitText(spec.exits)].join('\n\n')}`)
  command.action(async () => {
    await options.run(spec, command.processedArgs, command.optsWithGlobals())
  })
}

function argumentOf(spec: ArgumentSpec): Argument {
  const argument = new Argument(spec.usage, spec.description)
  return spec.choices === undefined ? argument : argument.choices(spec.choices)
}

function addOption(command: Command, spec: OptionSpec): void {
  const option = new Option(spec.usage, spec.description)
  // What takes a value negates nothing: `--no-proxy <hosts>` is a list of hosts, as Argo CD has it.
  if (option.required) option.negate = false
  if (spec.choices !== undefined) option.choices(spec.choices)
  if (spec.repeatable === true) {
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value])
  }
  command.addOption(option)
}

function examplesText(spec: CommandSpec): string {
  const lines = spec.examples.flatMap((example) => [`  # ${example.text}`, `  ${example.command}`])
  return ['Examples:', ...lines].join('\n')
}

function outputText(spec: CommandSpec): string {
  const lines = [
    `  -o ${spec.formats.join('|')}`,
    '  flags for every command (cluster, records, colours): mainstay --help',
  ]
  return ['Output and global flags:', ...lines].join('\n')
}

function exitText(codes: CommandSpec['exits']): string {
  return ['Exit codes:', ...codes.map((code) => `  ${code}  ${EXIT_MEANING[code]}`)].join('\n')
}
