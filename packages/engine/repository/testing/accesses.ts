// What the tests of accesses stand on: records in memory, a control plane of objects.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { FaultError } from '../../fault.ts'
import type { AccessKind, Clock, ClusterReader } from '../../ports.ts'
import { WrittenAccesses } from '../accesses.ts'
import { ControlPlaneRepositories } from '../control-plane.ts'
import type { AccessRecords } from '../kept.ts'

/** Records of accesses that live as long as the test. */
export function memoryRecords(): AccessRecords {
  const all = new Map<AccessKind, Map<string, JsonObject>>()
  const of = (kind: AccessKind) => {
    const known = all.get(kind) ?? new Map<string, JsonObject>()
    all.set(kind, known)
    return known
  }
  return {
    putAccess: async (kind, name, value) => {
      of(kind).set(name, value)
    },
    removeAccess: async (kind, name) => of(kind).delete(name),
    accesses: async (kind) =>
      [...of(kind)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => ({ name, value })),
  }
}

/** A control plane that a test fills, breaks and counts the questions of. */
export class TestControlPlane implements Pick<ClusterReader, 'list' | 'get'> {
  objects: readonly KubeObject[] = []
  failing: FaultError | null = null
  asked = 0

  async list(): Promise<readonly KubeObject[]> {
    this.#ask()
    return this.objects.filter((each) => each.kind === 'Secret')
  }

  async get({ ref }: Parameters<ClusterReader['get']>[0]): Promise<KubeObject | null> {
    this.#ask()
    return this.objects.find((each) => each.kind === ref.kind && each.metadata.name === ref.name) ?? null
  }

  #ask(): void {
    this.asked++
    if (this.failing !== null) throw this.failing
  }
}

/** Everything that a test of accesses needs. */
export interface AccessBed {
  readonly records: AccessRecords
  readonly plane: TestControlPlane
  readonly controlPlane: ControlPlaneRepositories
  readonly accesses: WrittenAccesses
  readonly clock: Clock & { move(ms: number): void }
}

export function accessBed(): AccessBed {
  let now = Date.parse('2026-03-01T12:00:00Z')
  const clock = {
    now: () => now,
    sleep: () => Promise.reject(new Error('nothing here waits')),
    move: (ms: number) => {
      now += ms
    },
  }
  const records = memoryRecords()
  const plane = new TestControlPlane()
  const place = { reader: async () => plane, namespace: 'argocd', clock, maxAgeMs: 60_000 }
  const controlPlane = new ControlPlaneRepositories(place)
  return { records, plane, controlPlane, clock, accesses: new WrittenAccesses({ records, controlPlane, clock }) }
}

/** A list that this user may not ask for. */
export const FORBIDDEN = new FaultError({ kind: 'forbidden', what: 'cannot list Secrets in argocd', where: '/api/v1' })

/** The two ConfigMaps about hosts. */
export function trustOf(knownHosts: string, certificates: Readonly<Record<string, string>> = {}): KubeObject[] {
  const config = (name: string, data: JsonObject) => ({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'argocd' }, data },
  })
  return [
    config('argocd-ssh-known-hosts-cm', { ssh_known_hosts: knownHosts }),
    config('argocd-tls-certs-cm', certificates),
  ]
}
