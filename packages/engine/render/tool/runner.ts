// Runs a real tool for a render: found as everywhere, kept apart, limited, and its complaint turned into a fault.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { FaultError } from '../../fault.ts'
import { type ProcessEnd, runProcess } from '../../process/run.ts'
import type { ToolContext } from '../../tools/context.ts'
import { type FoundTool, findTool } from '../../tools/find.ts'
import { recipeOf, variableOf } from '../../tools/recipe.ts'
import { complaint } from './complaint.ts'
import { detectIsolation, type Isolation, isolated, type Jail } from './isolation.ts'
import { buildJail } from './jail.ts'
import { Queue } from './queue.ts'

/** What one run of a tool may cost. */
export interface ToolLimits {
  /** Milliseconds; Argo CD's `ARGOCD_EXEC_TIMEOUT` by default, 90 s. The time in the queue does not count. */
  readonly milliseconds: number
  /** Bytes of standard output. */
  readonly outputBytes: number
}

export const TOOL_LIMITS: ToolLimits = { milliseconds: 90_000, outputBytes: 64 * 1024 * 1024 }

/** One run of a tool inside a tree of files that was made for it. */
export interface ToolRun {
  /** Name of a recipe: `kustomize`, `helm`, `jsonnet`. */
  readonly tool: string
  readonly args: readonly string[]
  /**
   * Absolute path of the tree: the root of the repository, as far as it was materialised. It stands in a private folder,
   * which is all the tool sees where the machine can do that.
   */
  readonly root: string
  /** Folder in the tree to run in; `''` is its root. */
  readonly folder: string
  /** What the tool finds in its environment beside folders of its own. Never a secret. */
  readonly env?: Readonly<Record<string, string>>
  /** Absolute paths of other programs that the tool starts. */
  readonly programs?: readonly string[]
  /** Whether the tool may reach the network. Only for what a person allowed; false where it is not said. */
  readonly network?: boolean
  /** What is rendered, for the fault: a path of the repository. */
  readonly where: string
  /** Folders beside the tree that the tool reads: their paths are left out of its complaint. */
  readonly beside?: readonly string[]
  /** Values that the tool may repeat in its complaint and nobody may read. Asked for only when it failed. */
  readonly secrets?: () => readonly string[]
  readonly limits?: Partial<ToolLimits>
  readonly signal?: AbortSignal | undefined
}

/** Finds and runs the tools of one session. */
export interface ToolRunner {
  /** Where a tool is and which version; looked for once. @throws FaultError `tool-missing` */
  find(name: string): Promise<FoundTool>
  /**
   * Runs a tool and gives back what it wrote to standard output.
   * @throws FaultError `tool-missing`, `render-failed` with its complaint, `timeout`, `too-large`, `cancelled`
   */
  run(run: ToolRun): Promise<Buffer>
  /** How tools are kept apart here; found out once. */
  isolation(): Promise<Isolation>
}

/** Bytes of a complaint that are kept. */
const ERROR_BYTES = 16 * 1024

/** A runner of tools. At most as many run at once as there are cores. */
export function toolRunner(context: ToolContext, cores: number = availableParallelism()): ToolRunner {
  const queue = new Queue(cores)
  const found = new Map<string, Promise<FoundTool>>()
  let isolation: Promise<Isolation> | null = null
  const runner: ToolRunner = {
    find(name) {
      const known = found.get(name)
      if (known !== undefined) return known
      const looked = locate(name, context)
      found.set(name, looked)
      // Somebody may put it there before the next render.
      looked.catch(() => found.delete(name))
      return looked
    },
    isolation() {
      isolation ??= detectIsolation(context.env)
      return isolation
    },
    async run(run) {
      const [tool, kept] = await Promise.all([runner.find(run.tool), runner.isolation()])
      try {
        return await queue.run(() => start(tool, kept, run, context), run.signal)
      } catch (error) {
        if (error === run.signal?.reason) throw cancelled()
        throw error
      }
    },
  }
  return runner
}

async function locate(name: string, context: ToolContext): Promise<FoundTool> {
  const recipe = recipeOf(name)
  if (recipe === null) throw new Error(`no recipe is named ${name}`)
  const tool = await findTool(recipe, context)
  if (tool.kind === 'found') return tool
  throw new FaultError({
    kind: 'tool-missing',
    what: `${name} ${recipe.version} is needed to render and is not on this machine`,
    where: name,
    why: tool.looked.join('; '),
    fix: [`mainstay tools ${name}`, `or set ${variableOf(name)} to the path of one`],
  })
}

