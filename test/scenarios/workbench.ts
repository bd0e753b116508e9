// A user's workbench for scenarios: a Git repository, a folder of records, an Application file, and the command line.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Io } from '@mainstay/cli/io.ts'
import { main } from '@mainstay/cli/main.ts'
import { openSession, type SessionOverrides } from '@mainstay/engine/reconcile/open.ts'
import { headCommit, initRepository } from '@mainstay/engine/source/testing/repository.ts'
import { variableOf } from '@mainstay/engine/tools/recipe.ts'
import type { SharedCluster } from '../cluster/shared.ts'
import { providedTool } from '../run/tool.ts'

const run = promisify(execFile)

/** What a command printed and how it ended. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Files to write (text) or to remove (null), by path in the repository. */
export type Change = Readonly<Record<string, string | null>>

/** One user with a repository and a cluster. */
export interface Workbench {
  readonly folder: string
  /** Folder of the records. */
  readonly home: string
  readonly repository: string
  readonly namespace: string
  readonly appFile: string
  /** Commits a change and returns the commit id. */
  readonly commit: (message: string, change: Change) => Promise<string>
  /** Runs the command line in process, with the cluster's admin unless `kubeconfig` says otherwise. */
  readonly mainstay: (...argv: readonly string[]) => Promise<Ran>
  /** As `mainstay`, with another kubeconfig. */
  readonly mainstayAs: (kubeconfig: string, ...argv: readonly string[]) => Promise<Ran>
  /** As `mainstay`, with records of its own in another folder: another installation. */
  readonly mainstayAt: (home: string, ...argv: readonly string[]) => Promise<Ran>
  /** Writes the Application file; fields of `spec` are merged over the usual ones. */
  readonly writeApp: (spec: Readonly<Record<string, unknown>>) => Promise<void>
  readonly dispose: () => Promise<void>
}

/** Sets one up in folders and a namespace of its own. */
export async function openWorkbench(
  cluster: SharedCluster,
  name: string,
  overrides: SessionOverrides = {},
): Promise<Workbench> {
  const folder = await mkdtemp(join(tmpdir(), `mainstay-${name}-`))
  const repository = join(folder, 'repository')
  const home = join(folder, 'home')
  const appFile = join(folder, 'app.yaml')
  const namespace = await cluster.namespace(name)
  await mkdir(repository)
  initRepository(repository)
  let minute = 0
  const commit = async (message: string, change: Change): Promise<string> => {
    for (const [path, text] of Object.entries(change)) await write(join(repository, path), text)
    const date = `2026-01-01T00:${String(minute++).padStart(2, '0')}:00Z`
    await git(repository, 'add', '--all')
    await git(
      repository,
      '-c',
      `user.name=Ana`,
      '-c',
      'user.email=ana@example.com',
      'commit',
      '--quiet',
      '-m',
      message,
      `--date=${date}`,
    )
    return headCommit(repository)
  }
  const mainstayAs = (kubeconfig: string, ...argv: readonly string[]): Promise<Ran> =>
    runMain([...argv, '--home', home, '--kubeconfig', kubeconfig], folder, overrides)
  const mainstayAt = (other: string, ...argv: readonly string[]): Promise<Ran> =>
    runMain([...argv, '--home', other, '--kubeconfig', cluster.kubeconfig], folder, overrides)
  const writeApp = (spec: Readonly<Record<string, unknown>>): Promise<void> =>
    writeFile(appFile, JSON.stringify(application(name, repository, namespace, spec), null, 2))
  await writeApp({})
  return {
    folder,
    home,
    repository,
    namespace,
    appFile,
    commit,
    mainstay: (...argv) => mainstayAs(cluster.kubeconfig, ...argv),
    mainstayAs,
    mainstayAt,
    writeApp,
    dispose: () => rm(folder, { recursive: true, force: true }),
  }
}

function application(
  name: string,
  repository: string,
  namespace: string,
  spec: Readonly<Record<string, unknown>>,
): unknown {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd', finalizers: ['resources-finalizer.argocd.argoproj.io'] },
    spec: {
      project: 'default',
      source: { repoURL: `file://${repository}`, path: 'shop', targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace },
      ...spec,
    },
  }
}

async function write(path: string, text: string | null): Promise<void> {
  if (text === null) return rm(path)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

async function git(cwd: string, ...args: readonly string[]): Promise<void> {
  const env = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', HOME: cwd }
  await run('git', args, { cwd, env })
}

async function runMain(argv: readonly string[], cwd: string, overrides: SessionOverrides): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const code = await main(argv, captured(out, err, cwd, overrides))
  return { code, out: out.join(''), err: err.join('') }
}

/** The programs of this machine that render, so that nothing is looked for in the cache of a user who is not there. */
function rendererVariables(): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const name of ['helm', 'kustomize', 'jsonnet']) {
    const tool = providedTool(name)
    if ('path' in tool) variables[variableOf(name)] = tool.path
  }
  return variables
}

/** The outside of a command without a terminal, in memory; time is real because the cluster's is. */
function captured(out: string[], err: string[], cwd: string, overrides: SessionOverrides): Io {
  const stream = (lines: string[]): Io['out'] => ({
    write: (text) => void lines.push(text),
    isTTY: false,
    columns: () => null,
    rows: () => null,
  })
  return {
    out: stream(out),
    err: stream(err),
    inputIsTTY: false,
    env: { PATH: process.env.PATH, HOME: cwd, ...rendererVariables() },
    cwd,
    user: 'ana@workbench',
    now: () => Date.now(),
    every: (ms, tick) => {
      const timer = setInterval(tick, ms)
      return () => clearInterval(timer)
    },
    after: (ms, act) => {
      const timer = setTimeout(act, ms)
      return () => clearTimeout(timer)
    },
    onInterrupt: () => () => undefined,
    quit: (code) => {
      throw new Error(`the command asked to end the process with ${code}`)
    },
    readLine: async () => null,
    readInput: async () => '',
    page: async () => false,
    execute: ({ program }) => {
      throw new Error(`the command asked to start ${program}`)
    },
    openSession: (options) => openSession(options, overrides),
  }
}

/**
 * Watches one object of a collection until it is as wanted; after ten seconds the last that was seen is the answer
 * (null: nothing was), so that an expectation shows it.
 */
export async function waitUntil<T>(
  cluster: SharedCluster,
  { collection, name }: { readonly collection: string; readonly name: string },
  wanted: (object: T) => boolean,
): Promise<T | null> {
  const stop = AbortSignal.timeout(10_000)
  let last: T | null = null
  try {
    for await (const line of cluster.api.watch(`${collection}?watch=true&fieldSelector=metadata.name=${name}`, stop)) {
      last = line.object as T // The kind that was asked for.
      if (wanted(last)) return last
    }
  } catch (error) {
    if (!stop.aborted) throw error
  }
  return last
}

/** The id of the plan that a command printed: the `Plan …` line. */
export function planIdIn(text: string): string {
  const id = /mainstay (?:approve|apply) ([0-9a-f]{6,64})/.exec(text)?.[1]
  if (id === undefined) throw new Error(`no plan id in:\n${text}`)
  return id
}
