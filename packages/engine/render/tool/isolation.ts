// What the kernel of this machine lets us put around a tool: no network, no other files, a limit on memory, no dumps.
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { runProcess } from '../../process/run.ts'

/** How tools are kept apart on this machine. Each part is a command that runs the rest of its arguments, or null. */
export interface Isolation {
  /** Ends a tool with the process that started it, however that ends; null where there is no `setpriv`. */
  readonly lifetime: Wrapper | null
  /** Limits memory and files; null where there is no `prlimit`. */
  readonly limits: Wrapper | null
  /** A network without interfaces; null where the kernel gives none. */
  readonly network: Wrapper | null
  /** Whether `network` can also make a folder the root of all files that a program sees. */
  readonly files: boolean
}

/** A folder that is all a program sees, and where in it the program begins. */
export interface Jail {
  readonly folder: string
  /** As the program sees it. */
  readonly workFolder: string
}

/** A program and the arguments before the command that it runs. */
export interface Wrapper {
  readonly program: string
  readonly args: readonly string[]
}

/** Bytes of memory that a tool may hold: the largest charts take a tenth of it. */
const MEMORY_BYTES = 2 * 1024 ** 3
/** Bytes of one file that a tool may write. */
const FILE_BYTES = 512 * 1024 ** 2
const PATIENCE_MS = 10_000

const LIMITS = ['--core=0', `--data=${MEMORY_BYTES}`, `--fsize=${FILE_BYTES}`]
const LIFETIME = ['--pdeathsig', 'KILL']
const UNSHARE = ['--user', '--map-root-user', '--net']
const BUBBLE = ['--unshare-net', '--dev-bind', '/', '/']

/** Tries what this machine can do. Whatever does not work at once is not used. */
export async function detectIsolation(env: Readonly<Record<string, string | undefined>>): Promise<Isolation> {
  if (process.platform !== 'linux') return { lifetime: null, limits: null, network: null, files: false }
  const lifetime = await working(env, 'setpriv', LIFETIME)
  const limits = await working(env, 'prlimit', LIMITS)
  const unshare = await working(env, 'unshare', UNSHARE)
  if (unshare === null) {
    return { lifetime, limits, network: await working(env, 'bwrap', BUBBLE), files: false }
  }
  const rooted = await working(env, 'unshare', [...UNSHARE, ...jailArguments({ folder: '/', workFolder: '/' })])
  return { lifetime, limits, network: unshare, files: rooted !== null }
}

function jailArguments({ folder, workFolder }: Jail): readonly string[] {
  return [`--root=${folder}`, `--wd=${workFolder}`]
}

/** One sentence for a person who asks what a tool could reach. */
export function isolationText({ limits, network, files }: Isolation): string {
  const memory =
    limits === null ? 'without a limit on memory' : `with at most ${MEMORY_BYTES / 1024 ** 3} GiB of memory`
  if (network === null) return `Tools run ${memory} and could reach the network: the kernel gives no namespace.`
  const sight = files ? 'see no files but those of their render' : 'can read what you can read'
  return `Tools run ${memory} and without network, and ${sight}.`
}

/** What one run may do. */
export interface Permissions {
  readonly network: boolean
  /** Null: the program sees the files of this machine. */
  readonly jail: Jail | null
}

/** The command that runs `program` with all the isolation there is. */
export function isolated(
  { lifetime, limits, network }: Isolation,
  permissions: Permissions,
  program: string,
  args: readonly string[],
): { readonly program: string; readonly args: readonly string[] } {
  const jail = permissions.jail === null ? [] : jailArguments(permissions.jail)
  const apart = permissions.network || network === null ? [] : [network.program, ...network.args, ...jail, '--']
  const outer = [lifetime, limits].flatMap((each) => (each === null ? [] : [each.program, ...each.args, '--']))
  const [first = program, ...rest] = [...outer, ...apart, program, ...args]
  return { program: first, args: rest }
}

async function working(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  args: readonly string[],
): Promise<Wrapper | null> {
  const program = await findProgram(env.PATH, name)
  const truth = await findProgram(env.PATH, 'true')
  if (program === null || truth === null) return null
  const end = await runProcess({
    program,
    args: [...args, '--', truth],
    cwd: '/',
    env: {},
    timeoutMs: PATIENCE_MS,
    outputBytes: 1024,
    errorBytes: 0,
  })
  return end.kind === 'ended' && end.code === 0 ? { program, args } : null
}

/** The path of a program of the system, or null. */
async function findProgram(path: string | undefined, name: string): Promise<string | null> {
  const folders = [...(path ?? '').split(delimiter), '/usr/bin', '/bin', '/usr/sbin', '/sbin']
  for (const folder of folders.filter((each) => isAbsolute(each))) {
    const file = join(folder, name)
    try {
      await access(file, constants.X_OK)
      return file
    } catch {
      // Not here: the next folder.
    }
  }
  return null
}
