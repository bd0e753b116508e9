// DaemonSets: one Pod on each node that wants one, exchanged node by node.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, labelOf } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { objectAt, objectsAt, textAt, textsAt, wholeAt } from '../../../kinds/look.ts'
import { isEmptySelector } from '../../../kinds/metadata.ts'
import { StatusError } from '../../../registry/status.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../../controller.ts'
import { claim } from '../claim.ts'
import { note } from '../event.ts'
import { templateHash } from '../hash.ts'
import { controllerOf, openLookup, ownedPods, ownedRevisions, ownerSubjects } from '../owned.ts'
import { createPod, deletePod, isAvailable, isNamespaceGoing, isReady, nextAvailable, phaseOf } from '../pod.ts'
import { createRecord, forgetRecords, isOf, numberOf, renumber } from '../record.ts'
import { withoutZeros, writeStatus } from '../writer.ts'
import { daemonPod } from './pod.ts'
import { exchange, HASH, isFresh, type Look, surgeOf, trimSurge, waitOf, wants } from './rollout.ts'

const FROM = 'daemonset-controller'
const allSets = openLookup('apps/daemonsets', (object) => ['', textAt(object, 'metadata', 'namespace')])

/** Keeps DaemonSets. */
export const daemonSetController: Controller = {
  name: 'daemonset',
  follows: [
    { resource: 'apps/daemonsets', subjects: (object) => [subjectOf(object)] },
    { resource: '/nodes', subjects: (_node, { world }) => allSets(world, '').map(subjectOf) },
    { resource: 'apps/controllerrevisions', subjects: (object) => ownerSubjects(object, 'apps/v1', 'DaemonSet') },
    {
      resource: '/pods',
      subjects: (pod, { world }) =>
        controllerOf(pod) === null
          ? allSets(world, textAt(pod, 'metadata', 'namespace')).map(subjectOf)
          : ownerSubjects(pod, 'apps/v1', 'DaemonSet'),
    },
  ],
  reconcile: (subject, desk) => {
    const set = desk.world.get({ apiVersion: 'apps/v1', kind: 'DaemonSet', ...placeOf(subject) })
    return set === null ? null : reconcile(set, desk)
  },
}

function reconcile(set: KubeObject, desk: Desk): number | null {
  const { world } = desk
  if (isEmptySelector(objectAt(set, 'spec', 'selector'))) {
    const message = 'This daemon set is selecting all pods. A non-empty selector is required.'
    note(desk, { about: set, type: 'Warning', reason: 'SelectingAll', message, from: FROM })
    return null
  }
  if (isTerminating(set)) return null
  const pods = claim(desk, set, ownedPods)
  const records = claim(desk, set, ownedRevisions)
  const current = record(set, records, desk)
  const byNode = new Map<string, KubeObject[]>()
  for (const pod of pods) byNode.set(nodeOf(pod), [...(byNode.get(nodeOf(pod)) ?? []), pod])
  const nodes = world.list('v1', 'Node')
  const hash = labelOf(current, HASH) ?? ''
  const look: Look = { set, desk, nodes, hash, on: (node) => [...(byNode.get(node) ?? [])].sort(byAge) }
  const failed = manage(look, byNode)
  writeStatus(world, set, { ...set, status: statusOf(look) })
  const live = new Set(pods.map((pod) => labelOf(pod, HASH)))
  const old = records.filter((each) => each.metadata.name !== current.metadata.name)
  const unused = old.filter((each) => !live.has(labelOf(each, HASH)))
  forgetRecords(world, unused, old.length - (wholeAt(set, 'spec', 'revisionHistoryLimit') ?? 10))
  if (failed !== null) throw failed
  return nextAvailable(pods, waitOf(set), desk.now)
}

/** The record of the template as it is now. */
function record(set: KubeObject, records: readonly KubeObject[], { world }: Desk): KubeObject {
  const found = records.filter((each) => isOf(each, set)).sort((a, b) => numberOf(b) - numberOf(a))[0]
  const others = records.filter((each) => !isOf(each, set))
  const next = Math.max(0, ...others.map(numberOf)) + 1
  if (found !== undefined) return numberOf(found) < next ? renumber(world, found, next) : found
  const hash = templateHash(objectAt(set, 'spec', 'template'), wholeAt(set, 'status', 'collisionCount'))
  return createRecord(world, set, `${set.metadata.name}-${hash}`, { [HASH]: hash }, next)
}

