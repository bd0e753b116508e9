// One container: what becomes of it next, from what its status says and what its image does.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { has, isTrue, objectAt, objectsAt, textAt, wholeAt } from '../../kinds/look.ts'
import { timeOf, timeText } from '../../schema/time.ts'
import { containerId, imageId, wholeImage } from './identity.ts'
import type { ImageBehaviour } from './image.ts'

/** What there is to know about a container. */
export interface Life {
  readonly pod: KubeObject
  readonly container: JsonObject
  readonly behaviour: ImageBehaviour
  /** When it is started again after it ended. */
  readonly restart: 'Always' | 'OnFailure' | 'Never'
  /** Since when nothing else has held it up, in milliseconds since the epoch. */
  readonly since: number
  /** What it still waits for; null where it can start. */
  readonly missing: Missing | null
  readonly now: number
}

/** Why a container cannot be made. */
export interface Missing {
  readonly reason: string
  readonly message: string
}

/** What is said of a container in an event. */
export interface Saying {
  readonly type: 'Normal' | 'Warning'
  readonly reason: string
  readonly message: string
}

/** The next status of a container, when to look again, and what to say where it is another one. */
export interface Step {
  readonly status: JsonObject
  readonly againMs: number | null
  readonly says: readonly Saying[]
}

/** The first status: it waits for others. */
export function waiting(container: JsonObject, reason: string, message = ''): JsonObject {
  return {
    name: textAt(container, 'name'),
    state: { waiting: { reason, ...(message === '' ? {} : { message }) } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: textAt(container, 'image'),
    imageID: '',
    started: false,
  }
}

/** Goes one step on. */
export function advance(life: Life, status: JsonObject): Step {
  if (has(status, 'state', 'running')) return whileRunning(life, status)
  if (has(status, 'state', 'terminated')) return afterEnd(life, status)
  if (has(status, 'lastState', 'terminated')) return whileBackingOff(life, status)
  return beforeStart(life, status)
}

/** The status of a container for a look at a Pod: it runs. */
export function ephemeral(pod: KubeObject, container: JsonObject, now: number): JsonObject {
  const { started: _started, ...status } = waiting(container, '')
  const [name, image] = [textAt(container, 'name'), textAt(container, 'image')]
  const state = { running: { startedAt: timeText(now) } }
  const made = { image: wholeImage(image), imageID: imageId(image), containerID: containerId(pod, name, 0) }
  return { ...status, ...made, state }
}

/** A container that has ended for good, by its status and its rule. */
export function isOver(restart: Life['restart'], status: JsonObject): boolean {
  return has(status, 'state', 'terminated') && !isRestarted(restart, exitCodeOf(status))
}

/** The exit code of a container that ended. */
export function exitCodeOf(status: JsonObject): number {
  return wholeAt(status, 'state', 'terminated', 'exitCode') ?? 0
}

function isRestarted(restart: Life['restart'], exitCode: number): boolean {
  return restart === 'Always' || (restart === 'OnFailure' && exitCode !== 0)
}

function quiet(status: JsonObject, againMs: number | null): Step {
  return { status, againMs, says: [] }
}

function held(
  status: JsonObject,
  reason: string,
  message: string,
  againMs: number | null,
  says: readonly Saying[],
): Step {
  return {
    status: { ...status, state: { waiting: { reason, ...(message === '' ? {} : { message }) } } },
    againMs,
    says,
  }
}

/** How often what is missing is looked for, though its coming is told, too. */
const RETRY_MS = 60_000

function beforeStart(life: Life, status: JsonObject): Step {
  const { behaviour, container, missing } = life
  const image = textAt(container, 'image')
  if (behaviour.kind === 'not-found') return whilePulling(life, status)
  if (behaviour.kind === 'unknown') {
    const message = `${JSON.stringify(behaviour.text)} is no behaviour that the sandbox knows`
    return held(status, 'CreateContainerError', message, null, [failed(`Error: ${message}`)])
  }
  if (missing !== null) {
    const { reason, message } = missing
    return held(status, reason, message, RETRY_MS, [failed(`Error: ${message}`)])
  }
  const createdAt = life.since + (behaviour.kind === 'slow-start' ? behaviour.createAfterMs : 0)
  if (createdAt > life.now) {
    const says = { type: 'Normal', reason: 'Pulling', message: `Pulling image ${JSON.stringify(image)}` } as const
    return held(status, 'ContainerCreating', '', createdAt - life.now, behaviour.kind === 'slow-start' ? [says] : [])
  }
  return started(life, status, 0)
}

function failed(message: string): Saying {
  return { type: 'Warning', reason: 'Failed', message }
}

const FIRST_PULL_MS = 10_000
const LAST_PULL_MS = 300_000
/** For so long after it was tried the failure is shown, then the wait for the next try. */
const SHOWN_MS = 3000

/** An image that is not there is asked for again and again, each time later. */
function whilePulling(life: Life, status: JsonObject): Step {
  const image = textAt(life.container, 'image')
  let [tried, wait] = [life.since, FIRST_PULL_MS]
  while (tried + wait <= life.now) {
    tried += wait
    wait = Math.min(wait * 2, LAST_PULL_MS)
  }
  const whole = wholeImage(image)
  const cause = `failed to pull and unpack image ${JSON.stringify(whole)}: failed to resolve reference ${JSON.stringify(whole)}: ${whole}: not found`
  const error = `rpc error: code = NotFound desc = ${cause}`
  if (life.now < tried + SHOWN_MS) {
    const pulling = { type: 'Normal', reason: 'Pulling', message: `Pulling image ${JSON.stringify(image)}` } as const
    const says = [
      pulling,
      failed(`Failed to pull image ${JSON.stringify(image)}: ${error}`),
      failed('Error: ErrImagePull'),
    ]
    return held(status, 'ErrImagePull', error, tried + SHOWN_MS - life.now, says)
  }
  const message = `Back-off pulling image ${JSON.stringify(image)}: ErrImagePull: ${error}`
  const back = {
    type: 'Normal',
    reason: 'BackOff',
    message: `Back-off pulling image ${JSON.stringify(image)}`,
  } as const
  return held(status, 'ImagePullBackOff', message, tried + wait - life.now, [back, failed('Error: ImagePullBackOff')])
}

function started(life: Life, status: JsonObject, run: number): Step {
  const { container, pod } = life
  const image = textAt(container, 'image')
  const running = {
    ...status,
    state: { running: { startedAt: timeText(life.now) } },
    ready: false,
    restartCount: run,
    image: wholeImage(image),
    imageID: imageId(image),
    containerID: containerId(pod, textAt(container, 'name'), run),
    ...made(life),
  }
  const step = whileRunning(life, running)
  const pulled = run === 0 || textAt(container, 'imagePullPolicy') === 'Always' ? pulledNow(image) : pulledBefore(image)
  const says = [
    ...pulled,
    { type: 'Normal', reason: 'Created', message: 'Container created' },
    { type: 'Normal', reason: 'Started', message: 'Container started' },
  ] as const
  return { ...step, says: [...says, ...step.says] }
}

function pulledNow(image: string): readonly Saying[] {
  const name = JSON.stringify(image)
  const message = `Successfully pulled image ${name} in 1ms (1ms including waiting). Image size: 1048576 bytes.`
  return [
    { type: 'Normal', reason: 'Pulling', message: `Pulling image ${name}` },
    { type: 'Normal', reason: 'Pulled', message },
  ]
}

function pulledBefore(image: string): readonly Saying[] {
  const message = `Container image ${JSON.stringify(image)} already present on machine and can be accessed by the pod`
  return [{ type: 'Normal', reason: 'Pulled', message }]
}

/** What is known of a container once it was made: its resources, its mounts, its user. */
function made({ pod, container }: Life): JsonObject {
  const { requests, limits } = objectAt(container, 'resources')
  const given = { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) }
  const mounts = objectsAt(container, 'volumeMounts').map((each) => ({
    name: textAt(each, 'name'),
    mountPath: textAt(each, 'mountPath'),
    ...(isTrue(each, 'readOnly') ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}),
  }))
  const id = (key: string): number =>
    wholeAt(container, 'securityContext', key) ?? wholeAt(pod, 'spec', 'securityContext', key) ?? 0
  const [uid, gid] = [id('runAsUser'), id('runAsGroup')]
  return {
    ...(requests === undefined ? {} : { allocatedResources: requests }),
    resources: given,
    ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
    user: { linux: { uid, gid, supplementalGroups: [gid] } },
  }
}

