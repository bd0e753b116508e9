// What a cloud would add to the cluster: disks that keep their content until they are reclaimed, addresses of Ingresses, and
// DNS records that go with the object they were made for. Load balancers and binding are those of the shared cluster.
import { expect, vi } from 'vitest'
import { follow } from '../cluster/follow.ts'
import type { SharedCluster } from '../cluster/shared.ts'

/** As much of an object as the simulators look at. */
interface Simulated {
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly annotations?: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
  }
  readonly spec?: {
    readonly persistentVolumeReclaimPolicy?: string
    readonly rules?: readonly { readonly host?: string }[]
  }
  readonly status?: { readonly phase?: string; readonly loadBalancer?: { readonly ingress?: readonly unknown[] } }
}

/** The cloud of one namespace. */
export interface Cloud {
  /** Makes a volume that is reserved for a claim, with something on it. */
  readonly addDisk: (disk: Disk) => Promise<void>
  /** What is on a volume's disk; null when the disk is gone. */
  readonly contentOf: (volume: string) => string | null
  /** Host name → uid of the object it leads to, when DNS has heard of everything that is there now. */
  readonly records: () => Promise<Readonly<Record<string, string>>>
  readonly stop: () => Promise<void>
}

/** A volume to make. */
export interface Disk {
  readonly volume: string
  readonly claim: string
  readonly reclaim: 'Delete' | 'Retain'
  readonly content: string
}

const HOSTNAME = 'external-dns.alpha.kubernetes.io/hostname'

/** Starts the cloud of a namespace. */
export function openCloud(cluster: SharedCluster, namespace: string): Cloud {
  const stop = new AbortController()
  const disks = new Map<string, string>()
  const names = new Map<string, readonly string[]>()
  const dns = {
    changed: (object: Simulated) => void names.set(object.metadata.uid, hostsOf(object)),
    gone: (uid: string) => void names.delete(uid),
  }
  const ingresses = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`
  const sources = [ingresses, `/api/v1/namespaces/${namespace}/services`]
  const running = Promise.all([
    ...sources.map((path) => follow<Simulated>(cluster.api, path, dns, stop.signal)),
    follow<Simulated>(cluster.api, ingresses, ingressController(cluster, ingresses), stop.signal),
    follow<Simulated>(cluster.api, '/api/v1/persistentvolumes', reclaimer(cluster, disks), stop.signal),
  ])
  return {
    addDisk: async (disk) => {
      disks.set(disk.volume, disk.content)
      const made = await cluster.api.request('POST', '/api/v1/persistentvolumes', volumeOf(disk, namespace))
      expect(made.status, disk.volume).toBe(201)
    },
    contentOf: (volume) => disks.get(volume) ?? null,
    records: async () => {
      const heard = async (): Promise<boolean> => {
        const lists = await Promise.all(sources.map(async (path) => (await cluster.api.request('GET', path)).body))
        const live = lists.flatMap((list) => (list as { readonly items: readonly Simulated[] }).items)
        return live.length === names.size && live.every((object) => names.has(object.metadata.uid))
      }
      await vi.waitUntil(heard, { timeout: 10_000, interval: 20 })
      return Object.fromEntries([...names].flatMap(([uid, hosts]) => hosts.map((host) => [host, uid])))
    },
    stop: async () => {
      stop.abort()
      await running
    },
  }
}

function hostsOf({ metadata, spec }: Simulated): readonly string[] {
  const annotated = metadata.annotations?.[HOSTNAME]
  const ruled = (spec?.rules ?? []).flatMap((rule) => rule.host ?? [])
  return annotated === undefined ? ruled : [...ruled, annotated]
}

/** Gives each Ingress the address of the one proxy behind all of them. */
function ingressController(cluster: SharedCluster, path: string): Parameters<typeof follow<Simulated>>[2] {
  const status = { loadBalancer: { ingress: [{ ip: '198.19.0.1' }] } }
  return {
    changed: ({ metadata, status: now }) => {
      if (metadata.deletionTimestamp !== undefined || now?.loadBalancer?.ingress !== undefined) return
      const patch = { metadata: { uid: metadata.uid }, status }
      const type = 'application/merge-patch+json'
      cluster.api.request('PATCH', `${path}/${metadata.name}/status`, patch, type).catch(() => undefined) // At the end of a run.
    },
    gone: () => undefined,
  }
}

/** Does what a storage driver does with a released volume of the policy Delete: the disk goes, with what is on it. */
function reclaimer(cluster: SharedCluster, disks: Map<string, string>): Parameters<typeof follow<Simulated>>[2] {
  return {
    changed: ({ metadata, spec, status }) => {
      const ours = disks.has(metadata.name) && metadata.deletionTimestamp === undefined
      if (!ours || status?.phase !== 'Released' || spec?.persistentVolumeReclaimPolicy !== 'Delete') return
      disks.delete(metadata.name)
      cluster.api.request('DELETE', `/api/v1/persistentvolumes/${metadata.name}`).catch(() => undefined) // At the end of a run.
    },
    gone: () => undefined,
  }
}

function volumeOf({ volume, claim, reclaim }: Disk, namespace: string): unknown {
  const driver = 'disks.example.com'
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    // Somebody outside the cluster's own controllers reclaims it.
    metadata: { name: volume, annotations: { 'pv.kubernetes.io/provisioned-by': driver } },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: reclaim,
      storageClassName: '',
      claimRef: { namespace, name: claim },
      csi: { driver, volumeHandle: volume },
    },
  }
}
