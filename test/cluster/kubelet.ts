// The stand-in for a kubelet, a scheduler and a cloud's load balancers: places every Pod on one Node and moves it along
// as its annotation says (see stage.ts), and gives each new LoadBalancer Service an address. Run as a program:
// `node kubelet.ts KUBECONFIG`.

import { readFile } from 'node:fs/promises'
import { type Api, openApi } from './api.ts'
import { follow } from './follow.ts'
import { loadBalancerAnnotation, nextStep, type Pod, statusOf } from './stage.ts'

/** The only Node. */
export const nodeName = 'stand-in'
const strategicMerge = 'application/strategic-merge-patch+json'
const jsonMerge = 'application/merge-patch+json'
/** After a request that failed for no good reason, in ms. */
const retryMs = 500

/** Runs until the signal aborts. */
export async function runKubelet(api: Api, signal: AbortSignal): Promise<void> {
  await createNode(api)
  const pods = new PodKeeper(api)
  const services = new ServiceKeeper(api)
  await Promise.all([
    follow<Pod>(api, '/api/v1/pods', pods, signal),
    follow<Service>(api, '/api/v1/services', services, signal),
  ])
}

async function createNode(api: Api): Promise<void> {
  const now = new Date().toISOString()
  const created = await api.request('POST', '/api/v1/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: nodeName, labels: { 'kubernetes.io/hostname': nodeName, 'kubernetes.io/os': 'linux' } },
  })
  if (created.status !== 201 && created.status !== 409) throw new Error(`cannot create the Node: ${created.status}`)
  const room = { cpu: '1000', memory: '1000Gi', pods: '10000' }
  const status = {
    capacity: room,
    allocatable: room,
    addresses: [{ type: 'InternalIP', address: '192.0.2.1' }],
    conditions: [{ type: 'Ready', status: 'True', reason: 'StandIn', lastHeartbeatTime: now, lastTransitionTime: now }],
  }
  await api.request('PATCH', `/api/v1/nodes/${nodeName}/status`, { status }, strategicMerge)
  // New Nodes are tainted as not ready until a controller of a real cluster looks at them.
  await api.request('PATCH', `/api/v1/nodes/${nodeName}`, { spec: { taints: null } }, jsonMerge)
}

/** Does one thing after another for each object, always from its newest state. */
abstract class Keeper<T extends { readonly metadata: { readonly uid: string } }> {
  readonly #newest = new Map<string, T>()
  readonly #busy = new Set<string>()
  readonly #again = new Set<string>()
  readonly #timers = new Map<string, NodeJS.Timeout>()

  /** Acts on one object; returns after how many ms to look again, or null for not before it changes. */
  protected abstract act(object: T): Promise<number | null>

  changed(object: T): void {
    this.#newest.set(object.metadata.uid, object)
    this.#look(object.metadata.uid)
  }

  gone(uid: string): void {
    this.#newest.delete(uid)
    clearTimeout(this.#timers.get(uid))
    this.#timers.delete(uid)
    this.forget(uid)
  }

  /** Called when an object is gone. */
  protected forget(_uid: string): void {}

  #look(uid: string): void {
    if (this.#busy.has(uid)) {
      this.#again.add(uid)
      return
    }
    const object = this.#newest.get(uid)
    if (object === undefined) return
    this.#busy.add(uid)
    this.act(object)
      .catch((error: unknown) => {
        process.stderr.write(`${uid}: ${error instanceof Error ? error.message : String(error)}\n`)
        return retryMs
      })
      .then((ms) => {
        this.#busy.delete(uid)
        if (this.#again.delete(uid)) this.#look(uid)
        else if (ms !== null) this.#later(uid, ms)
      })
  }

  #later(uid: string, ms: number): void {
    clearTimeout(this.#timers.get(uid))
    this.#timers.set(
      uid,
      setTimeout(() => this.#look(uid), ms),
    )
  }
}

class PodKeeper extends Keeper<Pod> {
  readonly #api: Api
  readonly #placed = new Map<string, number>()
  #addresses = 0

