// Reads the words that name things: applications, plans, objects.
import { parseSelector } from '@mainstay/core/app/selector.ts'
import type { Selector } from '@mainstay/core/plan/plan.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import type { ApplicationAddress, LoadedApplication, Session } from '@mainstay/engine/reconcile/session.ts'
import type { ArgumentSpec, Call, OptionSpec } from './command.ts'

/** The argument of every command about one application. */
export const APP_ARGUMENT: ArgumentSpec = {
  usage: '[name]',
  description: 'NAME or NAMESPACE/NAME of an Application in the cluster; with -f, which of the file',
}

/** The flags of every command about one application. */
export const APP_OPTIONS: readonly OptionSpec[] = [
  { usage: '-f, --file <file>', description: 'read the Application from a file instead of the cluster' },
  {
    usage: '-N, --app-namespace <namespace>',
    description: 'namespace of the Application (default: the control plane)',
  },
]

/** Where the application of this call is to be read from. */
export function addressOf(call: Call): ApplicationAddress {
  const word = call.argument(0)
  const file = call.text('file')
  const space = call.text('app-namespace')
  if (file !== null) return { kind: 'file', file, name: word }
  if (word === null) {
    throw new FaultError({
      kind: 'invalid-input',
      what: 'no application is named',
      fix: ['name one in the cluster: NAME', 'or read it from a file: -f app.yaml'],
    })
  }
  const [first = '', second, ...more] = word.split('/')
  if (second === undefined) return { kind: 'cluster', name: word, namespace: space }
  if (more.length > 0 || first === '' || second === '' || (space !== null && space !== first)) {
    throw new FaultError({
      kind: 'invalid-input',
      what: `"${word}" is not the name of an application`,
      where: 'NAME',
      why: space !== null && space !== first ? `--app-namespace says ${space}` : null,
      fix: ['write NAME, or NAMESPACE/NAME'],
    })
  }
  return { kind: 'cluster', name: second, namespace: first }
}

/** Reads the application that the call names. */
export async function loadFor(call: Call, session: Session): Promise<LoadedApplication> {
  return await session.loadApplication(addressOf(call))
}

/** Reads what `--resource` says; a leading `!` excludes, an empty group is the core group, `*` stands for anything. */
export function readSelector(text: string): Selector {
  const read = parseSelector(text)
  if (read.kind === 'selector') return read.selector
  const { where, what, fix } = read.problem
  throw new FaultError({ kind: 'invalid-input', what, where, fix: [fix] })
}

/** What `apply PLAN` was given: digits of an id, standard input, or a file. */
export type PlanWord =
  | { readonly kind: 'id'; readonly prefix: string }
  | { readonly kind: 'input' }
  | { readonly kind: 'file'; readonly file: string }

/** Tells an id from a file: 6 to 64 hex digits are an id (write `./abcdef` for a file of such a name). */
export function planWord(word: string): PlanWord {
  if (word === '-') return { kind: 'input' }
  return /^[0-9a-f]{6,64}$/.test(word) ? { kind: 'id', prefix: word } : { kind: 'file', file: word }
}