async function start(tool: FoundTool, isolation: Isolation, run: ToolRun, context: ToolContext): Promise<Buffer> {
  const folder = dirname(run.root)
  const own = await mkdtemp(join(folder, 'own-'))
  try {
    const limits: ToolLimits = { ...TOOL_LIMITS, ...run.limits }
    const workFolder = join(run.root, run.folder)
    const network = run.network === true
    const env = { ...(await environment(own, run, context)), ...run.env }
    // A network needs names, certificates and the system's programs: whoever allows it allows those.
    const wish = { folder, workFolder, programs: [tool.path, ...(run.programs ?? [])] }
    const jail = isolation.files && !network ? await buildJail(wish) : null
    const go = (within: Jail | null): Promise<ProcessEnd> =>
      runProcess({
        ...isolated(isolation, { network, jail: within }, tool.path, run.args),
        cwd: workFolder,
        env,
        timeoutMs: limits.milliseconds,
        outputBytes: limits.outputBytes,
        errorBytes: ERROR_BYTES,
        ...(run.signal === undefined ? {} : { signal: run.signal }),
      })
    const end = await go(jail)
    if (jail === null || !isNotStarted(end)) return judge(end, run, limits, { own, jail })
    return judge(await go(null), run, limits, { own, jail: null })
  } finally {
    await rm(own, { recursive: true, force: true })
  }
}

/** What `unshare` ends with where it cannot start the program: temporary folders may be mounted without that right. */
function isNotStarted(end: ProcessEnd): boolean {
  return end.kind === 'ended' && (end.code === 126 || end.code === 127)
}

/** The folders of a run that mean nothing to a person. */
interface Private {
  readonly own: string
  readonly jail: Jail | null
}

/** Folders of its own. The system's programs (git) are there only for who may use the network. */
async function environment(own: string, run: ToolRun, context: ToolContext): Promise<Record<string, string>> {
  const folders = {
    HOME: 'home',
    TMPDIR: 'tmp',
    XDG_CONFIG_HOME: 'config',
    XDG_CACHE_HOME: 'cache',
    XDG_DATA_HOME: 'data',
  }
  const env: Record<string, string> = { LC_ALL: 'C' }
  for (const [name, folder] of Object.entries(folders)) {
    env[name] = join(own, folder)
    await mkdir(join(own, folder))
  }
  if (run.network === true && context.env.PATH !== undefined) env.PATH = context.env.PATH
  return env
}

function judge(end: ProcessEnd, run: ToolRun, limits: ToolLimits, folders: Private): Buffer {
  switch (end.kind) {
    case 'ended':
      if (end.code === 0) return end.stdout
      throw failed(end, run, folders)
    case 'timeout':
      throw new FaultError({
        kind: 'timeout',
        what: `${run.tool} did not end in ${limits.milliseconds / 1000} s and was stopped`,
        where: run.where,
        fix: ['split the application, or look for a loop in its sources'],
      })
    case 'too-large':
      throw new FaultError({
        kind: 'too-large',
        what: `${run.tool} wrote more than ${limits.outputBytes} bytes and was stopped`,
        where: run.where,
        fix: ['split the application'],
      })
    case 'cancelled':
      throw cancelled()
    case 'not-started':
      throw new FaultError(
        {
          kind: 'tool-missing',
          what: `${run.tool} could not be started`,
          where: run.where,
          why: end.error.message,
          fix: [`mainstay tools ${run.tool}`],
        },
        { cause: end.error },
      )
  }
}

function failed(end: ProcessEnd & { readonly kind: 'ended' }, run: ToolRun, { own, jail }: Private): FaultError {
  const outside = [own, ...(run.beside ?? [])]
  const seen = (path: string) => path.slice(jail?.folder.length)
  const words = complaint(end.stderr, {
    root: run.root,
    rootInside: jail === null ? null : seen(run.root),
    private: jail === null ? outside : [...outside, ...outside.map(seen)],
    secrets: run.secrets?.() ?? [],
  })
  return new FaultError({
    kind: 'render-failed',
    what: `${run.tool} could not render`,
    where: run.where,
    why: words ?? (end.code === null ? 'it was ended by the system' : `it ended with exit code ${end.code}`),
    fix: [`correct what ${run.tool} complains of in ${run.where}, and commit it`],
  })
}

function cancelled(): FaultError {
  return new FaultError({ kind: 'cancelled', what: 'rendering was cancelled' })
}
