// Carries out one wait step: follows objects until all are healthy, or all are gone.
import { healthOf } from '@mainstay/core/health/of.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { uidOf } from '@mainstay/core/object/object.ts'
import type { RefKey } from '@mainstay/core/object/ref.ts'
import { refKey, sameRef } from '@mainstay/core/object/ref.ts'
import type { WaitStep } from '@mainstay/core/plan/plan.ts'
import type { StepResult } from '@mainstay/core/run/run.ts'
import { FaultError } from '../fault.ts'
import type { StepContext } from './context.ts'
import type { Address } from './target.ts'

/** Waits within the step's time limit. A time-out names what is still missing. */
export async function waitStep(step: WaitStep, context: StepContext): Promise<StepResult> {
  const open = new Map<RefKey, string>(step.refs.map((ref) => [refKey(ref), `${ref.kind}/${ref.name}: not seen yet`]))
  const addresses = step.refs.map((ref) => ({ ref, apiVersion: versionOf(step, ref.group, ref.kind, context) }))
  const end = new AbortController()
  let giveUp: (error: unknown) => void = () => undefined
  const untold = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  const timer = context.clock.sleep(step.timeoutS * 1000, end.signal).then(
    () => 'timeout' as const,
    () => 'stopped' as const,
  )
  const follow = context.target.follow(
    addresses,
    (address, object) => {
      const seen = step.until === 'gone' && isAnother(address, object, context) ? null : object
      const message = note(step, address, seen, open)
      // What cannot be told cannot be journaled either: then the run must stop, not only this message.
      if (message !== null) context.progress(step.id, message).catch(giveUp)
      return open.size === 0 ? 'stop' : 'go-on'
    },
    AbortSignal.any([context.signal, end.signal]),
  )
  try {
    const first = await Promise.race([follow, timer, untold])
    if (first === 'timeout') throw timedOut(step, [...open.values()])
    if (open.size > 0) throw new FaultError({ kind: 'cancelled', what: 'waiting was cancelled', where: step.id })
    return step.until === 'gone' ? { kind: 'gone' } : { kind: 'healthy' }
  } finally {
    end.abort()
    await follow.catch(() => undefined) // Its failure was the answer of the race, or it ends by our own abort.
  }
}

/** True for an object that somebody made under the name of one that this plan deleted: that one is gone. */
function isAnother({ ref }: Address, object: KubeObject | null, { plan }: StepContext): boolean {
  const deleted = plan.steps.find((each) => each.kind === 'delete' && sameRef(each.ref, ref))
  return object !== null && deleted?.kind === 'delete' && uidOf(object) !== deleted.uid
}

/** Takes an object off the list once it is as waited for; returns what it waits for when that changes. */
function note(step: WaitStep, address: Address, object: KubeObject | null, open: Map<RefKey, string>): string | null {
  const key = refKey(address.ref)
  const missing = step.until === 'gone' ? stillThere(object) : notHealthy(object)
  if (missing === null) {
    open.delete(key)
    return null
  }
  const message = `${address.ref.kind}/${address.ref.name}: ${missing}`
  const changed = open.get(key) !== message
  open.set(key, message)
  return changed ? message : null
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
    if ('apiVersion' in each && each.ref.group === group && each.ref.kind === kind) {
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
