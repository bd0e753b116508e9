// kill -9 in the middle of a run, before every write it makes: the plan is run again, nothing is lost or done twice.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plan } from '@mainstay/core/plan/plan.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampled } from '../../../test/run/whole.ts'
import { approvePlan, makeStoredPlan, runPlan } from '../reconcile/plans.ts'
import type { Orders } from './testing/crash.ts'
import type { Outcome } from './testing/crash-outcome.ts'
import { outcomeOf, uidsOf } from './testing/crash-outcome.ts'
import type { CrashScenario } from './testing/crash-scenarios.ts'
import { deletion, restoration, synchronisation } from './testing/crash-scenarios.ts'
import { MemoryReader } from './testing/memory-reader.ts'
import { serveCluster } from './testing/remote.ts'
import type { Bench } from './testing/world.ts'
import { benches } from './testing/world.ts'

const open = benches()
const SCRIPT = fileURLToPath(new URL('testing/crash.ts', import.meta.url))
/** Children at once: each is a process of its own. */
const CHILDREN = 2

let compiled: string
beforeAll(async () => {
  // The children compile the same files: only the first one should have to.
  compiled = await mkdtemp(join(tmpdir(), 'compiled-'))
})
afterAll(() => rm(compiled, { recursive: true, force: true }))

/**
 * Runs the plan in a process that is killed at its n-th point, and returns the names of the points it reached. What is
 * there after a kill is what was durable: so a point stands before each write to the cluster or the records, and the
 * next one stands for "after it, and nobody was told".
 */
async function runAndKill(bench: Bench, plan: Plan, at: number | null): Promise<readonly string[]> {
  const points: string[] = []
  const orders: Orders = { folder: bench.folder, commit: bench.commitNow, plan }
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(orders)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  })
  const ended = once(child, 'exit')
  const atPoint = async (name: string): Promise<void> => {
    if (child.killed) return new Promise(() => undefined)
    points.push(name)
    if (points.length - 1 !== at) return
    child.kill('SIGKILL')
    await new Promise(() => undefined)
  }
  const controllers = bench.target.on
  bench.target.on = async (when, request) => {
    await controllers(when, request)
    const { verb, ref } = request
    if (when === 'before' && verb !== 'get' && verb !== 'follow') await atPoint(`${verb} ${ref.kind}/${ref.name}`)
  }
  serveCluster(child, { target: bench.target, reader: new MemoryReader(bench.target) }, atPoint)
  const [code, signal] = await ended
  // Events that come together share a write, so a busy machine has fewer points than an idle one.
  expect([code, signal]).toEqual(child.killed ? [null, 'SIGKILL'] : [0, null])
  bench.target.on = controllers
  return points
}

/** One life of a scenario: planned, run in a process that is killed or not, run again where it was. */
async function live(
  scenario: CrashScenario,
  at: number | null,
): Promise<Outcome & { readonly points: readonly string[] }> {
  const bench = await open()
  const intent = await scenario(bench)
  const { plan } = await makeStoredPlan(bench.loaded, { intent }, bench.parts)
  await approvePlan(plan, 'Ana', bench.parts)
  const before = uidsOf(bench)
  bench.target.happened.length = 0
  const points = await runAndKill(bench, plan, at)
  if (at !== null && at < points.length) await runAgain(bench, plan, points.at(-1) ?? '')
  return { ...(await outcomeOf(bench, before)), points }
}

/** The points to be killed at: one for each write that follows upon another kind of write, in the order of the run. */
function telling(points: readonly string[]): readonly number[] {
  const known = new Set<string>()
  return points.flatMap((name, at) => {
    const step = `${points[at - 1] ?? 'start'} → ${name}`
    if (known.has(step)) return []
    known.add(step)
    return [at]
  })
}

/** As the session would: the same plan, made again, approved as it was. */
async function runAgain(bench: Bench, plan: Plan, killedAt: string): Promise<void> {
  const options = { by: 'Ana', signal: new AbortController().signal, onEvent: () => undefined }
  const again = await runPlan(plan, options, bench.parts)
  const [last, first] = await bench.records.runs(bench.key)
  expect(last).toMatchObject({ plan: plan.id, outcome: 'succeeded' })
  if (killedAt === 'openRun') return
  expect(again.outcome).toBe('succeeded')
  expect(first).toMatchObject({ plan: plan.id, outcome: 'cancelled', interrupted: false })
  const events = await bench.records.events(first?.id ?? '')
  expect(events.at(-1)).toMatchObject({ kind: 'run-ended', outcome: 'cancelled' })
}

/** Lives through a scenario once undisturbed and once for each telling point (a sample in a quick run), and compares. */
async function liveThrough(scenario: CrashScenario): Promise<void> {
  const { points, ...undisturbed } = await live(scenario, null)
  expect(undisturbed.unaccounted).toEqual([])
  const queue = sampled(telling(points), 5).values()
  const worker = async (): Promise<void> => {
    for (const at of queue) {
      const { points: reached, ...outcome } = await live(scenario, at)
      const place = { at, point: reached.at(-1) }
      expect({ ...place, ...outcome }).toEqual({ ...place, ...undisturbed })
    }
  }
  await Promise.all(Array.from({ length: CHILDREN }, worker))
}

describe('a process that is killed before any of its writes leaves a run that is gone on with to the same end', {
  timeout: 240_000,
}, () => {
  it('during a sync', () => liveThrough(synchronisation))

  it('during the deletion of an application', () => liveThrough(deletion))

  it('during a restore', () => liveThrough(restoration))
})
