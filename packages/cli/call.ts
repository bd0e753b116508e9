// One invocation as a command sees it: typed access to what was typed, and the terminals to print to.
import { join } from 'node:path'
import { FaultError } from '@mainstay/engine/fault.ts'
import type { Session, SessionOptions } from '@mainstay/engine/reconcile/session.ts'
import type { Call, CommandSpec, Format, NodeSpec } from './command.ts'
import { FORMATS } from './command.ts'
import type { Io } from './io.ts'
import type { ColorWish } from './output/terminal.ts'
import { terminalOf } from './output/terminal.ts'
import type { Word } from './program.ts'

type Flags = Readonly<Record<string, unknown>>

/** What one invocation is made of. */
export interface CallInput {
  readonly io: Io
  readonly spec: CommandSpec
  readonly words: readonly Word[]
  readonly flags: Flags
  readonly tree: () => Promise<readonly NodeSpec[]>
}

/** Makes the call of one command from what the parser found. Faults (`invalid-input`) for a format it cannot print. */
export function callOf({ io, spec, words, flags, tree }: CallInput): Call {
  const wish = colorWish(flags)
  const format = formatOf(spec, flags)
  const textOf = (name: string): string | null => {
    const value = flags[attributeOf(name)]
    return typeof value === 'string' ? value : null
  }
  const flagOf = (name: string): boolean | null => {
    const value = flags[attributeOf(name)]
    return typeof value === 'boolean' ? value : null
  }
  return {
    io,
    out: terminalOf(io.out, io.env, wish),
    notes: terminalOf(io.err, io.env, wish),
    format,
    quiet: flagOf('quiet') === true,
    debug: flagOf('debug') === true,
    controlPlaneNamespace: controlPlaneOf(io, textOf),
    argument: (index) => {
      const word = words[index]
      return typeof word === 'string' ? word : null
    },
    words: () => words.flatMap((word) => (typeof word === 'object' ? word : [])),
    text: textOf,
    count: (name) => countOf(name, textOf(name)),
    flag: flagOf,
    list: (name) => {
      const value = flags[attributeOf(name)]
      return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
    },
    tree,
    session: async (work) => await withSession(io, sessionOptions(io, textOf), work),
  }
}

/** `--no-color` and `--color`, as the parser found them. */
function colorWish(flags: Flags): ColorWish {
  if (flags.color === true) return 'always'
  return flags.color === false ? 'never' : null
}

async function withSession<T>(io: Io, options: SessionOptions, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await io.openSession(options)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

function sessionOptions(io: Io, textOf: (name: string) => string | null): SessionOptions {
  return {
    home: textOf('home') ?? homeOf(io.env),
    kubeconfig: textOf('kubeconfig'),
    context: textOf('context'),
    env: io.env,
    controlPlaneNamespace: controlPlaneOf(io, textOf),
  }
}

function controlPlaneOf(io: Io, textOf: (name: string) => string | null): string {
  return textOf('control-plane-namespace') ?? filled(io.env.ARGOCD_NAMESPACE) ?? 'argocd'
}

/** `MAINSTAY_HOME`, else `mainstay` in the XDG data folder. Faults where neither can be told. */
function homeOf(env: Io['env']): string {
  const own = filled(env.MAINSTAY_HOME)
  if (own !== null) return own
  const data = filled(env.XDG_DATA_HOME)
  if (data !== null) return join(data, 'mainstay')
  const home = filled(env.HOME) ?? filled(env.USERPROFILE)
  if (home !== null) return join(home, '.local', 'share', 'mainstay')
  throw new FaultError({
    kind: 'invalid-input',
    what: 'cannot tell where the records are kept',
    why: 'HOME is not set',
    fix: ['name the folder: --home FOLDER, or MAINSTAY_HOME in the environment'],
  })
}

function filled(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value
}

function formatOf(spec: CommandSpec, flags: Flags): Format {
  const asked = flags.json === true ? 'json' : flags.output
  const format = FORMATS.find((each) => each === asked) ?? 'text'
  if (spec.formats.includes(format)) return format
  throw new FaultError({
    kind: 'invalid-input',
    what: `this command has no output in the form "${format}"`,
    where: '-o',
    fix: [`one of: ${spec.formats.join(', ')}`],
  })
}

function countOf(name: string, text: string | null): number | null {
  if (text === null) return null
  const value = Number(text)
  if (/^[0-9]{1,9}$/.test(text) && value >= 1) return value
  throw new FaultError({
    kind: 'invalid-input',
    what: `"${text}" is not a whole number of at least 1`,
    where: `--${name}`,
    fix: [`for example: --${name} 60`],
  })
}

/** `app-namespace` → `appNamespace`, as commander names it. */
function attributeOf(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
