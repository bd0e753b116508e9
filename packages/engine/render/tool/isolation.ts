// What the kernel of this machine lets us put around a tool: no network, a limit on memory, no dumps of it.
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { runProcess } from '../../process/run.ts'

/** How tools are kept apart on this machine. Each part is a command that runs the rest of its arguments, or null. */
export interface Isolation {
  /** Limits memory and files; null where there is no `prlimit`. */
  readonly limits: Wrapper | null
  /** A network without interfaces; null where the kernel gives none. */
  readonly network: Wrapper | null
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

const LIMITS = ['--core=0', `--data=${MEMORY_BYTES}`, `--fsize=${FILE_BYTES}`, '--']
const NETWORKS: readonly (readonly [string, readonly string[]])[] = [
  ['unshare', ['--user', '--map-root-user', '--net', '--']],
  ['bwrap', ['--unshare-net', '--dev-bind', '/', '/', '--']],
]

/** Tries what this machine can do. Whatever does not work at once is not used. */
export async function detectIsolation(env: Readonly<Record<string, string | undefined>>): Promise<Isolation> {
  if (process.platform !== 'linux') return { limits: null, network: null }
  const limits = await working(env, 'prlimit', LIMITS)
  for (const [program, args] of NETWORKS) {
    const network = await working(env, program, args)
    if (network !== null) return { limits, network }
  }
  return { limits, network: null }
}

/** One sentence for a person who asks what a tool could reach. */
export function isolationText({ limits, network }: Isolation): string {
  const memory =
    limits === null ? 'without a limit on memory' : `with at most ${MEMORY_BYTES / 1024 ** 3} GiB of memory`
  const reach = network === null ? 'and could reach the network: the kernel gives no namespace' : 'and without network'
  return `Tools run ${memory} ${reach}.`
}

/** The command that runs `program` with all the isolation there is. */
export function isolated(
  isolation: Isolation,
  needsNetwork: boolean,
  program: string,
  args: readonly string[],
): { readonly program: string; readonly args: readonly string[] } {
  const wrappers = [isolation.limits, needsNetwork ? null : isolation.network].filter((each) => each !== null)
  const [first = program, ...rest] = [...wrappers.flatMap((each) => [each.program, ...each.args]), program, ...args]
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
    args: [...args, truth],
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
