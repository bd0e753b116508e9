// What the sandbox costs by itself: its start, its memory, a copy of it.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Sandbox } from '@mainstay/sandbox/sandbox.ts'
import type { Cluster } from '../../test/cluster/cluster.ts'

const run = promisify(execFile)
const ROUNDS = 3

/** What a start costs, in milliseconds; the best of some fresh processes, with code that an earlier start compiled. */
export interface Start {
  /** In the process: its modules are loaded (nothing of the measuring itself is among them). */
  readonly loadMs: number
  /** The same where no code was compiled before. */
  readonly coldLoadMs: number
  /** In the process: from loaded modules to a sandbox with what every cluster has. */
  readonly openMs: number
  /** In the process: from there to the whole answer to a first request. */
  readonly answerMs: number
  /** `mainstay sandbox`: from the start of the command until it says where its kubeconfig is. */
  readonly commandMs: number
  /** A process of Node that does nothing, from start to end: the least that a command can take on this machine now. */
  readonly nodeMs: number
}

/** Starts sandboxes in fresh processes. */
export async function measureStart(): Promise<Start> {
  const cache = await mkdtemp(join(tmpdir(), 'mainstay-bench-'))
  try {
    const cold = await child(cache, 'start.ts')
    await startCommand(cache)
    const warm: Readonly<Record<string, number>>[] = []
    for (let round = 0; round < ROUNDS; round++) {
      warm.push({
        ...(await child(cache, 'start.ts')),
        commandMs: await startCommand(cache),
        nodeMs: await startNode(),
      })
    }
    const best = (key: string): number => Math.min(...warm.map((each) => each[key] ?? 0))
    const [loadMs, openMs, answerMs] = [best('loadMs'), best('openMs'), best('answerMs')]
    return {
      coldLoadMs: cold.loadMs ?? 0,
      loadMs,
      openMs,
      answerMs,
      commandMs: best('commandMs'),
      nodeMs: best('nodeMs'),
    }
  } finally {
    await rm(cache, { recursive: true, force: true })
  }
}

async function startNode(): Promise<number> {
  const startedAt = performance.now()
  await run(process.execPath, ['-e', '0'])
  return performance.now() - startedAt
}

async function startCommand(cache: string): Promise<number> {
  const program = join(import.meta.dirname, '../../packages/cli/bin/mainstay.js')
  const startedAt = performance.now()
  const running = spawn(process.execPath, [program, 'sandbox', '--json'], {
    // The command keeps compiled code below this folder by itself.
    env: { ...process.env, XDG_CACHE_HOME: cache },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(running, 'exit')
  try {
    const said = await Promise.race([once(running.stdout, 'data'), ended.then(() => null)])
    if (said === null) throw new Error('mainstay sandbox ended before it was reachable')
    return performance.now() - startedAt
  } finally {
    running.kill('SIGINT')
    await ended
  }
}

/** Bytes of a process with a sandbox of so many objects. */
export async function measureMemory(count: number): Promise<{ readonly rss: number; readonly heap: number }> {
  const { rss = 0, heap = 0, heapBefore = 0 } = await child('', 'child.ts', String(count))
  return { rss, heap: heap - heapBefore }
}

async function child(
  cache: string,
  name: string,
  ...args: readonly string[]
): Promise<Readonly<Record<string, number>>> {
  const file = join(import.meta.dirname, name)
  const env = cache === '' ? process.env : { ...process.env, NODE_COMPILE_CACHE: cache }
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], { env })
  return JSON.parse(stdout) as Readonly<Record<string, number>> // Written by start.ts and child.ts alone.
}

/** Milliseconds for a copy of a sandbox that goes on by itself. */
export function measureFork(sandbox: Sandbox): number {
  const times = Array.from({ length: 10 }, () => {
    const startedAt = performance.now()
    sandbox.fork().close()
    return performance.now() - startedAt
  })
  return Math.min(...times)
}

/** Bytes that the API server and etcd hold together. */
export async function memoryOf(cluster: Cluster): Promise<number> {
  let kilobytes = 0
  for (const name of ['kube-apiserver', 'etcd']) {
    const status = await readFile(`/proc/${cluster.processes.pids.get(name)}/status`, 'utf8')
    kilobytes += Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0)
  }
  return kilobytes * 1024
}
