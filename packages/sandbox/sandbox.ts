// A Kubernetes API in memory: a `fetch` handler, and the objects behind it for whoever plays the controllers.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import type { Peer } from './access/authenticate.ts'
import { type AccessOptions, NOBODY, openGate } from './access/gate.ts'
import { furnishRoles } from './access/roles.ts'
import type { Controller } from './behaviours/controller.ts'
import { act } from './behaviours/run.ts'
import type { SandboxClock } from './clock.ts'
import { definitionBehaviour } from './crd/definition/behaviour.ts'
import { handle } from './http/handler.ts'
import { builtInResources } from './kinds/built-in.ts'
import { FieldsShare } from './ownership/share.ts'
import type { Admission } from './registry/admission.ts'
import type { Resource } from './registry/kind.ts'
import { openRegistry } from './registry/open.ts'
import { ChangeLog } from './store/log.ts'
import { randomFrom } from './store/random.ts'
import { type ResourceKey, resourceKey, Store } from './store/store.ts'
import { followDefinitions } from './verbs/definitions.ts'
import { DEFINITIONS } from './verbs/delete.ts'
import type { Cluster } from './verbs/target.ts'
import { openWorld, type World } from './world.ts'

/** What a sandbox is made of. */
export interface SandboxOptions {
  readonly clock: SandboxClock
  /** One seed, one run: uids and generated names follow from it. */
  readonly seed: string | number
  /** The kinds that it serves; all built-in ones where absent. */
  readonly resources?: readonly Resource[]
  /** Who acts in it; nobody where absent. */
  readonly controllers?: readonly Controller[]
  /** Who else has a say in writes (quotas, webhooks), in the order in which they are asked; nobody where absent. */
  readonly admission?: readonly Admission[]
  /** Who may come in, and what by Roles; where absent everybody is the administrator and nobody is asked. */
  readonly access?: AccessOptions
  /** How many changes are kept for watches and lists at older versions; fewer where their objects are large. */
  readonly compactAfter?: number
  /** Begins without the namespaces that every cluster has. */
  readonly empty?: boolean
}

/** A Kubernetes API. */
export interface Sandbox {
  /** Answers a request as the API server would; `peer` is whom TLS knows at the other end. */
  readonly fetch: (request: Request, peer?: Peer) => Promise<Response>
  /** The objects, for controllers and tests. */
  readonly world: World
  readonly clock: SandboxClock
  /** Everything as it is now, for `restore`; nothing that happens later changes it. */
  readonly snapshot: () => SandboxSnapshot
  /** A sandbox that goes on by itself from here, with a clock of its own where one is given. */
  readonly fork: (options?: { readonly clock?: SandboxClock }) => Sandbox
  /** Takes in objects of a live cluster as they are, with uid, resource version and managed fields. */
  readonly load: (objects: Iterable<KubeObject>) => void
  /** How many subjects the controllers have to look at as soon as time goes on; 0: they have done what they can now. */
  readonly waiting: () => number
  /** Ends the controllers; the sandbox still answers. */
  readonly close: () => void
}

/** A moment of a sandbox. */
export interface SandboxSnapshot {
  readonly revision: number
  /** A sandbox that goes on from that moment. */
  readonly restore: (options?: { readonly clock?: SandboxClock }) => Sandbox
}

/** About as many changes as the real server remembers of a busy cluster. */
const COMPACT_AFTER = 10_000

/** Namespaces that a cluster begins with. */
const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

/** Opens a sandbox. */
export function openSandbox(options: SandboxOptions): Sandbox {
  const log = new ChangeLog({ changes: options.compactAfter ?? COMPACT_AFTER }, 0)
  const store = new Store(randomFrom(options.seed), log, { revision: 0, objects: new Map() })
  const parts = {
    resources: options.resources ?? builtIn,
    controllers: options.controllers ?? [],
    admission: options.admission ?? [],
    access: options.access,
  }
  const sandbox = sandboxOf(store, options.clock, parts)
  if (options.empty !== true) furnish(sandbox, parts)
  return sandbox
}

/** What every cluster has from the beginning. */
function furnish({ world }: Sandbox, { resources, access }: Parts): void {
  const server = { manager: 'kube-apiserver' }
  for (const name of NAMESPACES) world.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, server)
  if (resources.some((each) => resourceKey(each) === '/services')) world.create(API_SERVICE, server)
  if (access !== undefined) furnishRoles(world)
}

/** The Service by which Pods find the API server. */
const API_SERVICE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'kubernetes',
    namespace: 'default',
    labels: { component: 'apiserver', provider: 'kubernetes' },
  },
  spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }] },
}

/** The built-in resources, definitions with what is done with them alone. */
const builtIn: readonly Resource[] = builtInResources.map((resource) =>
  resourceKey(resource) === DEFINITIONS ? { ...resource, behaviour: definitionBehaviour } : resource,
)

/** What a sandbox and its copies have in common. */
interface Parts {
  readonly resources: readonly Resource[]
  readonly controllers: readonly Controller[]
  readonly admission: readonly Admission[]
  readonly access: AccessOptions | undefined
}

function sandboxOf(store: Store, clock: SandboxClock, parts: Parts): Sandbox {
  const registry = openRegistry(parts.resources)
  const signing = parts.access === undefined ? {} : { sign: parts.access.sign }
  const cluster: Cluster = { store, registry, clock, admission: parts.admission, ...signing }
  const definitions = followDefinitions(cluster, registry)
  const world = openWorld(cluster)
  const acting = parts.controllers.length === 0 ? null : act({ world, clock, random: store.random }, parts.controllers)
  const gate = parts.access === undefined ? null : openGate(cluster, parts.access)
  const copy = (from: Store, other: SandboxClock | undefined): Sandbox => sandboxOf(from.fork(), other ?? clock, parts)
  return {
    fetch: (request, peer = NOBODY) =>
      gate === null ? handle(cluster, request) : gate(request, peer, (caller) => handle(cluster, request, caller)),
    world,
    clock,
    snapshot: () => {
      const kept = store.fork()
      return { revision: kept.revision, restore: (options) => copy(kept, options?.clock) }
    },
    fork: (options) => copy(store, options?.clock),
    load: (objects) => {
      const all = [...objects]
      // What a definition defines is known only once the definition is there.
      store.load(keyed(cluster, all.filter(isDefinition)))
      definitions.refresh()
      store.load(
        keyed(
          cluster,
          all.filter((object) => !isDefinition(object)),
        ),
      )
    },
    waiting: () => acting?.waiting() ?? 0,
    close: () => acting?.stop(),
  }
}

function isDefinition({ apiVersion, kind }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition' && parseApiVersion(apiVersion).group === 'apiextensions.k8s.io'
}

function* keyed(cluster: Cluster, objects: Iterable<KubeObject>): Generator<readonly [ResourceKey, KubeObject]> {
  const share = new FieldsShare()
  for (const object of objects) {
    const { group, version } = parseApiVersion(object.apiVersion)
    const resource = cluster.registry.byKind(group, object.kind)
    if (resource === null) throw new Error(`${object.apiVersion} ${object.kind} is not served here`)
    const keep = version === resource.storage ? object : resource.convert?.(object, resource.storage)
    yield [resourceKey(resource), share.of(keep ?? object)]
  }
}
