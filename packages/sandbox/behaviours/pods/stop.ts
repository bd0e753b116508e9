// How a Pod ends that is deleted: its containers are told to, it says so, and then it goes.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { objectAt, objectsAt, textAt, wholeAt } from '../../kinds/look.ts'
import { timeOf } from '../../schema/time.ts'
import type { Desk } from '../controller.ts'
import { note } from '../workloads/event.ts'
import { isFinished } from '../workloads/pod.ts'
import { ended } from './container.ts'
import { behaviourOf, type ImageRule } from './image.ts'
import { conditionsFor } from './status.ts'
import { KUBELET_STATUS } from './writer.ts'

/** What most programs take. */
const STOP_MS = 1000

/** Ends a Pod; after how many milliseconds to look again. */
export function stop(desk: Desk, pod: KubeObject, images: readonly ImageRule[]): number | null {
  const grace = graceOf(pod)
  // Finalizers hold it, and nothing of it runs any more.
  if (grace === 0) return null
  const running = runningOf(pod)
  if (isFinished(pod) || running.length === 0) return leave(desk, pod)
  const until = timeOf(textAt(pod, 'metadata', 'deletionTimestamp')) ?? desk.now
  const needed = Math.max(...running.map((name) => stopAfter(pod, name, images)))
  const at = until - grace * 1000 + Math.min(needed, grace * 1000)
  if (at > desk.now) {
    for (const name of running) sayKilling(desk, pod, name)
    return at - desk.now
  }
  writeEnd(desk, pod, needed > grace * 1000 ? 137 : 0)
  return null
}

function graceOf(pod: KubeObject): number {
  return wholeAt(pod, 'metadata', 'deletionGracePeriodSeconds') ?? 0
}

function runningOf(pod: KubeObject): readonly string[] {
  const all = [...objectsAt(pod, 'status', 'initContainerStatuses'), ...objectsAt(pod, 'status', 'containerStatuses')]
  return all.filter((each) => 'running' in objectAt(each, 'state')).map((each) => textAt(each, 'name'))
}

function stopAfter(pod: KubeObject, name: string, images: readonly ImageRule[]): number {
  const container = objectsAt(pod, 'spec', 'containers').find((each) => textAt(each, 'name') === name)
  if (container === undefined) return STOP_MS
  const behaviour = behaviourOf(pod, container, images, false)
  return behaviour.kind === 'runs' ? (behaviour.stopAfterMs ?? STOP_MS) : STOP_MS
}

function sayKilling(desk: Desk, pod: KubeObject, name: string): void {
  const host = textAt(pod, 'spec', 'nodeName')
  const message = `Stopping container ${name}`
  const said = { about: pod, type: 'Normal', reason: 'Killing', message, from: 'kubelet', manager: 'kubelet' } as const
  note(desk, { ...said, host, part: `spec.containers{${name}}`, once: true })
}

function writeEnd(desk: Desk, pod: KubeObject, exitCode: number): void {
  const end = (status: JsonObject): JsonObject => {
    if ('running' in objectAt(status, 'state')) {
      const over = ended(status, exitCode, desk.now)
      const terminated = { ...objectAt(over, 'state', 'terminated'), reason: exitCode === 0 ? 'Completed' : 'Error' }
      return { ...over, state: { terminated } }
    }
    return status
  }
  const init = objectsAt(pod, 'status', 'initContainerStatuses').map(end)
  const main = objectsAt(pod, 'status', 'containerStatuses').map(end)
  const well = main.every((each) => wholeAt(each, 'state', 'terminated', 'exitCode') === 0)
  const phase = well ? 'Succeeded' : 'Failed'
  const status = {
    ...objectAt(pod, 'status'),
    phase,
    conditions: conditionsFor(pod, { init, main }, phase, false, desk.now),
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: main,
  }
  desk.world.update({ ...pod, status }, KUBELET_STATUS)
}

/** Takes the Pod from the API: nothing of it is left on the node. */
export function leave({ world }: Desk, pod: KubeObject): null {
  // Finalizers hold it, and nothing of it runs any more.
  if (graceOf(pod) === 0) return null
  const namespace = textAt(pod, 'metadata', 'namespace')
  const uid = textAt(pod, 'metadata', 'uid')
  world.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name: pod.metadata.name }, { graceSeconds: 0, uid })
  return null
}
