// The revisions of a Deployment: its new ReplicaSet, the annotations that count them, and how many are kept.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf } from '@mainstay/core/object/object.ts'
import { changeAt, objectAt, textAt, wholeAt, withAt } from '../../../kinds/look.ts'
import { StatusError } from '../../../registry/status.ts'
import { equalJson } from '../../../verbs/equal.ts'
import type { Desk } from '../../controller.ts'
import { ownerReference } from '../claim.ts'
import { conditionsOf, withCondition } from '../conditions.ts'
import { note } from '../event.ts'
import { templateHash } from '../hash.ts'
import { controllerOf } from '../owned.ts'
import { isNamespaceGoing } from '../pod.ts'
import { MANAGER, writeStatus } from '../writer.ts'
import { annotatedNumber, DESIRED, MOST, maxSurge, newSize, REVISION, REVISION_HISTORY, replicasOf } from './amounts.ts'
import { condition, hasDeadline, progressOf, withConditions } from './status.ts'
import { HASH, type View, viewOf } from './view.ts'

const FROM = 'deployment-controller'
/** A history that is longer loses its beginning. */
const LONGEST_HISTORY = 2000

/** Annotations that a ReplicaSet does not get from its Deployment. */
const OWN = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED,
  MOST,
  'deprecated.deployment.rollback.to',
])

/** Brings the annotations of the new ReplicaSet and of the Deployment in step. True where something was written. */
export function syncRevision(desk: Desk, view: View): boolean {
  const { deployment, fresh } = view
  if (fresh === null) return false
  const wait = wholeAt(deployment, 'spec', 'minReadySeconds') ?? 0
  const annotated = annotatedSet(view, fresh)
  const waiting = wholeAt(fresh, 'spec', 'minReadySeconds') ?? 0
  if (!equalJson(annotated.metadata, fresh.metadata) || waiting !== wait) {
    desk.world.update(withAt(annotated, ['spec', 'minReadySeconds'], wait === 0 ? undefined : wait), MANAGER)
    return true
  }
  const revised = withRevision(deployment, annotationOf(fresh, REVISION) ?? '')
  const first = hasDeadline(deployment) && progressOf(deployment) === null
  const message = `Found new replica set "${fresh.metadata.name}"`
  const found = condition('Progressing', 'True', 'FoundNewReplicaSet', message, desk.now)
  const after = first ? withConditions(revised, withCondition(conditionsOf(revised), found)) : revised
  return writeStatus(desk.world, deployment, after)
}

/** Makes the ReplicaSet of the template. */
export function createFresh(desk: Desk, view: View): void {
  const { deployment } = view
  const revision = String(lastRevision(view.old) + 1)
  const planned = plannedSet(view, revision)
  const made = create(desk, view, planned)
  if (made === null) return
  const size = replicasOf(made)
  if (size > 0) {
    const message = `Scaled up replica set ${made.metadata.name} from 0 to ${size}`
    note(desk, { about: deployment, type: 'Normal', reason: 'ScalingReplicaSet', message, from: FROM })
  }
  const revised = withRevision(deployment, revision)
  const message = `Created new replica set "${made.metadata.name}"`
  const created = condition('Progressing', 'True', 'NewReplicaSetCreated', message, desk.now)
  const conditions = hasDeadline(deployment) ? withCondition(conditionsOf(revised), created) : conditionsOf(revised)
  writeStatus(desk.world, deployment, withConditions(revised, conditions))
}

