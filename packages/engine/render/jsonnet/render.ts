// Evaluates the Jsonnet files of a folder by the real jsonnet, each with the variables of the source.
import type { DirectoryOptions, JsonnetVar } from '@mainstay/core/app/application.ts'
import { jsonOf } from '@mainstay/core/object/canonical.ts'
import { FaultError } from '../../fault.ts'
import type { Snapshot } from '../../source/source.ts'
import { fillIn } from '../environment.ts'
import type { RenderInput } from '../input.ts'
import { joinPath } from '../path.ts'
import { secretsIn } from '../secrets.ts'
import { type ToolJob, toolIdentity } from '../tool/job.ts'
import type { Tree } from '../tree/materialise.ts'
import { jsonnetClosure } from './closure.ts'

/** Changes whenever the same inputs would give another text. */
const VERSION = 'jsonnet/1'

type JsonnetOptions = NonNullable<DirectoryOptions['jsonnet']>

/** What evaluating gave. */
export interface Evaluated {
  /** The JSON text of each file. */
  readonly texts: ReadonlyMap<string, string>
  readonly inputs: readonly RenderInput[]
  /** Whether they were kept from an earlier run. */
  readonly kept: boolean
  readonly digest: string
}

const NONE: JsonnetOptions = { extVars: [], tlas: [], libs: [] }

/** Evaluates files, in their order. All or a fault. */
export async function evaluateJsonnet(
  snapshot: Snapshot,
  files: readonly string[],
  options: JsonnetOptions | null,
  job: ToolJob,
): Promise<Evaluated> {
  const { extVars, tlas, libs } = options ?? NONE
  const search = [joinPath('', job.path) ?? job.path, ...libs.map(libraryPath)]
  const args = [
    // What is given last is searched first, as in Argo CD's importer.
    ...search.flatMap((folder) => ['-J', folder === '' ? '.' : folder]),
    ...extVars.flatMap((each) => variable('ext', each, job.variables)),
    ...tlas.flatMap((each) => variable('tla', each, job.variables)),
  ]
  const tool = await job.tools.runner.find('jsonnet')
  const { text, inputs, digest, from } = await job.tools.cache.render(snapshot, {
    parameters: { renderer: VERSION, tool: toolIdentity(tool), files, args: jsonOf(args) },
    reuse: job.reuse,
    signal: job.signal,
    wish: async () => {
      const code = codeOf([...extVars, ...tlas], job.variables)
      return { wish: { folders: [], files: await jsonnetClosure(snapshot, files, { search, code }) }, keep: true }
    },
    run: async (tree, signal) => JSON.stringify(await evaluateAll(files, args, tree, job, signal)),
  })
  return {
    texts: new Map(JSON.parse(text) as readonly (readonly [string, string])[]),
    inputs,
    kept: from === 'store',
    digest,
  }
}

/** One after the other, so that others get their turn at the tools in between. */
async function evaluateAll(
  files: readonly string[],
  args: readonly string[],
  tree: Tree,
  job: ToolJob,
  signal: AbortSignal,
): Promise<readonly (readonly [string, string])[]> {
  const texts: (readonly [string, string])[] = []
  const secrets = () => secretsIn(tree.files, [])
  const limits = { milliseconds: job.limits.milliseconds }
  for (const file of files) {
    const run = { tool: 'jsonnet', root: tree.root, folder: '', where: file, secrets, limits, signal }
    const output = await job.tools.runner.run({ ...run, args: [...args, '--', file] })
    texts.push([file, output.toString('utf8')])
  }
  return texts
}

/** Libraries are named from the root of the repository. */
function libraryPath(lib: string): string {
  // Argo CD takes a leading slash for that root, too.
  const path = joinPath('', lib.replace(/^\/+/, ''))
  if (path !== null) return path
  throw new FaultError({
    kind: 'invalid-input',
    what: `the library folder "${lib}" is outside of the repository`,
    where: 'spec.source.directory.jsonnet.libs',
    fix: ['name a folder of the repository, from its root'],
  })
}

function variable(kind: 'ext' | 'tla', each: JsonnetVar, variables: ToolJob['variables']): readonly string[] {
  if (each.name.includes('=')) {
    throw new FaultError({
      kind: 'invalid-input',
      what: `"${each.name}" is no name for a variable`,
      where: `spec.source.directory.jsonnet.${kind === 'ext' ? 'extVars' : 'tlas'}`,
      fix: ['use a name without ='],
    })
  }
  return [`--${kind}-${each.code ? 'code' : 'str'}`, `${each.name}=${fillIn(each.value, variables)}`]
}

function codeOf(all: readonly JsonnetVar[], variables: ToolJob['variables']): ReadonlyMap<string, string> {
  return new Map(
    all
      .filter(({ code }) => code)
      .map(({ name, value }) => [`spec.source.directory.jsonnet: variable ${name}`, fillIn(value, variables)]),
  )
}
