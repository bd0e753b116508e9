// What a container has said: plausible lines, made from its status alone, the same whenever they are asked for.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { has, isTrue, objectAt, objectsAt, textAt, wholeAt } from '../../kinds/look.ts'
import { timeOf } from '../../schema/time.ts'
import { secondsText } from './container.ts'

/** One run of a container. */
export interface Run {
  readonly image: string
  /** Milliseconds since the epoch, as all times here. */
  readonly startedAt: number
  /** null where it is not ready, or was not when it ended. */
  readonly readyAt: number | null
  /** null while it runs. */
  readonly ended: { readonly at: number; readonly exitCode: number } | null
}

/** A line of a log. */
export interface LogLine {
  readonly at: number
  readonly text: string
}

/** A run to read the log of, or why there is none. */
export type Found = { readonly kind: 'run'; readonly run: Run } | { readonly kind: 'none'; readonly message: string }

/** How often a container says that it still runs. */
const EVERY_MS = 30_000
/** Logs are kept for so many such lines. */
const KEPT = 1000

/** What a run has said up to a moment, in order. */
export function linesOf(run: Run, now: number): readonly LogLine[] {
  const { startedAt, readyAt, ended } = run
  const last = Math.min(now, ended?.at ?? now)
  const lines: LogLine[] = [{ at: startedAt, text: `starting ${run.image}` }]
  if (readyAt !== null && readyAt <= last) lines.push({ at: Math.max(readyAt, startedAt), text: 'ready' })
  const count = Math.floor((last - startedAt) / EVERY_MS)
  for (let index = Math.max(1, count - KEPT); index <= count; index++) {
    lines.push({ at: startedAt + index * EVERY_MS, text: `running for ${secondsText((index * EVERY_MS) / 1000)}` })
  }
  if (ended !== null && ended.at <= now) {
    const { at, exitCode } = ended
    lines.push({ at, text: exitCode === 0 ? 'done' : `fatal: exit code ${exitCode}` })
  }
  return lines
}

/** When a run says something next without anything happening to it. */
export function nextLineAt(run: Run, now: number): number {
  return run.startedAt + (Math.floor((now - run.startedAt) / EVERY_MS) + 1) * EVERY_MS
}

/** The run of a container whose log is read: the one that is, the last one, or (`previous`) the one before. */
export function runOf(pod: KubeObject, container: string, previous: boolean): Found {
  const where = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`
  const status = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']
    .flatMap((key) => objectsAt(pod, 'status', key))
    .find((each) => textAt(each, 'name') === container)
  if (status === undefined) return { kind: 'none', message: `${where} is not available` }
  const last = objectAt(status, 'lastState', 'terminated')
  const before = has(status, 'lastState', 'terminated', 'containerID')
  if (previous) {
    return before ? endedRun(status, last) : { kind: 'none', message: `previous terminated ${where} not found` }
  }
  if (has(status, 'state', 'running')) return { kind: 'run', run: runningRun(pod, status) }
  if (has(status, 'state', 'terminated', 'containerID'))
    return endedRun(status, objectAt(status, 'state', 'terminated'))
  if (before) return endedRun(status, last)
  if (has(status, 'state', 'terminated')) return { kind: 'none', message: `${where} is terminated` }
  return { kind: 'none', message: `${where} is waiting to start: ${waitingText(status)}` }
}

function waitingText(status: JsonObject): string {
  const reason = textAt(status, 'state', 'waiting', 'reason')
  switch (reason) {
    case 'ErrImagePull':
      return "image can't be pulled"
    case 'ImagePullBackOff':
      return 'trying and failing to pull image'
    default:
      return reason
  }
}

function runningRun(pod: KubeObject, status: JsonObject): Run {
  const startedAt = timeOf(textAt(status, 'state', 'running', 'startedAt')) ?? 0
  const ready = objectsAt(pod, 'status', 'conditions').find((each) => textAt(each, 'type') === 'ContainersReady')
  const readyAt = isTrue(status, 'ready') ? (timeOf(textAt(ready, 'lastTransitionTime')) ?? startedAt) : null
  return { image: textAt(status, 'image'), startedAt, readyAt, ended: null }
}

function endedRun(status: JsonObject, terminated: JsonObject): Found {
  const startedAt = timeOf(textAt(terminated, 'startedAt')) ?? 0
  const at = timeOf(textAt(terminated, 'finishedAt')) ?? startedAt
  const ended = { at, exitCode: wholeAt(terminated, 'exitCode') ?? 0 }
  return { kind: 'run', run: { image: textAt(status, 'image'), startedAt, readyAt: null, ended } }
}
