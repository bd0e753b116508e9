// What planning costs when nothing changed: time an object, requests to the API server, memory a managed object.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Cluster } from '../test/cluster/cluster.ts'
import { manifests } from './objects.ts'
import { benchApp } from './setup.ts'

const REPEATS = 10
const SYNC = { kind: 'sync', prune: false, only: [], revision: null } as const

/** Syncs once, then plans again and again with a watching session. */
export async function measureReplan(cluster: Cluster, count: number): Promise<readonly string[]> {
  const app = await benchApp(cluster, 'replan', manifests(count), true)
  try {
    const { plan } = await app.session.plan(app.loaded, { intent: SYNC })
    const before = heap()
    await app.session.run(plan, { by: 'bench', signal: new AbortController().signal, onEvent: () => undefined })
    const settled = await settle(app.session.plan.bind(app.session, app.loaded, { intent: SYNC }))
    const after = heap()
    const requests = app.session.requests()
    const times: number[] = []
    for (let i = 0; i < REPEATS; i++) {
      const startedAt = performance.now()
      const again = await app.session.plan(app.loaded, { intent: SYNC })
      times.push(performance.now() - startedAt)
      if (again.plan.id !== settled.plan.id) throw new Error('planning again with nothing changed gave another plan')
    }
    const best = Math.min(...times)
    const size = JSON.stringify(await app.session.manifests(app.loaded, 'live', {})).length
    return [
      `replan  nothing changed      ${(best / count).toFixed(3)} ms an object (${best.toFixed(0)} ms, best of ${REPEATS})   wanted < 0.2`,
      `replan  API requests         ${app.session.requests() - requests} in ${REPEATS} plans   wanted 0`,
      `memory  a managed object     ${((after - before) / count / 1024).toFixed(1)} kB heap, ${((after - before) / size).toFixed(1)} × its JSON`,
    ]
  } finally {
    await app.dispose()
  }
}

/** Plans until nothing is left to do: the watches need a moment to bring the last answers. */
async function settle<T extends { readonly plan: { readonly steps: readonly unknown[] } }>(
  make: () => Promise<T>,
): Promise<T> {
  for (;;) {
    const planned = await make()
    if (planned.plan.steps.length === 0) return planned
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Collects garbage first, or the number would be of what happens to lie around. */
function heap(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}
