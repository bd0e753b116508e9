// The kubelet of a stand-in node: starts containers, starts them again, tells how they are, and ends them.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { isTrue, objectAt, objectsAt, textAt, wholeAt } from '../../kinds/look.ts'
import { timeOf, timeText } from '../../schema/time.ts'
import { equalJson } from '../../verbs/equal.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'
import { note } from '../workloads/event.ts'
import { openLookup } from '../workloads/owned.ts'
import { isFinished, isPlaced, phaseOf } from '../workloads/pod.ts'
import {
  advance,
  ended,
  ephemeral,
  isOver,
  type Life,
  type Missing,
  type Saying,
  type Step,
  waiting,
} from './container.ts'
import { addressFor, nodeAddress } from './identity.ts'
import { behaviourOf, type ImageRule } from './image.ts'
import { missingConfig, missingVolume } from './needs.ts'
import { isNodeReady } from './nodes.ts'
import { conditionsFor, isPast, isSidecar, phaseFor, restartRule, type Statuses } from './status.ts'
import { leave, stop } from './stop.ts'
import { KUBELET_STATUS } from './writer.ts'

/** Pods that do not run yet, by namespace: they may wait for what is made there. */
const pending = openLookup('/pods', (pod) =>
  isPlaced(pod) && phaseOf(pod) === 'Pending' ? [textAt(pod, 'metadata', 'namespace')] : [],
)
const onNode = openLookup('/pods', (pod) => [textAt(pod, 'spec', 'nodeName')])

/** Runs the Pods of all nodes that are ready. */
export function kubelet(images: readonly ImageRule[]): Controller {
  const waitingIn = (object: KubeObject, { world }: Desk): readonly string[] =>
    pending(world, textAt(object, 'metadata', 'namespace')).map(subjectOf)
  return {
    name: 'kubelet',
    follows: [
      { resource: '/pods', subjects: (pod) => (isPlaced(pod) ? [subjectOf(pod)] : []) },
      { resource: '/nodes', subjects: (node, { world }) => onNode(world, node.metadata.name).map(subjectOf) },
      { resource: '/configmaps', subjects: waitingIn },
      { resource: '/secrets', subjects: waitingIn },
      { resource: '/persistentvolumeclaims', subjects: waitingIn },
    ],
    reconcile: (subject, desk) => {
      const pod = desk.world.get({ apiVersion: 'v1', kind: 'Pod', ...placeOf(subject) })
      if (pod === null || !isPlaced(pod)) return null
      const name = textAt(pod, 'spec', 'nodeName')
      const node = desk.world.get({ apiVersion: 'v1', kind: 'Node', namespace: null, name })
      // Nothing of a Pod is left where its node is gone.
      if (node === null && isTerminating(pod)) return leave(desk, pod)
      if (node === null || !isNodeReady(node)) return null
      return run({ pod, node, images, desk })
    },
  }
}

/** What a look at one Pod works with. */
interface Look {
  readonly pod: KubeObject
  readonly node: KubeObject
  readonly images: readonly ImageRule[]
  readonly desk: Desk
}

function run(look: Look): number | null {
  const { pod, desk, images } = look
  if (isTerminating(pod)) return stop(desk, pod, images)
  if (isFinished(pod)) return null
  if (textAt(pod, 'status', 'startTime') === '') return admit(look)
  const late = outOfTime(pod, desk.now)
  if (late !== null && late <= 0) return endLate(look)
  const went = containersOf(look)
  write(look, went.statuses, phaseFor(pod, went.statuses), went.sandboxed)
  const waits = [...went.waits, ...(late === null ? [] : [late])]
  return waits.length === 0 ? null : Math.min(...waits)
}

/** Takes a Pod in: nothing has been started yet. */
function admit(look: Look): null {
  const inits = objectsAt(look.pod, 'spec', 'initContainers')
  const reason = inits.length > 0 ? 'PodInitializing' : 'ContainerCreating'
  const init = inits.map((each) => waiting(each, 'PodInitializing'))
  const main = objectsAt(look.pod, 'spec', 'containers').map((each) => waiting(each, reason))
  write(look, { init, main }, 'Pending', false)
  return null
}

