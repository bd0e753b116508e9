// Reads a compared world back as what people look at: state by object, both sides of a diff, manifests. Secrets masked.
import type { Drift, DryRun } from '@mainstay/core/compare/drift.ts'
import { aggregate } from '@mainstay/core/health/aggregate.ts'
import type { Health } from '@mainstay/core/health/health.ts'
import { healthOf, ignoresHealth } from '@mainstay/core/health/of.ts'
import type { Mask } from '@mainstay/core/object/digest.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { uidOf } from '@mainstay/core/object/object.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import { maskSecret } from '@mainstay/core/object/secret.ts'
import type { World } from './planning.ts'
import type { AppState, ObjectDiff, ResourceState } from './session.ts'

/** The state of an application, from its compared world. */
export function stateOf(world: World): AppState {
  const resources = world.comparison.drifts.filter((drift) => drift.kind !== 'foreign').map(resourceState)
  return {
    loaded: world.loaded,
    cluster: world.cluster,
    revisions: world.wanted.set.revisions,
    sync: syncOf(resources),
    health: aggregate(resources.map(namedHealth)),
    resources,
    findings: [...world.loaded.findings, ...world.wanted.findings],
  }
}

function resourceState(drift: Drift): ResourceState {
  const live = 'live' in drift ? drift.live : null
  const wave = 'desired' in drift ? (drift.desired?.wave ?? 0) : (drift.recorded?.wave ?? 0)
  return {
    ref: drift.ref,
    sync: drift.kind === 'same' ? 'Synced' : drift.kind === 'unseen' ? 'Unknown' : 'OutOfSync',
    health: healthOfDrift(drift, live),
    wave,
    requiresPruning: drift.kind === 'surplus',
    uid: live === null ? null : uidOf(live),
  }
}

function healthOfDrift(drift: Drift, live: KubeObject | null): Health | null {
  if (drift.kind === 'missing') return { status: 'Missing', message: 'it is in Git but not in the cluster' }
  if (drift.kind === 'unseen') return { status: 'Unknown', message: drift.reason }
  if (live === null || ignoresHealth(live)) return null
  return healthOf(live)
}

/** The object's health with its name in the reason, so that the application's reason says whose it is. */
function namedHealth({ ref, health }: ResourceState): Health | null {
  if (health === null) return null
  const name = `${ref.kind}/${ref.name}`
  return { status: health.status, message: health.message === '' ? name : `${name}: ${health.message}` }
}

function syncOf(resources: readonly ResourceState[]): AppState['sync'] {
  if (resources.some((each) => each.sync === 'Unknown')) return 'Unknown'
  return resources.some((each) => each.sync === 'OutOfSync') ? 'OutOfSync' : 'Synced'
}

/** Both sides of every object. The desired side of a change is the API server's own prediction where it gave one. */
export function diffOf(world: World, mask: Mask): readonly ObjectDiff[] {
  return world.comparison.drifts.map((drift) => ({
    ref: drift.ref,
    kind: drift.kind,
    live: 'live' in drift ? shown(drift.live, mask) : null,
    desired: 'desired' in drift && drift.desired !== null ? desiredSide(drift, world, mask) : null,
    changes: drift.kind === 'changed' ? drift.changes : [],
  }))
}

function desiredSide(drift: Extract<Drift, { desired: unknown }>, world: World, mask: Mask): KubeObject | null {
  if (drift.desired === null) return null
  if (drift.kind === 'same') return shown(drift.live, mask)
  const answer: DryRun | undefined = world.dryRuns.get(refKey(drift.ref))
  if (drift.kind === 'changed' && answer?.kind === 'accepted') return shown(answer.object, mask)
  return shown(drift.desired.manifest, mask)
}

/** Metadata that only the server writes: it tells a reader nothing about intent. */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
])

/** An object as people compare it: masked, without status and server bookkeeping. */
export function shown(object: KubeObject, mask: Mask): KubeObject {
  const masked = maskSecret(object, mask)
  const metadata = Object.fromEntries(Object.entries(masked.metadata).filter(([key]) => !BOOKKEEPING.has(key)))
  const annotations = isObject(metadata.annotations) ? withoutLastApplied(metadata.annotations) : undefined
  const { status: _, ...rest } = masked
  return {
    ...rest,
    apiVersion: masked.apiVersion,
    kind: masked.kind,
    metadata: { ...metadata, ...(annotations === undefined ? {} : { annotations }), name: masked.metadata.name },
  }
}

function withoutLastApplied(annotations: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration'),
  )
}