/** False for a container of a live cluster that was taken in: whoever started it may have other names for images. */
function isOurs({ pod, container }: Life, status: JsonObject): boolean {
  const run = wholeAt(status, 'restartCount') ?? 0
  return textAt(status, 'containerID') === containerId(pod, textAt(container, 'name'), run)
}

function whileRunning(life: Life, status: JsonObject): Step {
  const { behaviour, now } = life
  const begun = timeOf(textAt(status, 'state', 'running', 'startedAt')) ?? now
  if (isOurs(life, status) && wholeImage(textAt(life.container, 'image')) !== textAt(status, 'image')) {
    const message = `Container ${textAt(life.container, 'name')} definition changed, will be restarted`
    const step = quiet(ended(status, 0, now), 0)
    return { ...step, says: [{ type: 'Normal', reason: 'Killing', message }] }
  }
  const end = endOf(behaviour, wholeAt(status, 'restartCount') ?? 0)
  if (end !== null && begun + end.afterMs <= now) return quiet(ended(status, end.exitCode, now), 0)
  const readyAt = begun + readyAfter(behaviour, end !== null)
  const ready = readyAt <= now
  const waits = [...(ready ? [] : [readyAt - now]), ...(end === null ? [] : [begun + end.afterMs - now])]
  const finite = waits.filter(Number.isFinite)
  const shown = { ...status, ready, started: !has(life.container, 'startupProbe') || ready }
  return quiet(shown, finite.length === 0 ? null : Math.min(...finite))
}