function outOfTime(pod: KubeObject, now: number): number | null {
  const seconds = wholeAt(pod, 'spec', 'activeDeadlineSeconds')
  const start = timeOf(textAt(pod, 'status', 'startTime'))
  return seconds === null || start === null ? null : start + seconds * 1000 - now
}

function endLate(look: Look): null {
  const { pod, desk } = look
  const end = (status: JsonObject): JsonObject =>
    'running' in objectAt(status, 'state') ? { ...ended(status, 143, desk.now) } : status
  const statuses = {
    init: objectsAt(pod, 'status', 'initContainerStatuses').map(end),
    main: objectsAt(pod, 'status', 'containerStatuses').map(end),
  }
  const message = 'Pod was active on the node longer than the specified deadline'
  say(look, '', [{ type: 'Normal', reason: 'DeadlineExceeded', message }])
  write(look, statuses, 'Failed', false, { reason: 'DeadlineExceeded', message })
  return null
}

interface Went {
  readonly statuses: Statuses
  readonly waits: readonly number[]
  readonly sandboxed: boolean
}

/** One step of every container whose turn it is. */
function containersOf(look: Look): Went {
  const { pod, desk } = look
  const volume = missingVolume(desk.world, pod)
  const before = beforeOf(pod)
  if (volume !== null && !isSandboxed(pod)) {
    say(look, '', [{ type: 'Warning', reason: 'FailedMount', message: volume }])
    return { statuses: before, waits: [MOUNT_RETRY_MS], sandboxed: false }
  }
  const waits: number[] = []
  const inits = objectsAt(pod, 'spec', 'initContainers')
  const init: JsonObject[] = []
  let since = timeOf(textAt(pod, 'status', 'startTime')) ?? desk.now
  let open = true
  for (const [at, container] of inits.entries()) {
    const status = before.init[at] ?? waiting(container, 'PodInitializing')
    const next = open ? take(look, container, status, since, true, waits) : status
    init.push(next)
    if (!isPast(container, next)) open = false
    since = timeOf(textAt(next, 'state', 'terminated', 'finishedAt')) ?? since
  }
  // Whoever was initialized once stays so, whatever becomes of those beside.
  const initialized =
    open ||
    before.main.some(
      (each) =>
        'running' in objectAt(each, 'state') ||
        (wholeAt(each, 'restartCount') ?? 0) > 0 ||
        'terminated' in objectAt(each, 'state'),
    )
  const main = objectsAt(pod, 'spec', 'containers').map((container, at) => {
    const status = before.main[at] ?? waiting(container, 'ContainerCreating')
    return initialized ? take(look, container, status, since, false, waits) : status
  })
  return { statuses: withEndedSidecars(pod, { init, main }, desk.now), waits, sandboxed: true }
}

const MOUNT_RETRY_MS = 60_000

function isSandboxed(pod: KubeObject): boolean {
  const conditions = objectsAt(pod, 'status', 'conditions')
  return (
    textAt(
      conditions.find((each) => textAt(each, 'type') === 'PodReadyToStartContainers'),
      'status',
    ) === 'True'
  )
}

/** The statuses as they are, each in the place of its container. */
function beforeOf(pod: KubeObject): Statuses {
  const sorted = (containers: string, statuses: string, reason: string): readonly JsonObject[] => {
    const known = objectsAt(pod, 'status', statuses)
    return objectsAt(pod, 'spec', containers).map(
      (each) => known.find((status) => textAt(status, 'name') === textAt(each, 'name')) ?? waiting(each, reason),
    )
  }
  return {
    init: sorted('initContainers', 'initContainerStatuses', 'PodInitializing'),
    main: sorted('containers', 'containerStatuses', 'ContainerCreating'),
  }
}

