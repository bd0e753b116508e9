// The row of a Pod in `kubectl get pods`.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { timeOf } from '../../schema/time.ts'
import { spanText } from '../duration.ts'
import type { Cells } from '../entry.ts'
import { has, isTrue, objectAt, objectsAt, textAt, wholeAt } from '../look.ts'

interface Row {
  readonly ready: number
  readonly reason: string
  readonly restarts: number
  /** Milliseconds since the epoch of the last restart; null where there was none. */
  readonly last: number | null
}

/** Containers that stay although they are init containers. */
function stays(object: KubeObject, name: string): boolean {
  return objectsAt(object, 'spec', 'initContainers').some(
    (each) => textAt(each, 'name') === name && textAt(each, 'restartPolicy') === 'Always',
  )
}

function isCondition(object: KubeObject, type: string): boolean {
  return objectsAt(object, 'status', 'conditions').some(
    (each) => textAt(each, 'type') === type && textAt(each, 'status') === 'True',
  )
}

function rowOf(object: KubeObject): Row {
  const gated = objectsAt(object, 'status', 'conditions').some(
    (each) => textAt(each, 'type') === 'PodScheduled' && textAt(each, 'reason') === 'SchedulingGated',
  )
  const phase = textAt(object, 'status', 'reason') || textAt(object, 'status', 'phase')
  const begun = initRow(object, gated ? 'SchedulingGated' : phase)
  const row = begun.blocked && !isCondition(object, 'Initialized') ? begun.row : mainRow(object, begun.row)
  return { ...row, reason: lastWord(object, row.reason) }
}

function lastWord(object: KubeObject, reason: string): string {
  if (!has(object, 'metadata', 'deletionTimestamp')) return reason
  if (textAt(object, 'status', 'reason') === 'NodeLost') return 'Unknown'
  return ['Failed', 'Succeeded'].includes(textAt(object, 'status', 'phase')) ? reason : 'Terminating'
}

function later(a: number | null, b: number | null): number | null {
  return a === null || (b !== null && b > a) ? b : a
}

function lastEnd(status: JsonObject): number | null {
  return timeOf(textAt(status, 'lastState', 'terminated', 'finishedAt'))
}

/** Init containers: whether one still holds the Pod up, and how. */
function initRow(object: KubeObject, reason: string): { readonly row: Row; readonly blocked: boolean } {
  let row: Row = { ready: 0, reason, restarts: 0, last: null }
  const count = objectsAt(object, 'spec', 'initContainers').length
  for (const [at, status] of objectsAt(object, 'status', 'initContainerStatuses').entries()) {
    const restarts = row.restarts + (wholeAt(status, 'restartCount') ?? 0)
    row = { ...row, restarts, last: later(row.last, lastEnd(status)) }
    const ended = has(status, 'state', 'terminated')
    if (ended && (wholeAt(status, 'state', 'terminated', 'exitCode') ?? 0) === 0) continue
    if (stays(object, textAt(status, 'name')) && isTrue(status, 'started')) {
      row = { ...row, ready: row.ready + (isTrue(status, 'ready') ? 1 : 0) }
      continue
    }
    return { row: { ...row, reason: initReason(status, at, count) }, blocked: true }
  }
  return { row, blocked: false }
}

function initReason(status: JsonObject, at: number, count: number): string {
  if (has(status, 'state', 'terminated')) return `Init:${endReason(objectAt(status, 'state', 'terminated'))}`
  const waiting = textAt(status, 'state', 'waiting', 'reason')
  return waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${at}/${count}`
}

function endReason(ended: JsonObject): string {
  const reason = textAt(ended, 'reason')
  if (reason !== '') return reason
  const signal = wholeAt(ended, 'signal') ?? 0
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${wholeAt(ended, 'exitCode') ?? 0}`
}

function mainRow(object: KubeObject, begun: Row): Row {
  const lasting = objectsAt(object, 'status', 'initContainerStatuses').filter((each) =>
    stays(object, textAt(each, 'name')),
  )
  const statuses = objectsAt(object, 'status', 'containerStatuses')
  const counted = [...lasting, ...statuses]
  let { reason, ready } = begun
  let [running, failed] = [0, '']
  for (const status of [...statuses].reverse()) {
    const waiting = textAt(status, 'state', 'waiting', 'reason')
    if (waiting !== '') reason = waiting
    else if (has(status, 'state', 'terminated')) {
      const ended = objectAt(status, 'state', 'terminated')
      reason = endReason(ended)
      if ((wholeAt(ended, 'exitCode') ?? 0) !== 0) failed = reason
    } else if (isTrue(status, 'ready') && has(status, 'state', 'running')) {
      running += 1
      ready += 1
    }
  }
  return {
    ready,
    reason: reason === 'Completed' ? completed(object, running > 0, failed) : reason,
    restarts: counted.reduce((sum, each) => sum + (wholeAt(each, 'restartCount') ?? 0), 0),
    last: counted.map(lastEnd).reduce(later, null),
  }
}

function completed(object: KubeObject, running: boolean, failed: string): string {
  if (running && isCondition(object, 'Ready')) return 'Running'
  if (failed !== '') return failed
  return running ? 'NotReady' : 'Completed'
}

function readyCell(object: KubeObject): string {
  const lasting = objectsAt(object, 'spec', 'initContainers').filter(
    (each) => textAt(each, 'restartPolicy') === 'Always',
  )
  return `${rowOf(object).ready}/${objectsAt(object, 'spec', 'containers').length + lasting.length}`
}

function restartsCell(object: KubeObject, now: number): string {
  const { restarts, last } = rowOf(object)
  return restarts !== 0 && last !== null ? `${restarts} (${spanText(now - last)} ago)` : String(restarts)
}

function gatesCell(object: KubeObject): string {
  const gates = objectsAt(object, 'spec', 'readinessGates').map((each) => textAt(each, 'conditionType'))
  if (gates.length === 0) return '<none>'
  return `${gates.filter((each) => isCondition(object, each)).length}/${gates.length}`
}

/** The cells. */
export const podCells: Cells = {
  Ready: readyCell,
  Status: (object) => rowOf(object).reason,
  Restarts: restartsCell,
  IP: (object) => textAt(objectsAt(object, 'status', 'podIPs')[0], 'ip') || '<none>',
  Node: (object) => textAt(object, 'spec', 'nodeName') || '<none>',
  'Nominated Node': (object) => textAt(object, 'status', 'nominatedNodeName') || '<none>',
  'Readiness Gates': gatesCell,
}
