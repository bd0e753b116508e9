// Health of a Pod in every phase, with the words that say which container is to blame.
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../object/json.ts'
import { cond, container, live, shown } from './testing/objects.ts'

const pull = { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "shop:9"' } }
const ended = (exitCode: number, reason: string, message = ''): JsonObject => ({
  terminated: { exitCode, reason, message },
})

function pod(phase: string, containers: readonly Json[], more: JsonObject = {}, restartPolicy = 'Always'): string {
  return shown(
    live('v1', 'Pod', { spec: { restartPolicy }, status: { phase, containerStatuses: containers, ...more } }),
  )
}

describe('a pod that should stay', () => {
  it('is healthy when it is ready', () => {
    expect(pod('Running', [container('web', { ready: true })], { conditions: [cond('Ready', 'True')] })).toBe('Healthy')
  })

  it('is in progress until it is ready, and names who is not', () => {
    const containers = [container('web', { ready: true }), container('proxy')]
    expect(pod('Running', containers, { conditions: [cond('Ready', 'False')] })).toBe('Progressing: not ready: proxy')
  })

  it('is degraded when it is not ready after a crash, with exit code and restarts', () => {
    const crashed = container('web', { restartCount: 3, lastState: ended(137, 'OOMKilled') })
    expect(pod('Running', [crashed])).toBe(
      'Degraded: container web ended before (OOMKilled, exit code 137; 3 restarts) and the pod is not ready',
    )
  })

  it('names the container that cannot pull its image', () => {
    expect(pod('Pending', [container('web', { state: pull })])).toBe(
      'Degraded: container web waits: ImagePullBackOff: Back-off pulling image "shop:9"',
    )
  })

  it('says why a container that loops crashed', () => {
    const state = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } }
    const looping = container('web', { state, lastState: ended(1, 'Error', 'no database\n') })
    expect(pod('Running', [looping])).toBe(
      'Degraded: container web waits: CrashLoopBackOff: back-off 5m0s (exit code 1: no database)',
    )
  })

  it.each(['ErrImagePull', 'CreateContainerConfigError', 'ErrImageNeverPull', 'RunContainerError', 'InvalidImageName'])(
    'is degraded while a container waits with %s',
    (reason) => {
      expect(pod('Pending', [container('web', { state: { waiting: { reason } } })])).toBe(
        `Degraded: container web waits: ${reason}`,
      )
    },
  )
})

describe('a pod that has not started', () => {
  it('says which node it waits for', () => {
    const conditions = [cond('PodScheduled', 'False', 'Unschedulable', '0/3 nodes are available')]
    expect(pod('Pending', [], { conditions })).toBe(
      'Progressing: no node takes it: Unschedulable: 0/3 nodes are available',
    )
  })

  it('is simply starting while its containers are made', () => {
    const making = container('web', { state: { waiting: { reason: 'ContainerCreating' } } })
    expect(pod('Pending', [making])).toBe('Progressing: starting')
  })

  it('names an init container that holds it up', () => {
    const initContainerStatuses = [container('migrate', { state: pull })]
    expect(pod('Pending', [], { initContainerStatuses })).toBe(
      'Progressing: container migrate waits: ImagePullBackOff: Back-off pulling image "shop:9"',
    )
  })
})

describe('a pod with work to do', () => {
  it.each(['OnFailure', 'Never'])('is in progress while it runs (%s)', (policy) => {
    const containers = [container('work', { ready: true })]
    expect(pod('Running', containers, { conditions: [cond('Ready', 'True')] }, policy)).toBe(
      'Progressing: runs until its work is done',
    )
  })

  it('is not given up while its image is missing: it may still come', () => {
    expect(pod('Pending', [container('work', { state: pull })], {}, 'Never')).toBe(
      'Progressing: container work waits: ImagePullBackOff: Back-off pulling image "shop:9"',
    )
  })

  it('is healthy when it is done', () => {
    expect(pod('Succeeded', [container('work', { state: ended(0, 'Completed') })], {}, 'Never')).toBe('Healthy')
  })

  it('is degraded when it failed, with the last words of the container', () => {
    const containers = [
      container('a', { state: ended(0, 'Completed') }),
      container('b', { state: ended(3, 'Error', 'no') }),
    ]
    expect(pod('Failed', containers, {}, 'Never')).toBe('Degraded: container b failed (exit code 3: no)')
  })

  it('is degraded with the reason of the node where no container tells one', () => {
    expect(pod('Failed', [], { reason: 'Evicted', message: 'The node was low on memory' })).toBe(
      'Degraded: The node was low on memory',
    )
    expect(pod('Failed', [], { reason: 'Evicted' })).toBe('Degraded: Evicted')
    expect(pod('Failed', [])).toBe('Degraded: failed')
  })
})

describe('the annotation that ignores the restart policy', () => {
  const annotated = (annotations: JsonObject): string =>
    shown(
      live('v1', 'Pod', {
        metadata: { annotations },
        spec: { restartPolicy: 'Never' },
        status: { phase: 'Running', conditions: [cond('Ready', 'True')] },
      }),
    )
  const ignore = { 'argocd.argoproj.io/ignore-restart-policy': 'true' }

  it('makes a ready pod healthy', () => {
    expect(annotated(ignore)).toBe('Healthy')
  })

  it('does nothing for a hook, which is waited for to its end', () => {
    const waits = 'Progressing: runs until its work is done'
    expect(annotated({ ...ignore, 'argocd.argoproj.io/hook': 'PostSync' })).toBe(waits)
    expect(annotated({ ...ignore, 'helm.sh/hook': 'post-install' })).toBe(waits)
    expect(annotated({ 'argocd.argoproj.io/ignore-restart-policy': 'false' })).toBe(waits)
  })
})

it('is unknown when its node does not answer', () => {
  expect(pod('Unknown', [])).toBe('Unknown: its node does not tell what it does')
  expect(shown(live('v1', 'Pod'))).toBe('Unknown: its node does not tell what it does')
})
