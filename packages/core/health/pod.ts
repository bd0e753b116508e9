// Health of a Pod: which container waits or failed, and why.
import type { KubeObject } from '../object/object.ts'
import { annotationOf, stringAt } from '../object/object.ts'
import { conditionsOf, findCondition, health, joined, sayOf } from './conditions.ts'
import type { Container } from './containers.ts'
import { containersOf, endText, isStuck, waitingText } from './containers.ts'
import type { Health } from './health.ts'

/** Judge a pod that ends by itself (an operator's, say) as one that should stay. */
export const IGNORE_RESTART_POLICY = 'argocd.argoproj.io/ignore-restart-policy'

/** Objects with these are hooks: work that is waited for to its end. */
const HOOKS = ['argocd.argoproj.io/hook', 'helm.sh/hook']

/**
 * A pod that should stay is healthy when it is ready, one with work to do (`OnFailure`, `Never`) when that is done.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
 */
export function podHealth(pod: KubeObject): Health {
  const init = containersOf(pod, 'initContainerStatuses')
  const containers = containersOf(pod, 'containerStatuses')
  const stays = shouldStay(pod)
  const stuck = stays ? containers.filter(isStuck) : []
  if (stuck.length > 0) return health('Degraded', joined(...stuck.map((each) => waitingText(each) ?? '')))
  const said = stringAt(pod, 'status', 'message')
  switch (stringAt(pod, 'status', 'phase')) {
    case 'Pending':
      return health('Progressing', said ?? pendingText(pod, [...init, ...containers]))
    case 'Succeeded':
      return health('Healthy', said)
    case 'Failed':
      return health('Degraded', said ?? failedText(pod, [...init, ...containers]))
    case 'Running':
      return stays ? stayingHealth(pod, containers) : health('Progressing', said ?? 'runs until its work is done')
    default:
      return health('Unknown', said ?? 'its node does not tell what it does')
  }
}

function shouldStay(pod: KubeObject): boolean {
  if ((stringAt(pod, 'spec', 'restartPolicy') ?? 'Always') === 'Always') return true
  const isHook = HOOKS.some((name) => annotationOf(pod, name) !== undefined)
  return !isHook && annotationOf(pod, IGNORE_RESTART_POLICY) === 'true'
}

function stayingHealth(pod: KubeObject, containers: readonly Container[]): Health {
  const said = stringAt(pod, 'status', 'message')
  if (findCondition(conditionsOf(pod), 'Ready', 'True') !== undefined) return health('Healthy', said)
  const crashed = containers.find((each) => each.endedBefore !== null)
  if (crashed?.endedBefore) {
    const times = `${crashed.restarts} ${crashed.restarts === 1 ? 'restart' : 'restarts'}`
    const text = `container ${crashed.name} ended before (${endText(crashed.endedBefore)}; ${times}) and the pod is not ready`
    return health('Degraded', said ?? text)
  }
  const waiting = containers.filter((each) => !each.ready).map((each) => each.name)
  return health('Progressing', said ?? (waiting.length === 0 ? 'not ready' : `not ready: ${waiting.join(', ')}`))
}

/** What keeps a pod from starting: no node, or a container that cannot start. */
function pendingText(pod: KubeObject, containers: readonly Container[]): string {
  const unscheduled = findCondition(conditionsOf(pod), 'PodScheduled', 'False')
  if (unscheduled !== undefined) return `no node takes it: ${sayOf(unscheduled)}`
  const texts = containers.map(waitingText).filter((text) => text !== null)
  return texts.length === 0 ? 'starting' : texts.join('; ')
}

function failedText(pod: KubeObject, containers: readonly Container[]): string {
  const failed = containers.find((each) => each.ended !== null && each.ended.exitCode !== 0)
  if (failed?.ended) return `container ${failed.name} failed (${endText(failed.ended)})`
  return stringAt(pod, 'status', 'reason') ?? 'failed'
}
