// StatefulSets: Pods with ordinals, made and exchanged one after another, each with its own claims.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { has, objectAt, textAt, wholeAt } from '../../../kinds/look.ts'
import { StatusError } from '../../../registry/status.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../../controller.ts'
import { claim } from '../claim.ts'
import { note } from '../event.ts'
import { recordHash } from '../hash.ts'
import { controllerOf, openLookup, ownedPods, ownedRevisions, ownerSubjects } from '../owned.ts'
import { isAvailable, isFinished, isReady, makePod, nextAvailable, phaseOf } from '../pod.ts'
import { createRecord, dataOf, forgetRecords, isOf, numberOf, renumber, sorted, templateIn } from '../record.ts'
import { withoutZeros, writeStatus } from '../writer.ts'
import { makeClaims, settleClaims } from './claims.ts'
import { memberOf, ordinalOf, revisionOf, startOf } from './member.ts'

const FROM = 'statefulset-controller'
/** At most so many Pods are made in one look. */
const BURST = 500

const setsIn = openLookup('apps/statefulsets', (object) => [textAt(object, 'metadata', 'namespace')])

/** Keeps StatefulSets. */
export const statefulSetController: Controller = {
  name: 'statefulset',
  follows: [
    // Not its ControllerRevisions: they are made anew when something else happens, as the real controller does it. Else the
    // collector would take them away, and this would make them again, as long as a set is being deleted in the foreground.
    { resource: 'apps/statefulsets', subjects: (object) => [subjectOf(object)] },
    {
      resource: '/pods',
      subjects: (pod, { world }) =>
        controllerOf(pod) === null
          ? setsIn(world, textAt(pod, 'metadata', 'namespace'))
              .filter((set) => ordinalOf(set, pod) >= 0)
              .map(subjectOf)
          : ownerSubjects(pod, 'apps/v1', 'StatefulSet'),
    },
  ],
  reconcile: (subject, desk) => {
    const set = desk.world.get({ apiVersion: 'apps/v1', kind: 'StatefulSet', ...placeOf(subject) })
    return set === null ? null : reconcile(set, desk)
  },
}

/** What a look at a StatefulSet works with. */
interface Look {
  readonly set: KubeObject
  readonly desk: Desk
  readonly pods: readonly KubeObject[]
  /** The record of the template as it is now, and the one that Pods had before. */
  readonly update: KubeObject
  readonly current: KubeObject
  readonly collisions: number
}

function reconcile(set: KubeObject, desk: Desk): number | null {
  const pods = claim(desk, set, ownedPods, { adopts: (pod) => ordinalOf(set, pod) >= 0 })
  const records = sorted(claim(desk, set, ownedRevisions))
  const named = record(set, records, desk)
  const current = records.find((each) => each.metadata.name === textAt(set, 'status', 'currentRevision'))
  const look: Look = {
    set,
    desk,
    pods,
    update: named.record,
    current: current ?? named.record,
    collisions: named.collisions,
  }
  let failed: StatusError | null = null
  try {
    if (!isTerminating(set)) manage(look)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    failed = error
  }
  writeStatus(desk.world, set, { ...set, status: statusOf(look) })
  forget(look, records)
  if (failed !== null) throw failed
  return nextAvailable(pods, waitOf(set), desk.now)
}

/** The record of the template as it is now: the last one, an earlier one that counts again, or a new one. */
function record(
  set: KubeObject,
  records: readonly KubeObject[],
  { world }: Desk,
): { readonly record: KubeObject; readonly collisions: number } {
  const equal = records.filter((each) => isOf(each, set)).at(-1)
  const latest = records.at(-1)
  const next = (latest === undefined ? 0 : numberOf(latest)) + 1
  let collisions = wholeAt(set, 'status', 'collisionCount') ?? 0
  if (equal !== undefined) {
    return { record: equal === latest ? equal : renumber(world, equal, next), collisions }
  }
  for (;;) {
    const hash = recordHash(dataOf(set), collisions)
    const name = `${set.metadata.name.slice(0, 223)}-${hash}`
    const namespace = textAt(set, 'metadata', 'namespace')
    const taken = world.get({ apiVersion: 'apps/v1', kind: 'ControllerRevision', namespace, name })
    if (taken === null) {
      return { record: createRecord(world, set, name, { 'controller.kubernetes.io/hash': hash }, next), collisions }
    }
    collisions += 1
  }
}

