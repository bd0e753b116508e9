// Everything a plan is made from, gathered by the engine: values only, nothing that could be asked again.
import type { AppKey, Application, Tracking } from '../app/application.ts'
import type { Comparison } from '../compare/drift.ts'
import type { DesiredSet } from '../desired/desired.ts'
import type { ImpactFacts } from '../impact/impact.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { LiveSet } from '../live/live.ts'
import type { Digest } from '../object/digest.ts'
import type { KindTable } from '../object/kinds.ts'
import type { RefKey } from '../object/ref.ts'
import type { Finding } from '../policy/finding.ts'
import type { ClusterIdentity, Intent } from './plan.ts'

/** The limits and names that rules go by. */
export interface PolicySettings {
  /** More deletions than this in one plan need approval (rule R5). */
  readonly maxDeletes: number
  /** Deletions of more than this share of the application's objects need approval, in percent. */
  readonly maxDeletePercent: number
  /** How long a wait step waits, in seconds. */
  readonly waitTimeoutS: number
  /** How ownership is marked; it names the control plane's namespace, too. */
  readonly tracking: Tracking
}

/** What the brakes are set to where nobody configured them. */
export const DEFAULT_LIMITS = { maxDeletes: 10, maxDeletePercent: 30, waitTimeoutS: 600 } as const

/** How a file went from where the application reads. */
export interface Cause {
  /** The commit that removed it; null where none is known. */
  readonly commit: string | null
  /** Where a file with the same content came instead; null where none did. */
  readonly movedTo: string | null
}

/** The input of planning. Equal inputs give equal plans, byte for byte. */
export interface PlanInput {
  readonly application: Application
  /** Digest of the Application's spec. */
  readonly applicationDigest: string
  readonly intent: Intent
  readonly cluster: ClusterIdentity
  /** Empty for a deletion, from the trash for a restore. */
  readonly desired: DesiredSet
  readonly live: LiveSet
  readonly inventory: Inventory
  readonly kinds: KindTable
  readonly comparison: Comparison
  /** Which other application recorded each of the live uids as its own. */
  readonly owners: ReadonlyMap<string, AppKey>
  readonly facts: ImpactFacts
  /** How the files of objects went that Git no longer wants, where it is known. */
  readonly causes: ReadonlyMap<RefKey, Cause>
  /** What reading and building had to say. */
  readonly findings: readonly Finding[]
  readonly settings: PolicySettings
  readonly digest: Digest
}