function plannedSet(view: View, revision: string): KubeObject {
  const { deployment } = view
  const template = objectAt(deployment, 'spec', 'template')
  const hash = templateHash(template, wholeAt(deployment, 'status', 'collisionCount'))
  const labels = { ...objectAt(template, 'metadata', 'labels'), [HASH]: hash }
  const wait = wholeAt(deployment, 'spec', 'minReadySeconds') ?? 0
  const base: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name.slice(0, 253 - 1 - hash.length)}-${hash}`,
      namespace: textAt(deployment, 'metadata', 'namespace'),
      labels,
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: newSize(deployment, view.old, 0),
      ...(wait === 0 ? {} : { minReadySeconds: wait }),
      selector: changeAt(objectAt(deployment, 'spec', 'selector'), 'matchLabels', (match) => ({
        ...match,
        [HASH]: hash,
      })),
      template: withAt(template, ['metadata', 'labels'], labels),
    },
  }
  return withSizes(deployment, withSetRevision(withDeploymentAnnotations(deployment, base), revision))
}

/** The new ReplicaSet, or null where the status tells why there is none. */
function create(desk: Desk, view: View, planned: KubeObject): KubeObject | null {
  const { deployment } = view
  try {
    return desk.world.create(planned, MANAGER)
  } catch (error) {
    if (!(error instanceof StatusError) || isNamespaceGoing(error)) throw error
    if (error.body.reason === 'AlreadyExists') return taken(desk, deployment, planned, error)
    const message = `Failed to create new replica set "${planned.metadata.name}": ${error.message}`
    if (hasDeadline(deployment)) {
      const failed = condition('Progressing', 'False', 'ReplicaSetCreateError', message, desk.now)
      writeStatus(desk.world, deployment, withConditions(deployment, withCondition(conditionsOf(deployment), failed)))
    }
    note(desk, { about: deployment, type: 'Warning', reason: 'ReplicaSetCreateError', message, from: FROM })
    throw error
  }
}

/** The name is taken: by what is ours after all, or by something that needs another hash. */
function taken(desk: Desk, deployment: KubeObject, planned: KubeObject, error: StatusError): null {
  const namespace = textAt(deployment, 'metadata', 'namespace')
  const place = { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, name: planned.metadata.name }
  const found = desk.world.get(place)
  const ours = found !== null && controllerOf(found)?.uid === textAt(deployment, 'metadata', 'uid')
  if (ours && viewOf(deployment, [found]).fresh !== null) return null
  const count = (wholeAt(deployment, 'status', 'collisionCount') ?? 0) + 1
  writeStatus(desk.world, deployment, withAt(deployment, ['status', 'collisionCount'], count))
  throw error
}

/** Deletes ReplicaSets of long ago. */
export function forgetOld(desk: Desk, view: View): void {
  const limit = wholeAt(view.deployment, 'spec', 'revisionHistoryLimit')
  if (limit === null || limit === 2_147_483_647) return
  const alive = view.old.filter((each) => each.metadata.deletionTimestamp === undefined)
  const surplus = [...alive].sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, alive.length - limit))
  for (const each of surplus) {
    const seen = wholeAt(each, 'status', 'observedGeneration') ?? 0
    const empty = replicasOf(each) === 0 && (wholeAt(each, 'status', 'replicas') ?? 0) === 0
    if (!empty || (wholeAt(each, 'metadata', 'generation') ?? 0) > seen) continue
    const namespace = textAt(each, 'metadata', 'namespace')
    desk.world.delete({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, name: each.metadata.name })
  }
}

/** The revision of a ReplicaSet; 0 where it has none. */
function revisionOf(set: KubeObject): number {
  return annotatedNumber(set, REVISION) ?? 0
}

function lastRevision(sets: readonly KubeObject[]): number {
  return Math.max(0, ...sets.map(revisionOf))
}

function withRevision(deployment: KubeObject, revision: string): KubeObject {
  return withAnnotations(deployment, { [REVISION]: revision })
}

/** An object with more annotations. */
export function withAnnotations(object: KubeObject, more: JsonObject): KubeObject {
  const before = objectAt(object, 'metadata', 'annotations')
  const same = Object.entries(more).every(([key, value]) => before[key] === value)
  return same ? object : withAt(object, ['metadata', 'annotations'], { ...before, ...more })
}

/** The annotations of a ReplicaSet that is there: it may have become the newest again. */
function annotatedSet(view: View, fresh: KubeObject): KubeObject {
  return withSetRevision(withDeploymentAnnotations(view.deployment, fresh), String(lastRevision(view.old) + 1))
}

function withDeploymentAnnotations(deployment: KubeObject, set: KubeObject): KubeObject {
  const given = Object.entries(objectAt(deployment, 'metadata', 'annotations')).filter(([key]) => !OWN.has(key))
  return withAnnotations(set, Object.fromEntries(given))
}

function withSetRevision(set: KubeObject, revision: string): KubeObject {
  const before = annotationOf(set, REVISION) ?? ''
  if (before !== '' && !/^-?\d+$/.test(before)) return set
  if (Number(before) >= Number(revision)) return set
  const revised = withAnnotations(set, { [REVISION]: revision })
  return before === '' ? revised : withAnnotations(revised, { [REVISION_HISTORY]: historyOf(set, before) })
}

function historyOf(set: KubeObject, last: string): string {
  const earlier = (annotationOf(set, REVISION_HISTORY) ?? '').split(',').filter((each) => each !== '')
  const history = [...earlier, last]
  while (history.length > 1 && history.join(',').length > LONGEST_HISTORY) history.shift()
  return history.join(',')
}

/** A ReplicaSet that tells the size of its Deployment. */
export function withSizes(deployment: KubeObject, set: KubeObject): KubeObject {
  const wanted = replicasOf(deployment)
  return withAnnotations(set, { [DESIRED]: String(wanted), [MOST]: String(wanted + maxSurge(deployment)) })
}