function forget({ set, desk, pods, update, current }: Look, records: readonly KubeObject[]): void {
  const live = new Set([update.metadata.name, current.metadata.name, ...pods.map(revisionOf)])
  const unused = records.filter((each) => !live.has(each.metadata.name))
  const limit = wholeAt(set, 'spec', 'revisionHistoryLimit') ?? 10
  forgetRecords(desk.world, unused, unused.length - limit)
}

function sizeOf(set: KubeObject): number {
  return wholeAt(set, 'spec', 'replicas') ?? 0
}

function waitOf(set: KubeObject): number {
  return wholeAt(set, 'spec', 'minReadySeconds') ?? 0
}

function isOrdered(set: KubeObject): boolean {
  return textAt(set, 'spec', 'podManagementPolicy') !== 'Parallel'
}

function isWell(look: Look, pod: KubeObject): boolean {
  return phaseOf(pod) === 'Running' && isReady(pod) && isAvailable(pod, waitOf(look.set), look.desk.now)
}

function isMissed(look: Look, pod: KubeObject | null): boolean {
  return pod === null || isTerminating(pod) || !isAvailable(pod, waitOf(look.set), look.desk.now)
}

/** Makes the Pods that are missing, then takes away those that are too many, then those of an earlier template. */
function manage(look: Look): void {
  const { set, pods } = look
  const [start, size] = [startOf(set), sizeOf(set)]
  const members = membersOf(set, pods)
  let made = 0
  // As far as there are Pods or a look makes some: the size is a wish, and may be any number.
  for (let at = 0; at < size && made < BURST; at++) {
    const pod = members.get(start + at) ?? null
    if (pod === null) made += 1
    if (keep(look, pod, start + at) && isOrdered(set)) return
  }
  const wanted = new Set(members.values())
  const surplus = pods
    .filter((pod) => ordinalOf(set, pod) >= 0 && !wanted.has(pod))
    .sort((a, b) => ordinalOf(set, b) - ordinalOf(set, a))
  for (const pod of surplus) settleClaims(look.desk, set, pod, ordinalOf(set, pod))
  if (condemn(look, surplus)) return
  exchange(look, members)
}

/** The Pods that are there and wanted, by their ordinals. */
function membersOf(set: KubeObject, pods: readonly KubeObject[]): ReadonlyMap<number, KubeObject> {
  const [start, size] = [startOf(set), sizeOf(set)]
  const members = new Map<number, KubeObject>()
  for (const pod of pods) {
    const ordinal = ordinalOf(set, pod)
    if (ordinal >= start && ordinal < start + size && !members.has(ordinal)) members.set(ordinal, pod)
  }
  return members
}

/** Keeps one Pod. True where the next one has to wait for it. */
function keep(look: Look, pod: KubeObject | null, ordinal: number): boolean {
  const { set, desk } = look
  if (pod === null) {
    create(look, ordinal)
    return true
  }
  if (isFinished(pod)) {
    if (!isTerminating(pod)) remove(look, pod)
    return true
  }
  if (phaseOf(pod) === 'Pending') makeClaims(desk, set, ordinal)
  if (isTerminating(pod) || !isWell(look, pod)) return true
  settleClaims(desk, set, pod, ordinal)
  return false
}

