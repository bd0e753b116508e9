// Puts together what says how repositories are reached: records of this machine, and a control plane where there is one.
import type { Clock, ClusterReader, RecordStore } from '../ports.ts'
import { WrittenAccesses } from './accesses.ts'
import { ControlPlaneRepositories } from './control-plane.ts'
import { repositoryProbe } from './probe.ts'
import { type Probe, Repositories } from './repositories.ts'

/** How long what the control plane says is taken for true: a Secret that changes is seen by a long session. */
const MAX_AGE_MS = 30_000

/** What it is made of. Nothing is read before a repository on a server is asked for. */
export interface RepositoryParts {
  readonly records: RecordStore
  /** The cluster that holds Argo CD's objects; null where there is none. */
  readonly reader: () => Promise<Pick<ClusterReader, 'list' | 'get'> | null>
  readonly namespace: string
  readonly clock: Clock
  /** In place of asking the repository itself. */
  readonly probe?: Probe
}

/** The two sides of it: what sources ask, and what people ask. */
export function openRepositories({ records, reader, namespace, clock, probe }: RepositoryParts): {
  readonly accesses: WrittenAccesses
  readonly repositories: Repositories
} {
  const controlPlane = new ControlPlaneRepositories({ reader, namespace, clock, maxAgeMs: MAX_AGE_MS })
  const accesses = new WrittenAccesses({ records, controlPlane, clock })
  const ask = probe ?? repositoryProbe(clock)
  return { accesses, repositories: new Repositories({ records, controlPlane, accesses, probe: ask }) }
}
