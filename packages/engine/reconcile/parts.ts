// What a session is made of: the open ports that its methods share.
import type { Application, Tracking } from '@mainstay/core/app/application.ts'
import type { KindTable } from '@mainstay/core/object/kinds.ts'
import type { ClusterIdentity } from '@mainstay/core/plan/plan.ts'
import type { ExecuteTarget } from '../execute/target.ts'
import type { Clock, ClusterReader, RecordStore } from '../ports.ts'
import type { Limits } from './planning.ts'
import type { RecentAnswers } from './recent.ts'
import type { RenderedApplication, RenderHow } from './rendered.ts'
import type { WatchedCluster } from './watched.ts'

/** A destination cluster, connected. */
export interface Connection {
  readonly reader: ClusterReader
  readonly watched: WatchedCluster | null
  readonly target: ExecuteTarget
  readonly identity: ClusterIdentity
  readonly kinds: KindTable
}

/** A repository, and the project whose access it is read with. */
export interface RepositoryPlace {
  readonly repoURL: string
  readonly project: string
}

/** The ports and settings of one session. */
export interface SessionParts {
  readonly records: RecordStore
  readonly recent: RecentAnswers
  readonly clock: Clock
  readonly limits: Limits
  /** The cluster an application goes to; kept open for the session. */
  readonly connect: (application: Application, signal?: AbortSignal) => Promise<Connection>
  /** The cluster that holds Applications and settings. */
  readonly controlPlane: (signal?: AbortSignal) => Promise<Connection>
  /** How ownership is marked in this installation. */
  readonly tracking: () => Promise<Tracking>
  /** The commit between two that removed a file of a repository; null where none did. */
  readonly removedIn: (place: RepositoryPlace, path: string, from: string, to: string) => Promise<string | null>
  /** Files that moved between two commits of a repository unchanged: old path to new. */
  readonly moved: (place: RepositoryPlace, from: string, to: string) => Promise<ReadonlyMap<string, string>>
  /** Renders all sources; `revisions` overrides each source's targetRevision by position. */
  readonly render: (
    application: Application,
    tracking: Tracking,
    revisions: readonly (string | null)[],
    how: RenderHow,
  ) => Promise<RenderedApplication>
}