function create(look: Look, ordinal: number): void {
  const { set, desk } = look
  const source = isOfBefore(look, ordinal) ? look.current : look.update
  const pod = memberOf(set, templateIn(source), source.metadata.name, ordinal)
  try {
    makeClaims(desk, set, ordinal)
    const made = makePod(desk, pod)
    settleClaims(desk, set, made, ordinal)
    say(look, 'Create', pod.metadata.name, null)
  } catch (error) {
    if (error instanceof StatusError && error.body.reason !== 'AlreadyExists') {
      say(look, 'Create', pod.metadata.name, error)
    }
    throw error
  }
}

/** True for a Pod that is made again as it was: it stands before those that may change. */
function isOfBefore({ set }: Look, ordinal: number): boolean {
  const strategy = objectAt(set, 'spec', 'updateStrategy')
  const start = startOf(set)
  if (has(strategy, 'rollingUpdate')) return ordinal < start + (wholeAt(strategy, 'rollingUpdate', 'partition') ?? 0)
  const kept = wholeAt(set, 'status', 'currentReplicas') ?? 0
  return textAt(strategy, 'type') === 'RollingUpdate' && ordinal < start + kept
}

/** Takes Pods away that are too many, the last first. True where something has to be waited for. */
function condemn(look: Look, surplus: readonly KubeObject[]): boolean {
  const ordered = isOrdered(look.set)
  // In order, those that are wanted are all well by now.
  const missed = [...surplus].reverse().find((each) => isMissed(look, each))
  let waits = false
  for (const pod of surplus) {
    if (isTerminating(pod)) {
      if (ordered) return true
      continue
    }
    if (ordered && !isWell(look, pod) && pod !== missed) return true
    remove(look, pod)
    if (ordered) return true
    waits = true
  }
  return waits
}

/** Deletes the last Pod of an earlier template, once all after it are well. */
function exchange(look: Look, members: ReadonlyMap<number, KubeObject>): void {
  const { set, update } = look
  if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return
  const first = wholeAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0
  for (let at = sizeOf(set) - 1; at >= first; at--) {
    const pod = members.get(startOf(set) + at) ?? null
    if (pod !== null && revisionOf(pod) !== update.metadata.name && !isTerminating(pod)) {
      remove(look, pod)
      return
    }
    if (isMissed(look, pod)) return
  }
}

function remove(look: Look, pod: KubeObject): void {
  const { name } = pod.metadata
  const namespace = textAt(pod, 'metadata', 'namespace')
  look.desk.world.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name })
  say(look, 'Delete', name, null)
}

function say({ set, desk }: Look, verb: 'Create' | 'Delete', pod: string, error: StatusError | null): void {
  const what = `${verb} Pod ${pod} in StatefulSet ${set.metadata.name}`
  const said =
    error === null
      ? ({ type: 'Normal', reason: `Successful${verb}`, message: `${what} successful` } as const)
      : ({ type: 'Warning', reason: `Failed${verb}`, message: `${what} failed error: ${error.message}` } as const)
  note(desk, { ...said, about: set, from: FROM })
}

function statusOf(look: Look): JsonObject {
  const { set, pods, update, current, collisions } = look
  const staying = pods.filter((pod) => !isTerminating(pod))
  const made = (record: KubeObject): number => staying.filter((pod) => revisionOf(pod) === record.metadata.name).length
  const ready = pods.filter((pod) => phaseOf(pod) === 'Running' && isReady(pod)).length
  const size = sizeOf(set)
  const rolling = textAt(set, 'spec', 'updateStrategy', 'type') === 'RollingUpdate'
  const done = rolling && made(update) === size && ready === size && pods.length === size
  return withoutZeros(
    {
      observedGeneration: wholeAt(set, 'metadata', 'generation') ?? 0,
      replicas: pods.length,
      readyReplicas: ready,
      availableReplicas: pods.filter((pod) => isWell(look, pod)).length,
      currentReplicas: made(done ? update : current),
      updatedReplicas: made(update),
      currentRevision: (done ? update : current).metadata.name,
      updateRevision: update.metadata.name,
      collisionCount: collisions,
    },
    'readyReplicas',
    'currentReplicas',
    'updatedReplicas',
  )
}
