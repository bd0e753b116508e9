// The parts of a session over any cluster and any records, with a Git that stands at one commit.
import { DEFAULT_TRACKING } from '@mainstay/core/app/tracking.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import { DEFAULT_LIMITS } from '@mainstay/core/plan/input.ts'
import { applicationManifest } from '@mainstay/core/testing/examples.ts'
import type { Clock, ClusterReader, RecordStore } from '../../ports.ts'
import { sha256 } from '../../reconcile/digest.ts'
import { readSpec } from '../../reconcile/load.ts'
import type { SessionParts } from '../../reconcile/parts.ts'
import { RecentAnswers } from '../../reconcile/recent.ts'
import type { RenderedApplication } from '../../reconcile/rendered.ts'
import type { LoadedApplication } from '../../reconcile/session.ts'
import type { ExecuteTarget } from '../target.ts'
import { CLUSTER } from './memory-reader.ts'

/** What Git holds at one commit, and the spec of the Application that points there. */
export interface Commit {
  readonly name: string
  readonly manifests: readonly JsonObject[]
  /** Parts of the Application's spec, name and namespace. */
  readonly spec?: JsonObject
  readonly metadata?: JsonObject
}

/** What `partsOf` puts together. */
export interface PartsInput {
  readonly target: ExecuteTarget
  readonly reader: ClusterReader
  readonly records: RecordStore
  readonly clock: Clock
  readonly commit: Commit
}

/** The parts of a session whose Git stands at one commit. */
export function partsOf({ target, reader, records, clock, commit }: PartsInput): SessionParts {
  const connect = async () => ({ reader, target, watched: null, identity: CLUSTER, kinds: await reader.kinds(FRESH) })
  return {
    records,
    clock,
    limits: DEFAULT_LIMITS,
    recent: new RecentAnswers(clock),
    connect,
    controlPlane: connect,
    tracking: () => Promise.resolve(DEFAULT_TRACKING),
    removedIn: () => Promise.resolve(null),
    moved: () => Promise.resolve(new Map()),
    render: () => Promise.resolve(rendered(commit)),
  }
}

const FRESH = { fresh: true } as const

/** The Application as a commit finds it. */
export function loadedAt({ spec, metadata }: Commit): LoadedApplication {
  return readSpec(applicationManifest(spec, metadata), 'app.yaml:1')
}

function rendered({ name, manifests }: Commit): RenderedApplication {
  const documents = manifests.map((value, at) => {
    const file = `apps/${stringAt(value, 'metadata', 'name') ?? 'unnamed'}.yaml`
    return { value, origin: { file, document: at + 1, line: 1 } }
  })
  const commit = sha256(name).slice(0, 40)
  const revision = { commit, subject: name, author: 'Ana', committedAt: '2026-02-01T09:00:00Z' }
  return { documents, revisions: [revision], findings: [], kept: false }
}
