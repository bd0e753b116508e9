// The containers of a pod as its status tells of them: which one waits or ended, and why.
import { isList } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { numberAt, stringAt, valueAt } from '../object/object.ts'

/** One container of a pod. */
export interface Container {
  readonly name: string
  readonly ready: boolean
  readonly restarts: number
  /** Why it does not run yet; null where it is not waiting. */
  readonly waiting: { readonly reason: string; readonly message: string } | null
  /** How it ended, now or before its last restart; null where it never did. */
  readonly ended: Ended | null
  readonly endedBefore: Ended | null
}

/** The end of a container. */
export interface Ended {
  readonly exitCode: number
  /** `OOMKilled`, `Error`, `Completed`, … */
  readonly reason: string
  readonly message: string
}

/** `initContainerStatuses` or `containerStatuses`. */
export function containersOf(
  pod: KubeObject,
  field: 'initContainerStatuses' | 'containerStatuses',
): readonly Container[] {
  const list = valueAt(pod, 'status', field)
  if (!isList(list)) return []
  return list.map((each) => ({
    name: stringAt(each, 'name') ?? '',
    ready: valueAt(each, 'ready') === true,
    restarts: numberAt(each, 'restartCount') ?? 0,
    waiting: waitingOf(valueAt(each, 'state', 'waiting')),
    ended: endedOf(valueAt(each, 'state', 'terminated')),
    endedBefore: endedOf(valueAt(each, 'lastState', 'terminated')),
  }))
}

function waitingOf(state: ReturnType<typeof valueAt>): Container['waiting'] {
  if (state === undefined || state === null) return null
  return { reason: stringAt(state, 'reason') ?? '', message: stringAt(state, 'message') ?? '' }
}

function endedOf(state: ReturnType<typeof valueAt>): Ended | null {
  if (state === undefined || state === null) return null
  return {
    exitCode: numberAt(state, 'exitCode') ?? 0,
    reason: stringAt(state, 'reason') ?? '',
    message: stringAt(state, 'message') ?? '',
  }
}

/** Reasons to wait that say nothing: every container has them for a while. */
const USUAL = new Set(['', 'ContainerCreating', 'PodInitializing'])

/** True where a container waits for something that somebody has to mend: a pull that fails, a crash, a wrong image name. */
export function isStuck(container: Container): boolean {
  const reason = container.waiting?.reason ?? ''
  return (
    reason.startsWith('Err') || reason.endsWith('Error') || reason.endsWith('BackOff') || reason === 'InvalidImageName'
  )
}

/** `container web waits: ImagePullBackOff: Back-off pulling image "x"`, with how it ended before; null if it just starts. */
export function waitingText(container: Container): string | null {
  const { waiting, endedBefore } = container
  if (waiting === null || USUAL.has(waiting.reason)) return null
  const why = [waiting.reason, waiting.message].filter((part) => part !== '').join(': ')
  const before = endedBefore === null ? '' : ` (${endText(endedBefore)})`
  return `container ${container.name} waits: ${why}${before}`
}

/** `OOMKilled, exit code 137`, with the container's own last words where it left some. */
export function endText(ended: Ended): string {
  const reason = ended.reason === '' || ended.reason === 'Error' ? '' : `${ended.reason}, `
  const message = ended.message === '' ? '' : `: ${ended.message.trim()}`
  return `${reason}exit code ${ended.exitCode}${message}`
}
