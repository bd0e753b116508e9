// The whole way of a user, against a real Kubernetes API: sync, drift, prune, delete with approval, restore.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { CLAIM, CONFIG, LEGACY, SECRET, SERVICE, volume, WEB } from './manifests.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench, planIdIn, waitUntil } from './workbench.ts'

/** The part of an object that the scenario looks at. */
interface Seen {
  readonly metadata: { readonly uid: string; readonly annotations?: Record<string, string> }
  readonly spec: {
    readonly clusterIP?: string
    readonly ports?: readonly { readonly nodePort?: number }[]
    readonly volumeName?: string
    readonly replicas?: number
  }
  readonly status?: { readonly phase?: string }
  readonly data?: Record<string, string>
}

describeCluster('the tour', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench
  let identity: { clusterIP: string | undefined; nodePort: number | undefined; volume: string | undefined }

  beforeAll(async () => {
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'tour')
    const made = await cluster.api.request(
      'POST',
      '/api/v1/persistentvolumes',
      volume(bench.namespace, bench.namespace),
    )
    expect(made.status).toBe(201)
  })
  afterAll(async () => {
    await cluster.api.request('DELETE', `/api/v1/persistentvolumes/${bench.namespace}`)
    await bench.dispose()
  })

  const get = async (path: string): Promise<Seen | null> => {
    const answer = await cluster.api.request('GET', path.replace('NS', bench.namespace))
    return answer.status === 404 ? null : (answer.body as Seen)
  }
  const DEPLOYMENT = '/apis/apps/v1/namespaces/NS/deployments/web'
  const SERVICE_PATH = '/api/v1/namespaces/NS/services/web'
  const CLAIM_PATH = '/api/v1/namespaces/NS/persistentvolumeclaims/uploads'
  const LEGACY_PATH = '/api/v1/namespaces/NS/configmaps/legacy'

  it('tells which server it talks to', async () => {
    const ran = await bench.mainstay('version', '--server')
    expect(ran.out).toMatch(/^server v1\.36\.3 \(context .*, https:\/\/127\.0\.0\.1:\d+\)$/m)
  })

  it('plans what a first commit creates and writes nothing', async () => {
    await bench.commit('the shop', {
      'shop/web.yaml': `${WEB}---\n${SERVICE}`,
      'shop/config.yaml': CONFIG,
      'shop/legacy.yaml': LEGACY,
      'shop/uploads.yaml': CLAIM,
      'shop/secret.yaml': SECRET,
    })
    const ran = await bench.mainstay('app', 'plan', 'tour', '-f', bench.appFile)
    expect(ran.err).toBe('')
    expect(ran.out).toContain('6 to create')
    expect(ran.out).not.toContain('correct-horse')
    expect(ran.code).toBe(1)
    expect(await get(DEPLOYMENT)).toBeNull()
  })

  it('syncs, waits for health, and has nothing to do the second time', async () => {
    const ran = await bench.mainstay('app', 'sync', 'tour', '-f', bench.appFile)
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect((await get(DEPLOYMENT))?.metadata.annotations).toMatchObject({
      'argocd.argoproj.io/tracking-id': `tour:apps/Deployment:${bench.namespace}/web`,
    })
    const again = await bench.mainstay('app', 'plan', 'tour', '-f', bench.appFile)
    expect(again.out).toContain('6 objects: 6 same')
    expect(again.code).toBe(0)
    expect(await waitForPhase('Bound')).toBe('Bound')
  })

  it('gives the same bytes for the same input', async () => {
    const one = await bench.mainstay('app', 'plan', 'tour', '-f', bench.appFile, '-o', 'json')
    const two = await bench.mainstay('app', 'plan', 'tour', '-f', bench.appFile, '-o', 'json')
    expect(JSON.parse(one.out)).toMatchObject({ schema: 'mainstay.dev/plan/v1' })
    expect(two.out).toBe(one.out)
  })

  it('shows a hand edit with its author, and a sync takes it back', async () => {
    const edited = await cluster.api.request(
      'PATCH',
      `${DEPLOYMENT.replace('NS', bench.namespace)}?fieldManager=kubectl-edit`,
      { spec: { replicas: 5 } },
      'application/merge-patch+json',
    )
    expect(edited.status).toBe(200)
    const plan = await bench.mainstay('app', 'plan', 'tour', '-f', bench.appFile)
    expect(plan.out).toMatch(/Deployment\/web.*replicas 5 → 2/)
    expect(plan.out).toContain('kubectl-edit')
    const diff = await bench.mainstay('app', 'diff', 'tour', '-f', bench.appFile)
    expect(diff.out).toMatch(/-\s+replicas: 5\n\+\s+replicas: 2/)
    expect(diff.code).toBe(1)
    expect((await bench.mainstay('app', 'sync', 'tour', '-f', bench.appFile)).code).toBe(0)
    expect((await get(DEPLOYMENT))?.spec.replicas).toBe(2)
  })

  it('refuses a plan that was made before somebody else changed the object', async () => {
    await bench.commit('more replicas', {
      'shop/web.yaml': `${WEB.replace('replicas: 2', 'replicas: 3')}---\n${SERVICE}`,
    })
    const shown = await bench.mainstay('app', 'plan', 'tour', '-f', bench.appFile, '--out', `${bench.folder}/plan.json`)
    expect(shown.code).toBe(1)
    await cluster.api.request(
      'PATCH',
      `${DEPLOYMENT.replace('NS', bench.namespace)}?fieldManager=kubectl-scale`,
      { spec: { replicas: 7 } },
      'application/merge-patch+json',
    )
    const refused = await bench.mainstay('apply', `${bench.folder}/plan.json`)
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('the world moved')
    expect(refused.err).toContain('kubectl-scale')
    expect((await get(DEPLOYMENT))?.spec.replicas).toBe(7)
    expect((await bench.mainstay('app', 'sync', 'tour', '-f', bench.appFile)).code).toBe(0)
  })

  it('keeps what a commit removed until pruning is asked for', async () => {
    await bench.commit('drop legacy', { 'shop/legacy.yaml': null })
    const kept = await bench.mainstay('app', 'sync', 'tour', '-f', bench.appFile)
    expect(kept.code).toBe(0)
    expect(await get(LEGACY_PATH)).not.toBeNull()
    const pruned = await bench.mainstay('app', 'sync', 'tour', '-f', bench.appFile, '--prune')
    expect(pruned).toMatchObject({ code: 0 })
    expect(pruned.out).toContain('(1 deleted)')
    expect(pruned.out).toMatch(/- delete {2}ConfigMap\/legacy {2}removed from Git in [0-9a-f]{7}/)
    expect(await get(LEGACY_PATH)).toBeNull()
  })

  it('deletes the application only with an approval of that very plan', async () => {
    const service = await get(SERVICE_PATH)
    identity = {
      clusterIP: service?.spec.clusterIP,
      nodePort: service?.spec.ports?.[0]?.nodePort,
      volume: (await get(CLAIM_PATH))?.spec.volumeName,
    }
    expect(identity.volume).toBe(bench.namespace)
    const asked = await bench.mainstay('app', 'delete', 'tour', '-f', bench.appFile)
    expect(asked.code).toBe(3)
    expect(await get(SERVICE_PATH)).not.toBeNull()
    const id = planIdIn(asked.out + asked.err)
    expect((await bench.mainstay('apply', id)).code).toBe(3)
    expect((await bench.mainstay('approve', id)).code).toBe(0)
    const ran = await bench.mainstay('apply', id)
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect(await get(SERVICE_PATH)).toBeNull()
    expect(await get(DEPLOYMENT)).toBeNull()
  })

  it('restores it with its cluster IP, its node port and its volume', async () => {
    const list = await bench.mainstay('trash', 'list', '--json')
    expect(list.code).toBe(0)
    const plans = [...new Set((JSON.parse(list.out) as { plan: string }[]).map((entry) => entry.plan))]
    const restored = await bench.mainstay('trash', 'restore', '--plan', plans[0] ?? '')
    expect(restored).toMatchObject({ code: 0 })
    const service = await get(SERVICE_PATH)
    expect(service?.spec.clusterIP).toBe(identity.clusterIP)
    expect(service?.spec.ports?.[0]?.nodePort).toBe(identity.nodePort)
    expect((await get(CLAIM_PATH))?.spec.volumeName).toBe(identity.volume)
    expect(await waitForPhase('Bound')).toBe('Bound')
    const plan = await bench.mainstay('app', 'plan', 'tour', '-f', bench.appFile)
    expect(plan.out).toContain('5 objects: 5 same')
    expect(plan.code).toBe(0)
  })

  /** Waits until the claim's phase is as given; answers the last phase after ten seconds. */
  async function waitForPhase(phase: string): Promise<string | undefined> {
    const claim = {
      collection: `/api/v1/namespaces/${bench.namespace}/persistentvolumeclaims`,
      name: 'uploads',
    }
    return (await waitUntil<Seen>(cluster, claim, (seen) => seen.status?.phase === phase))?.status?.phase
  }
})