/** When a container ends by itself, and how; null where it does not. */
export function endOf(
  behaviour: ImageBehaviour,
  restarts: number,
): { readonly afterMs: number; readonly exitCode: number } | null {
  switch (behaviour.kind) {
    case 'completes':
      return behaviour
    case 'crashes':
      return behaviour.times !== undefined && restarts >= behaviour.times ? null : behaviour
    default:
      return null
  }
}

function readyAfter(behaviour: ImageBehaviour, ends: boolean): number {
  switch (behaviour.kind) {
    case 'runs':
    case 'slow-start':
      return behaviour.readyAfterMs
    case 'never-ready':
      return Number.POSITIVE_INFINITY
    default:
      // What is about to end is ready meanwhile only where it should end.
      return ends && behaviour.kind === 'crashes' ? Number.POSITIVE_INFINITY : 0
  }
}

/** A running container that ended. */
export function ended(status: JsonObject, exitCode: number, now: number): JsonObject {
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : exitCode === 137 ? 'OOMKilled' : 'Error',
    startedAt: textAt(status, 'state', 'running', 'startedAt') || timeText(now),
    finishedAt: timeText(now),
    ...(has(status, 'containerID') ? { containerID: textAt(status, 'containerID') } : {}),
  }
  return { ...status, state: { terminated }, ready: false, started: false }
}

function afterEnd(life: Life, status: JsonObject): Step {
  if (!isRestarted(life.restart, exitCodeOf(status))) return quiet(status, null)
  return whileBackingOff(life, { ...status, lastState: objectAt(status, 'state') })
}

const FIRST_BACKOFF_MS = 10_000
const LAST_BACKOFF_MS = 300_000
/** A container that ran for so long is started again as if for the first time. */
const FORGIVEN_MS = 600_000

function whileBackingOff(life: Life, status: JsonObject): Step {
  const { container, now, pod } = life
  const last = objectAt(status, 'lastState', 'terminated')
  const [from, to] = [timeOf(textAt(last, 'startedAt')) ?? now, timeOf(textAt(last, 'finishedAt')) ?? now]
  const restarts = wholeAt(status, 'restartCount') ?? 0
  const wait = to - from >= FORGIVEN_MS ? 0 : backoffMs(restarts)
  if (to + wait <= now) return started(life, { ...status, lastState: { terminated: last } }, restarts + 1)
  const name = textAt(container, 'name')
  const { namespace } = pod.metadata
  const place = `${pod.metadata.name}_${String(namespace)}(${textAt(pod, 'metadata', 'uid')})`
  const message = `back-off ${secondsText(wait / 1000)} restarting failed container=${name} pod=${place}`
  const back = `Back-off restarting failed container ${name} in pod ${place}`
  const says = [{ type: 'Warning', reason: 'BackOff', message: back }] as const
  return held(status, 'CrashLoopBackOff', message, to + wait - now, says)
}

/** The first restart comes at once. */
function backoffMs(restarts: number): number {
  return restarts === 0 ? 0 : Math.min(FIRST_BACKOFF_MS * 2 ** (restarts - 1), LAST_BACKOFF_MS)
}

/** A span as Go writes it: `40s`, `2m40s`. */
export function secondsText(seconds: number): string {
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`
}
