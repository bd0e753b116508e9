// The kubelet stand-in with the controllers of the sandbox, and with the real API server and controllers: Pods, workloads
// and Services come to be as told.

import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { describeBothClusters, type SharedCluster } from './shared.ts'
import { stageAnnotation } from './stage.ts'

interface PodBody {
  readonly metadata: { readonly name: string; readonly uid: string }
  readonly status: {
    readonly phase: string
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
    readonly containerStatuses?: readonly { readonly state?: { readonly waiting?: { readonly reason?: string } } }[]
  }
}

interface ServiceBody {
  readonly status: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } }
}

const container = { name: 'main', image: 'example/image:1' }

/** Asks until the answer is as wanted; fails with the last answer. */
async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const deadline = performance.now() + 20_000
  for (;;) {
    const answer = await ask()
    if (wanted(answer)) return answer
    if (performance.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`)
    await delay(50)
  }
}

async function createPod(cluster: SharedCluster, namespace: string, stage: string, policy = 'Never'): Promise<void> {
  const answer = await cluster.api.request('POST', `/api/v1/namespaces/${namespace}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'one', annotations: { [stageAnnotation]: stage } },
    spec: { restartPolicy: policy, containers: [container] },
  })
  expect(answer.status).toBe(201)
}

async function getPod(cluster: SharedCluster, namespace: string): Promise<PodBody> {
  const answer = await cluster.api.request('GET', `/api/v1/namespaces/${namespace}/pods/one`)
  return answer.body as PodBody
}

function reasonOf(pod: PodBody): string | undefined {
  return pod.status.containerStatuses?.[0]?.state?.waiting?.reason
}

describeBothClusters('the kubelet stand-in', (cluster) => {
  it('makes a Pod Running and Ready', async () => {
    const shared = await cluster()
    const namespace = await shared.namespace('kubelet')
    await createPod(shared, namespace, 'runs')
    const pod = await eventually(
      () => getPod(shared, namespace),
      (one) => one.status.phase === 'Running',
    )
    expect(pod.status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }))
  })

  it('lets a Pod run for a while and then fail', async () => {
    const shared = await cluster()
    const namespace = await shared.namespace('kubelet')
    await createPod(shared, namespace, 'fails-after=300ms')
    await eventually(
      () => getPod(shared, namespace),
      (one) => one.status.phase === 'Running',
    )
    await eventually(
      () => getPod(shared, namespace),
      (one) => one.status.phase === 'Failed',
    )
  })

  it('shows a crash loop where the container starts again', async () => {
    const shared = await cluster()
    const namespace = await shared.namespace('kubelet')
    await createPod(shared, namespace, 'fails-after=0s', 'Always')
    const pod = await eventually(
      () => getPod(shared, namespace),
      (one) => reasonOf(one) === 'CrashLoopBackOff',
    )
    expect(pod.status.phase).toBe('Running')
  })

  it('keeps a Pod that never starts at its image, and says so of a word that it does not know', async () => {
    const shared = await cluster()
    for (const stage of ['never-starts', 'whatever=1s']) {
      const namespace = await shared.namespace('kubelet')
      await createPod(shared, namespace, stage)
      const pod = await eventually(
        () => getPod(shared, namespace),
        (one) => reasonOf(one) === 'ImagePullBackOff',
      )
      expect(pod.status.phase).toBe('Pending')
      if (stage !== 'never-starts') expect(JSON.stringify(pod.status)).toContain('unknown value whatever=1s')
    }
  })

  it('completes the Pods of a Job, and a Pod that is deleted goes', async () => {
    const shared = await cluster()
    const namespace = await shared.namespace('kubelet')
    const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`
    const template = { spec: { restartPolicy: 'Never', containers: [container] } }
    const created = await shared.api.request('POST', jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once' },
      spec: { template },
    })
    expect(created.status).toBe(201)
    await eventually(
      () => shared.api.request('GET', `${jobs}/once`),
      (answer) => (answer.body as { status?: { succeeded?: number } }).status?.succeeded === 1,
    )
    await createPod(shared, namespace, 'runs')
    await eventually(
      () => getPod(shared, namespace),
      (one) => one.status.phase === 'Running',
    )
    await shared.api.request('DELETE', `/api/v1/namespaces/${namespace}/pods/one`)
    await eventually(
      () => shared.api.request('GET', `/api/v1/namespaces/${namespace}/pods/one`),
      (answer) => answer.status === 404,
    )
  })

  it('gives a LoadBalancer Service a fresh address, another one when it is made anew', async () => {
    const shared = await cluster()
    const namespace = await shared.namespace('kubelet')
    const services = `/api/v1/namespaces/${namespace}/services`
    const seen = new Set<string>()
    for (let round = 0; round < 2; round += 1) {
      const created = await shared.api.request('POST', services, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
      })
      expect(created.status).toBe(201)
      const answer = await eventually(
        () => shared.api.request('GET', `${services}/web`),
        (one) => (one.body as ServiceBody).status.loadBalancer?.ingress?.[0]?.ip !== undefined,
      )
      seen.add((answer.body as ServiceBody).status.loadBalancer?.ingress?.[0]?.ip ?? '')
      await shared.api.request('DELETE', `${services}/web`)
    }
    expect(seen.size).toBe(2)
  })
})
