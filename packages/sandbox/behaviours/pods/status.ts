// The status of a Pod, from those of its containers: its phase and its conditions.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTrue, objectAt, objectsAt, textAt } from '../../kinds/look.ts'
import { timeText } from '../../schema/time.ts'
import { exitCodeOf, isOver, type Life } from './container.ts'

/** Statuses of the containers of a Pod. */
export interface Statuses {
  readonly init: readonly JsonObject[]
  readonly main: readonly JsonObject[]
}

/** When a container is started again after it ended. */
export function restartRule(pod: KubeObject, container: JsonObject, init: boolean): Life['restart'] {
  if (textAt(container, 'restartPolicy') === 'Always' && init) return 'Always'
  const policy = textAt(pod, 'spec', 'restartPolicy')
  if (policy === 'Never') return 'Never'
  // An init container that succeeded is done, whatever the rule of the others.
  return policy === 'OnFailure' || init ? 'OnFailure' : 'Always'
}

/** True for an init container that goes on beside the others. */
export function isSidecar(container: JsonObject): boolean {
  return textAt(container, 'restartPolicy') === 'Always'
}

/** True where an init container holds the next one up no longer. */
export function isPast(container: JsonObject, status: JsonObject | undefined): boolean {
  if (status === undefined) return false
  if (isSidecar(container)) return isTrue(status, 'started')
  return 'terminated' in objectAt(status, 'state') && exitCodeOf(status) === 0
}

/** The phase of a Pod whose containers go on by themselves. */
export function phaseFor(pod: KubeObject, { init, main }: Statuses): string {
  const inits = objectsAt(pod, 'spec', 'initContainers')
  const containers = objectsAt(pod, 'spec', 'containers')
  const broken = inits.some((each, at) => {
    const status = init[at]
    if (isSidecar(each) || status === undefined || exitCodeOf(status) === 0) return false
    return isOver(restartRule(pod, each, true), status)
  })
  if (broken) return 'Failed'
  const begun = main.some((each) => !isUntouched(each))
  if (!begun && inits.some((each, at) => !isPast(each, init[at]))) return 'Pending'
  if (main.some(isUntouched)) return 'Pending'
  const over = containers.every((each, at) => isOver(restartRule(pod, each, false), main[at] ?? {}))
  if (!over) return 'Running'
  return main.every((each) => exitCodeOf(each) === 0) ? 'Succeeded' : 'Failed'
}

/** True for a container that has never run. */
function isUntouched(status: JsonObject): boolean {
  return 'waiting' in objectAt(status, 'state') && !('terminated' in objectAt(status, 'lastState'))
}

/** The conditions that a kubelet writes, with those that others wrote after them. */
export function conditionsFor(
  pod: KubeObject,
  statuses: Statuses,
  phase: string,
  sandboxed: boolean,
  now: number,
): readonly JsonObject[] {
  const before = objectsAt(pod, 'status', 'conditions')
  const containersReady = readyWord(pod, statuses, phase)
  const words: readonly Word[] = [
    { type: 'PodReadyToStartContainers', holds: sandboxed },
    initWord(pod, statuses, phase),
    { ...(containersReady.holds ? gatesWord(pod, before) : containersReady), type: 'Ready' },
    containersReady,
    { type: 'PodScheduled', holds: true },
  ]
  const own = words.map((word) => conditionFor(pod, word, before, now))
  const others = before.filter((each) => !words.some(({ type }) => type === textAt(each, 'type')))
  return [...own, ...others]
}

interface Word {
  readonly type: string
  readonly holds: boolean
  readonly reason?: string
  readonly message?: string
}

function conditionFor(pod: KubeObject, word: Word, before: readonly JsonObject[], now: number): JsonObject {
  const { type, holds, reason, message } = word
  const status = holds ? 'True' : 'False'
  const last = before.find((each) => textAt(each, 'type') === type)
  const since: Json = textAt(last, 'status') === status ? (last?.lastTransitionTime ?? null) : timeText(now)
  return {
    type,
    observedGeneration: pod.metadata.generation ?? 1,
    status,
    lastProbeTime: null,
    lastTransitionTime: since,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  }
}

function initWord(pod: KubeObject, { init, main }: Statuses, phase: string): Word {
  const type = 'Initialized'
  if (phase === 'Succeeded') return { type, holds: true, reason: 'PodCompleted' }
  if (main.some((each) => !isUntouched(each))) return { type, holds: true }
  const incomplete = objectsAt(pod, 'spec', 'initContainers').filter((each, at) => !isPast(each, init[at]))
  if (incomplete.length === 0) return { type, holds: true }
  const message = `containers with incomplete status: [${namesOf(incomplete)}]`
  return { type, holds: false, reason: 'ContainersNotInitialized', message }
}

function namesOf(containers: readonly JsonObject[]): string {
  return containers.map((each) => textAt(each, 'name')).join(' ')
}

function readyWord(pod: KubeObject, { init, main }: Statuses, phase: string): Word {
  const type = 'ContainersReady'
  if (phase === 'Succeeded') return { type, holds: false, reason: 'PodCompleted' }
  if (phase === 'Failed') return { type, holds: false, reason: 'PodFailed' }
  const sidecars = objectsAt(pod, 'spec', 'initContainers').filter(
    (each, at) => isSidecar(each) && !isTrue(init[at], 'ready'),
  )
  const unready = objectsAt(pod, 'spec', 'containers').filter((_each, at) => !isTrue(main[at], 'ready'))
  const all = [...sidecars, ...unready]
  if (all.length === 0) return { type, holds: true }
  const message = `containers with unready status: [${namesOf(all)}]`
  return { type, holds: false, reason: 'ContainersNotReady', message }
}

/** Conditions of others that a Pod wants before it counts as ready. */
function gatesWord(pod: KubeObject, conditions: readonly JsonObject[]): Word {
  const messages = objectsAt(pod, 'spec', 'readinessGates').flatMap((gate) => {
    const type = textAt(gate, 'conditionType')
    const found = conditions.find((each) => textAt(each, 'type') === type)
    const name = JSON.stringify(type)
    if (found === undefined) return [`corresponding condition of pod readiness gate ${name} does not exist.`]
    const status = textAt(found, 'status')
    return status === 'True' ? [] : [`the status of pod readiness gate ${name} is not "True", but ${status}`]
  })
  if (messages.length === 0) return { type: 'Ready', holds: true }
  return { type: 'Ready', holds: false, reason: 'ReadinessGatesNotReady', message: messages.join(', ') }
}