function take(
  look: Look,
  container: JsonObject,
  status: JsonObject,
  since: number,
  init: boolean,
  waits: number[],
): JsonObject {
  const { pod, desk, images } = look
  const life: Life = {
    pod,
    container,
    behaviour: behaviourOf(pod, container, images, init),
    restart: restartRule(pod, container, init),
    since,
    missing: missingFor(look, container),
    now: desk.now,
  }
  const step = readyByEnd(advance(life, status), container, init)
  if (step.againMs !== null) waits.push(step.againMs)
  const stays = equalJson(objectAt(step.status, 'state'), objectAt(status, 'state'))
  if (!stays) say(look, `spec.${init ? 'initContainers' : 'containers'}{${textAt(container, 'name')}}`, step.says)
  return step.status
}

/** An init container is ready when it has done its work. */
function readyByEnd(step: Step, container: JsonObject, init: boolean): Step {
  if (!init || isSidecar(container)) return step
  return { ...step, status: { ...step.status, ready: isPast(container, step.status) } }
}

function missingFor({ pod, desk }: Look, container: JsonObject): Missing | null {
  const message = missingConfig(desk.world, pod, container)
  return message === null ? null : { reason: 'CreateContainerConfigError', message }
}

/** Who goes on beside the others ends with them. */
function withEndedSidecars(pod: KubeObject, statuses: Statuses, now: number): Statuses {
  const containers = objectsAt(pod, 'spec', 'containers')
  const over = containers.every((each, at) => isOver(restartRule(pod, each, false), statuses.main[at] ?? {}))
  if (!over) return statuses
  const end = (status: JsonObject): JsonObject =>
    'running' in objectAt(status, 'state') ? ended(status, 0, now) : status
  return { ...statuses, init: statuses.init.map(end) }
}

function say({ pod, desk }: Look, part: string, says: readonly Saying[]): void {
  const host = textAt(pod, 'spec', 'nodeName')
  for (const saying of says) note(desk, { ...saying, about: pod, from: 'kubelet', host, manager: 'kubelet', part })
}

/** Writes the status of a Pod where it is another one. */
function write(
  { pod, node, desk }: Look,
  statuses: Statuses,
  phase: string,
  sandboxed: boolean,
  why: JsonObject = {},
): void {
  const before = objectAt(pod, 'status')
  const host = nodeAddress(node)
  const shared = isTrue(pod, 'spec', 'hostNetwork')
  const known = textAt(pod, 'status', 'podIP')
  const address = known !== '' ? known : sandboxed || shared ? addressFor(desk.world, pod, node) : ''
  const status: JsonObject = {
    ...before,
    observedGeneration: pod.metadata.generation ?? 1,
    phase,
    ...why,
    conditions: conditionsFor(pod, statuses, phase, sandboxed && phase !== 'Succeeded' && phase !== 'Failed', desk.now),
    hostIP: host,
    hostIPs: [{ ip: host }],
    ...(address === '' ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    startTime: textAt(pod, 'status', 'startTime') || timeText(desk.now),
    ...(statuses.init.length === 0 ? {} : { initContainerStatuses: statuses.init }),
    containerStatuses: statuses.main,
    ...ephemeralOf(pod, before, phase, desk.now),
  }
  if (!equalJson(before, status)) desk.world.update({ ...pod, status }, KUBELET_STATUS)
}

/** Containers for a look at a running Pod are started at once and never again. */
function ephemeralOf(pod: KubeObject, before: JsonObject, phase: string, now: number): JsonObject {
  const containers = objectsAt(pod, 'spec', 'ephemeralContainers')
  if (containers.length === 0) return {}
  const known = objectsAt(before, 'ephemeralContainerStatuses')
  const statuses = containers.map((container) => {
    const name = textAt(container, 'name')
    const found = known.find((each) => textAt(each, 'name') === name)
    if (found !== undefined || phase !== 'Running') return found ?? waiting(container, 'ContainerCreating')
    return { ...ephemeral(pod, container, now) }
  })
  return { ephemeralContainerStatuses: statuses }
}
