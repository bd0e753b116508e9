// How fast a plan is applied, against raw PATCH requests to the same API server in the same run.
import type { Cluster } from '../test/cluster/cluster.ts'
import { manifests } from './objects.ts'
import { rawApply } from './raw.ts'
import { benchApp, createNamespace } from './setup.ts'

const CONCURRENCY = 20
/** Both take turns, so that a server that warms up or fills up does not favour one of them. */
const ROUNDS = 3

/** Applies the objects in turns by the reference and by a sync; the best round of each counts. */
export async function measureApply(cluster: Cluster, count: number): Promise<readonly string[]> {
  const objects = manifests(count)
  const raw: number[] = []
  const ours: number[] = []
  const whole: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const namespace = `raw-${round}`
    await createNamespace(cluster, namespace)
    const target = { url: cluster.url, ca: cluster.authority.certificate, token: cluster.tokens.admin, namespace }
    raw.push(await rawApply(target, objects, CONCURRENCY))
    const measured = await sync(cluster, `ours-${round}`, objects)
    ours.push(measured.applyMs)
    whole.push(measured.wholeMs)
  }
  const reference = Math.min(...raw)
  const best = Math.min(...ours)
  return [
    `apply   raw PATCH            ${rate(count, reference)}  (best of ${ROUNDS}: ${list(raw)} ms)`,
    `apply   mainstay, run        ${rate(count, best)}  (best of ${ROUNDS}: ${list(ours)} ms)`,
    `apply   ratio run / raw      ${percent(reference / best)}   wanted ≥ 70 %`,
    `apply   plan, check and run  ${rate(count, Math.min(...whole))}  ${percent(reference / Math.min(...whole))} of raw, dry runs included`,
  ]
}

async function sync(
  cluster: Cluster,
  name: string,
  objects: ReturnType<typeof manifests>,
): Promise<{ readonly applyMs: number; readonly wholeMs: number }> {
  const app = await benchApp(cluster, name, objects, false)
  try {
    const startedAt = performance.now()
    const { plan } = await app.session.plan(app.loaded, {
      intent: { kind: 'sync', prune: false, only: [], revision: null },
    })
    let began = 0
    let ended = 0
    const result = await app.session.run(plan, {
      by: 'bench',
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.kind === 'run-started') began = performance.now()
        if (event.kind === 'run-ended') ended = performance.now()
      },
    })
    if (result.outcome !== 'succeeded') throw new Error(`the sync ended as ${result.outcome}: ${result.message}`)
    return { applyMs: ended - began, wholeMs: performance.now() - startedAt }
  } finally {
    await app.dispose()
  }
}

function rate(count: number, ms: number): string {
  return `${Math.round((count / ms) * 1000)
    .toString()
    .padStart(5)} objects/s`
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`
}

function list(numbers: readonly number[]): string {
  return numbers.map((each) => Math.round(each)).join(', ')
}