  constructor(api: Api) {
    super()
    this.#api = api
  }

  protected override forget(uid: string): void {
    this.#placed.delete(uid)
  }

  protected async act(pod: Pod): Promise<number | null> {
    const { name, namespace, uid } = pod.metadata
    const path = `/api/v1/namespaces/${namespace}/pods/${name}`
    const now = performance.now()
    if (pod.spec.nodeName !== undefined && !this.#placed.has(uid)) this.#placed.set(uid, now)
    const step = nextStep(pod, now - (this.#placed.get(uid) ?? now))
    switch (step.kind) {
      case 'nothing':
        return null
      case 'wait':
        return step.ms
      case 'place':
        return settled(
          await this.#api.request('POST', `${path}/binding`, {
            apiVersion: 'v1',
            kind: 'Binding',
            metadata: { name, namespace, uid },
            target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
          }),
        )
      case 'remove':
        return settled(
          await this.#api.request('DELETE', path, {
            apiVersion: 'v1',
            kind: 'DeleteOptions',
            gracePeriodSeconds: 0,
            preconditions: { uid },
          }),
        )
      case 'become': {
        const seconds = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
        const status = statusOf(pod, step.state, step.why, seconds, this.#nextAddress())
        return settled(
          await this.#api.request('PATCH', `${path}/status`, { metadata: { uid }, status }, strategicMerge),
        )
      }
    }
  }

  #nextAddress(): string {
    this.#addresses += 1
    return `10.200.${(this.#addresses >> 8) & 255}.${this.#addresses & 255}`
  }
}

/** As much of a Service as the stand-in looks at. */
interface Service {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly uid: string
    readonly annotations?: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
  }
  readonly spec: { readonly type?: string }
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } }
}

class ServiceKeeper extends Keeper<Service> {
  readonly #api: Api
  #addresses = 0

  constructor(api: Api) {
    super()
    this.#api = api
  }

  protected async act(service: Service): Promise<number | null> {
    const { name, namespace, uid, annotations, deletionTimestamp } = service.metadata
    const isBalanced = service.spec.type === 'LoadBalancer' && annotations?.[loadBalancerAnnotation] !== 'pending'
    const hasAddress = (service.status?.loadBalancer?.ingress ?? []).length > 0
    if (deletionTimestamp !== undefined || isBalanced === hasAddress) return null
    const ingress = isBalanced ? [{ ip: this.#nextAddress(), ipMode: 'VIP' }] : null
    const path = `/api/v1/namespaces/${namespace}/services/${name}/status`
    const patch = { metadata: { uid }, status: { loadBalancer: { ingress } } }
    return settled(await this.#api.request('PATCH', path, patch, jsonMerge))
  }

  /** A fresh address each time, as a cloud does: an address that was given back does not return. */
  #nextAddress(): string {
    this.#addresses += 1
    return `198.18.${(this.#addresses >> 8) & 255}.${this.#addresses & 255}`
  }
}

/** A refusal because the object is gone or newer is settled: the watch brings the news. */
function settled(answer: { readonly status: number; readonly body: unknown }): number | null {
  if (answer.status < 300 || answer.status === 404 || answer.status === 409) return null
  throw new Error(`${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`)
}

/** As much of a kubeconfig as `users.ts` writes. */
interface OwnKubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string }
  }[]
  readonly users: readonly { readonly user: { readonly token: string } }[]
}

async function main(path: string | undefined): Promise<void> {
  if (path === undefined) throw new Error('usage: kubelet.ts KUBECONFIG')
  const config = JSON.parse(await readFile(path, 'utf8')) as OwnKubeconfig // Written by users.ts.
  const cluster = config.clusters[0]?.cluster
  const token = config.users[0]?.user.token
  if (cluster === undefined || token === undefined) throw new Error(`${path} is not a kubeconfig of a test cluster`)
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString('utf8')
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort())
  await runKubelet(openApi(cluster.server, ca, token), stop.signal)
}

if (import.meta.main) await main(process.argv[2])
