// Opens the cluster that an application goes to, from the contexts of the kubeconfig, and keeps it for the session.
import type { Application, Destination } from '@mainstay/core/app/application.ts'
import { openCache } from '../cluster/cache.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import type { LoadOptions } from '../cluster/kubeconfig.ts'
import { listContexts, loadCluster } from '../cluster/kubeconfig.ts'
import type { SchemaStore } from '../cluster/openapi.ts'
import type { Transport } from '../cluster/transport.ts'
import { openTransport } from '../cluster/transport.ts'
import { KubernetesTarget } from '../execute/kubernetes.ts'
import { FaultError } from '../fault.ts'
import { KubernetesReader } from './kubernetes.ts'
import type { Connection } from './parts.ts'
import { WatchedCluster } from './watched.ts'

/** The address by which Argo CD's manifests name the cluster that they are in themselves. */
const IN_CLUSTER_SERVER = 'https://kubernetes.default.svc'
const IN_CLUSTER_NAME = 'in-cluster'

/** Connections of one session, opened when first needed. */
export class Connections {
  readonly #options: LoadOptions
  readonly #schemas: SchemaStore | null
  readonly #watch: boolean
  readonly #watched: WatchedCluster[] = []
  readonly #open = new Map<string, Promise<Connection>>()
  readonly #transports: Transport[] = []

  /** @param watch keep what was looked at once up to date by watches: for sessions that live on */
  constructor(options: LoadOptions, schemas: SchemaStore | null, watch: boolean) {
    this.#options = options
    this.#watch = watch
    this.#schemas = schemas
  }

  /** The chosen context: the cluster that holds Applications, and the destination of "in-cluster". */
  controlPlane(signal?: AbortSignal): Promise<Connection> {
    return this.#connection('', () => loadCluster(this.#options), signal)
  }

  /** True where there is any kubeconfig, or this process runs in a pod: whether its cluster can be reached is not asked. */
  async isConfigured(): Promise<boolean> {
    const { context, kubeconfig, env = process.env } = this.#options
    // Whoever names one means it: that it is not there is a fault, not a cluster less.
    if (context !== undefined || kubeconfig !== undefined || (env.KUBECONFIG ?? '') !== '') return true
    if (env.KUBERNETES_SERVICE_HOST !== undefined) return true
    return (await listContexts(this.#options)).length > 0
  }

  /**
   * The cluster of a destination. `in-cluster` is the chosen context; another server or name must be found among the
   * contexts. Nothing is guessed: a destination that no context knows is a fault that lists the known ones.
   */
  async connect(application: Application, signal?: AbortSignal): Promise<Connection> {
    const { destination } = application
    if (isInCluster(destination)) return this.controlPlane(signal)
    const chosen = await loadCluster(this.#options)
    if (answersTo(chosen, destination, null)) return this.controlPlane(signal)
    const known: string[] = []
    for (const each of await listContexts(this.#options)) {
      const config = await loadCluster({ ...this.#options, context: each.name })
      if (answersTo(config, destination, each.cluster)) return this.#connection(each.name, async () => config, signal)
      known.push(`${each.name} (${config.server})`)
    }
    throw unknownDestination(destination, known)
  }

  async close(): Promise<void> {
    await Promise.all(this.#watched.map((watched) => watched.close()))
    await Promise.all(this.#transports.map((transport) => transport.close()))
  }

  /** Requests sent to all clusters of the session so far. */
  requests(): number {
    return this.#transports.reduce((sum, transport) => sum + transport.counts().total, 0)
  }

  #follow(transport: Transport, reader: KubernetesReader): WatchedCluster {
    const watched = new WatchedCluster(openCache(transport, (options) => reader.kinds(options)))
    this.#watched.push(watched)
    return watched
  }

  #connection(key: string, load: () => Promise<ClusterConfig>, signal?: AbortSignal): Promise<Connection> {
    const known = this.#open.get(key)
    if (known !== undefined) return known
    const opened = load().then((config) => this.#openTransport(config, signal))
    this.#open.set(key, opened)
    // A failed attempt is not kept: the next request tries again.
    opened.catch(() => this.#open.delete(key))
    return opened
  }

  async #openTransport(config: ClusterConfig, signal?: AbortSignal): Promise<Connection> {
    const transport = openTransport(config)
    this.#transports.push(transport)
    const reader = new KubernetesReader(transport, this.#schemas)
    const options = signal === undefined ? {} : { signal }
    const [identity, kinds] = await Promise.all([reader.identity(signal), reader.kinds({ fresh: false, ...options })])
    const target = new KubernetesTarget(transport, (fresh) => reader.kinds({ fresh }))
    return { reader, watched: this.#watch ? this.#follow(transport, reader) : null, target, identity, kinds }
  }
}

function isInCluster(destination: Destination): boolean {
  return destination.kind === 'server' ? destination.server === IN_CLUSTER_SERVER : destination.name === IN_CLUSTER_NAME
}

function answersTo(config: ClusterConfig, destination: Destination, clusterName: string | null): boolean {
  if (destination.kind === 'server') return sameServer(config.server, destination.server)
  return destination.name === config.name || destination.name === clusterName
}

/** Addresses are compared as URLs: case of the host and a default port do not make another cluster. */
function sameServer(a: string, b: string): boolean {
  return (
    URL.canParse(a) && URL.canParse(b) && new URL(a).href.replace(/\/+$/, '') === new URL(b).href.replace(/\/+$/, '')
  )
}

function unknownDestination(destination: Destination, known: readonly string[]): FaultError {
  const [field, value] =
    destination.kind === 'server'
      ? (['spec.destination.server', destination.server] as const)
      : (['spec.destination.name', destination.name] as const)
  return new FaultError({
    kind: 'not-found',
    what: `no context of the kubeconfig leads to the cluster ${value}`,
    where: field,
    why: known.length === 0 ? 'there is no context' : `known: ${known.join(', ')}`,
    fix: [`Add a context for it, or write ${IN_CLUSTER_SERVER} for the chosen context.`],
  })
}
