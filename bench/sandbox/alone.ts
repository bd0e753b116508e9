// What the sandbox costs by itself: its start, its memory, a copy of it.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Sandbox } from '@mainstay/sandbox/sandbox.ts'
import type { Cluster } from '../../test/cluster/cluster.ts'

const run = promisify(execFile)
const ROUNDS = 3

/** Milliseconds until a sandbox is there, with and without the code compiled by an earlier start. */
export interface Start {
  readonly coldLoadMs: number
  readonly loadMs: number
  readonly openMs: number
}

/** Starts sandboxes in fresh processes; the best start counts. */
export async function measureStart(): Promise<Start> {
  const cache = await mkdtemp(join(tmpdir(), 'mainstay-bench-'))
  try {
    const cold = await child(cache, 'start')
    const warm: Readonly<Record<string, number>>[] = []
    for (let round = 0; round < ROUNDS; round++) warm.push(await child(cache, 'start'))
    const best = (key: string): number => Math.min(...warm.map((each) => each[key] ?? 0))
    return { coldLoadMs: cold.loadMs ?? 0, loadMs: best('loadMs'), openMs: best('openMs') }
  } finally {
    await rm(cache, { recursive: true, force: true })
  }
}

/** Bytes of a process with a sandbox of so many objects. */
export async function measureMemory(count: number): Promise<{ readonly rss: number; readonly heap: number }> {
  const { rss = 0, heap = 0, heapBefore = 0 } = await child('', 'memory', String(count))
  return { rss, heap: heap - heapBefore }
}

async function child(cache: string, ...args: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const file = join(import.meta.dirname, 'child.ts')
  const env = cache === '' ? process.env : { ...process.env, NODE_COMPILE_CACHE: cache }
  const { stdout } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], { env })
  return JSON.parse(stdout) as Readonly<Record<string, number>> // Written by child.ts alone.
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
