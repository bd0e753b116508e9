// Carries out one wait step: follows objects until all are healthy, or all are gone.
import { healthOf } from '@mainstay/core/health/of.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { RefKey } from '@mainstay/core/object/ref.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { WaitStep } from '@mainstay/core/plan/plan.ts'
import type { StepResult } from '@mainstay/core/run/run.ts'
import { FaultError } from '../fault.ts'
import type { StepContext } from './context.ts'
import type { Address } from './target.ts'

/** Waits within the step's time limit. A time-out names what is still missing. */
export async function waitStep(step: WaitStep, context: StepContext): Promise<StepResult> {
  const open = new Map<RefKey, string>(step.refs.map((ref) => [refKey(ref), `${ref.kind}/${ref.name}: not seen yet`]))
  const limit = new AbortController()
  const timer = context.clock.sleep(step.timeoutS * 1000, limit.signal).then(
    () => 'timeout' as const,
    () => 'stopped' as const,
  )
  const stop = new AbortController()
  const follow = context.target.follow(
    step.refs.map((ref) => ({ ref, apiVersion: versionOf(step, ref.group, ref.kind, context) })),
    (address, object) => {
      note(step, address, object, open, context)
      return open.size === 0 ? 'stop' : 'go-on'
    },
    AbortSignal.any([context.signal, stop.signal]),
  )
  const first = await Promise.race([follow.then(() => 'done' as const), timer]).finally(() => limit.abort())
  if (first === 'timeout') {
    stop.abort()
    await follow.catch(() => undefined) // It ends by our own abort; the time-out below is the answer.
    throw timedOut(step, [...open.values()])
  }
  if (open.size > 0) throw new FaultError({ kind: 'cancelled', what: 'waiting was cancelled', where: step.id })
  return step.until === 'gone' ? { kind: 'gone' } : { kind: 'healthy' }
}

/** Takes an object off the list once it is as waited for; says what it waits for when that changes. */
function note(
  step: WaitStep,
  address: Address,
  object: KubeObject | null,
  open: Map<RefKey, string>,
  context: StepContext,
): void {
  const key = refKey(address.ref)
  const label = `${address.ref.kind}/${address.ref.name}`
  const missing = step.until === 'gone' ? stillThere(object) : notHealthy(object)
  if (missing === null) {
    open.delete(key)
    return
  }
  const message = `${label}: ${missing}`
  if (open.get(key) !== message) void context.progress(step.id, message)
  open.set(key, message)
}

function stillThere(object: KubeObject | null): string | null {
  if (object === null) return null
  const finalizers = object.metadata.finalizers
  const names = Array.isArray(finalizers) ? finalizers.join(', ') : ''
  return names === '' ? 'still there' : `still there, finalizers: ${names}`
}

function notHealthy(object: KubeObject | null): string | null {
  if (object === null) return 'does not exist'
  const health = healthOf(object)
  if (health === null || health.status === 'Healthy' || health.status === 'Suspended') return null
  return `${health.status}${health.message === '' ? '' : `, ${health.message}`}`
}

function versionOf(step: WaitStep, group: string, kind: string, context: StepContext): string {
  for (const each of context.plan.steps) {
    if (each.kind !== 'wait' && each.kind !== 'rebind' && each.ref.group === group && each.ref.kind === kind) {
      return each.apiVersion
    }
  }
  const recorded = [...context.desired.values()].find((each) => each.ref.group === group && each.ref.kind === kind)
  if (recorded !== undefined) return recorded.manifest.apiVersion
  throw new FaultError({
    kind: 'invalid-input',
    what: `the plan waits for ${group}/${kind} but never names its version`,
    where: step.id,
  })
}

function timedOut(step: WaitStep, open: readonly string[]): FaultError {
  return new FaultError({
    kind: 'timeout',
    what: `not ${step.until} within ${step.timeoutS} s`,
    where: step.id,
    why: open.slice(0, 10).join('; '),
    fix: ['See its events and logs, mend it in Git, and sync again.'],
  })
}