/** Where a Pod is, or where its affinity sends it. */
function nodeOf(pod: KubeObject): string {
  const placed = textAt(pod, 'spec', 'nodeName')
  if (placed !== '') return placed
  const required = ['spec', 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution']
  const fields = objectsAt(pod, ...required, 'nodeSelectorTerms').flatMap((each) => objectsAt(each, 'matchFields'))
  return textsAt(fields[0], 'values')[0] ?? ''
}

function byAge(a: KubeObject, b: KubeObject): number {
  const time = (pod: KubeObject): string => textAt(pod, 'metadata', 'creationTimestamp')
  return compareText(time(a), time(b)) || compareText(a.metadata.name, b.metadata.name)
}

/** Makes and deletes Pods; the refusal that ended it, or null. */
function manage(look: Look, byNode: ReadonlyMap<string, readonly KubeObject[]>): StatusError | null {
  const { set, desk, nodes } = look
  const doomed = new Set<KubeObject>()
  const bare: string[] = []
  for (const node of nodes) manageNode(look, node, doomed, bare)
  for (const [name, pods] of byNode) {
    // Pods of nodes that are gone, and that never got there, have nowhere to be.
    if (nodes.some((node) => node.metadata.name === name)) continue
    for (const pod of pods) if (!isTerminating(pod) && textAt(pod, 'spec', 'nodeName') === '') doomed.add(pod)
  }
  if (doomed.size + bare.length === 0) {
    const more = exchange(look)
    for (const pod of more.doomed) doomed.add(pod)
    bare.push(...more.bare)
  }
  try {
    for (const name of bare) createPod(desk, set, daemonPod(set, name, look.hash), FROM)
    for (const pod of doomed) deletePod(desk, set, pod, FROM)
    return null
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return isNamespaceGoing(error) ? null : error
  }
}

function manageNode(look: Look, node: KubeObject, doomed: Set<KubeObject>, bare: string[]): void {
  const { set, nodes } = look
  const { name } = node.metadata
  const pods = look.on(name)
  const { runs, stays } = wants(set, node)
  if (!stays) {
    for (const pod of pods) if (!isTerminating(pod)) doomed.add(pod)
    return
  }
  if (pods.length === 0) {
    if (runs) bare.push(name)
    return
  }
  const alive = pods.filter((pod) => !isTerminating(pod))
  const over = alive.filter((pod) => ['Failed', 'Succeeded'].includes(phaseOf(pod)))
  for (const pod of over) {
    sayEnded(look, pod, name)
    doomed.add(pod)
  }
  const running = alive.filter((pod) => !over.includes(pod))
  if (surgeOf(set, nodes.length) === 0) for (const pod of running.slice(1)) doomed.add(pod)
  else if (running.length === 0 && runs) bare.push(name)
  else trimSurge(look, running, doomed)
}

function sayEnded({ set, desk }: Look, pod: KubeObject, node: string): void {
  const where = `daemon pod ${subjectOf(pod)} on node ${node}`
  const said =
    phaseOf(pod) === 'Failed'
      ? ({ type: 'Warning', reason: 'FailedDaemonPod', message: `Found failed ${where}, will try to kill it` } as const)
      : ({
          type: 'Normal',
          reason: 'SucceededDaemonPod',
          message: `Found succeeded ${where}, will try to delete it`,
        } as const)
  note(desk, { ...said, about: set, from: FROM })
}

function statusOf(look: Look): JsonObject {
  const { set, desk, nodes } = look
  const wanted = nodes.filter((node) => wants(set, node).runs)
  const first = wanted.flatMap((node) => look.on(node.metadata.name).slice(0, 1))
  const ready = first.filter(isReady)
  const available = ready.filter((pod) => isAvailable(pod, waitOf(set), desk.now)).length
  const { collisionCount } = objectAt(set, 'status')
  const misplaced = nodes.filter((node) => !wants(set, node).runs && look.on(node.metadata.name).length > 0)
  return {
    ...withoutZeros(
      {
        observedGeneration: wholeAt(set, 'metadata', 'generation') ?? 0,
        currentNumberScheduled: first.length,
        numberMisscheduled: misplaced.length,
        desiredNumberScheduled: wanted.length,
        numberReady: ready.length,
        updatedNumberScheduled: first.filter((pod) => isFresh(look, pod)).length,
        numberAvailable: available,
        numberUnavailable: wanted.length - available,
      },
      'updatedNumberScheduled',
      'numberAvailable',
      'numberUnavailable',
    ),
    ...(collisionCount === undefined ? {} : { collisionCount }),
  }
}
