// DaemonSets: a Pod on each node that wants one, and the way from one template to the next.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectsAt, textAt, withAt } from '../../../kinds/look.ts'
import { counts, keeping, openStage, type Stage } from '../testing/stage.ts'

function make(stage: Stage, more: Parameters<typeof keeping>[2] = {}, pod = {}): KubeObject {
  return stage.make('apps/v1', 'DaemonSet', 'agent', keeping('agent', 'agent:1', more, pod))
}

function live(stage: Stage): KubeObject {
  return stage.get('apps/v1', 'DaemonSet', 'agent')
}

function setImage(stage: Stage, image: string): void {
  stage.world.update(withAt(live(stage), ['spec', 'template', 'spec', 'containers'], [{ name: 'main', image }]))
}

function places(stage: Stage): readonly string[] {
  return stage
    .pods()
    .map((pod) => `${textAt(pod, 'spec', 'nodeName')} ${textAt(objectsAt(pod, 'spec', 'containers')[0], 'image')}`)
    .sort()
}

function node(stage: Stage, name: string): KubeObject {
  const found = stage.world.get({ apiVersion: 'v1', kind: 'Node', namespace: null, name })
  if (found === null) throw new Error(`there is no node ${name}`)
  return found
}

describe('a DaemonSet', () => {
  it('has a Pod on every node, also on one that comes later', () => {
    const stage = openStage({ nodes: 2 })
    make(stage)
    stage.clock.advance(5000)
    expect(places(stage)).toEqual(['sandbox-1 agent:1', 'sandbox-2 agent:1'])
    expect(counts(live(stage))).toEqual({
      observedGeneration: 1,
      currentNumberScheduled: 2,
      numberMisscheduled: 0,
      desiredNumberScheduled: 2,
      numberReady: 2,
      updatedNumberScheduled: 2,
      numberAvailable: 2,
    })
    const { metadata, status } = node(stage, 'sandbox-1')
    const third = { name: 'third', labels: metadata.labels ?? {} }
    stage.world.put({ apiVersion: 'v1', kind: 'Node', metadata: third, spec: {}, status: status ?? {} })
    stage.clock.advance(5000)
    expect(places(stage)).toContain('third agent:1')
  })

  it('has none where the selector or a taint says so, and takes it away when that changes', () => {
    const stage = openStage({ nodes: 2 })
    stage.world.update(withAt(node(stage, 'sandbox-2'), ['metadata', 'labels', 'disk'], 'fast'))
    make(stage, {}, { nodeSelector: { disk: 'fast' } })
    stage.clock.advance(5000)
    expect(places(stage)).toEqual(['sandbox-2 agent:1'])
    const taint = { key: 'own', effect: 'NoExecute' }
    stage.world.update(withAt(node(stage, 'sandbox-2'), ['spec', 'taints'], [taint]))
    stage.clock.advance(5000)
    expect(places(stage)).toEqual([])
    expect(counts(live(stage))).toMatchObject({ desiredNumberScheduled: 0 })
  })

  it('exchanges one Pod after another', () => {
    const stage = openStage({ nodes: 3 })
    make(stage)
    stage.clock.advance(5000)
    let fewest = 3
    stage.world.subscribe(() => {
      const ready = stage
        .pods()
        .filter((pod) =>
          objectsAt(pod, 'status', 'conditions').some((each) => each.type === 'Ready' && each.status === 'True'),
        )
      fewest = Math.min(fewest, ready.filter((pod) => pod.metadata.deletionTimestamp === undefined).length)
    })
    setImage(stage, 'agent:2')
    stage.clock.advance(30_000)
    expect(places(stage)).toEqual(['sandbox-1 agent:2', 'sandbox-2 agent:2', 'sandbox-3 agent:2'])
    expect(fewest).toBe(2)
    expect(
      stage.world
        .list('apps/v1', 'ControllerRevision', 'default')
        .map((each) => each.revision)
        .toSorted(),
    ).toEqual([1, 2])
  })

  it('that may have more than one on a node never has none that is ready', () => {
    const stage = openStage({ nodes: 2 })
    make(stage, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } })
    stage.clock.advance(5000)
    let fewest = 2
    stage.world.subscribe(() => {
      const ready = stage
        .pods()
        .filter((pod) =>
          objectsAt(pod, 'status', 'conditions').some((each) => each.type === 'Ready' && each.status === 'True'),
        )
      fewest = Math.min(fewest, new Set(ready.map((pod) => textAt(pod, 'spec', 'nodeName'))).size)
    })
    setImage(stage, 'agent:2')
    stage.clock.advance(30_000)
    expect(places(stage)).toEqual(['sandbox-1 agent:2', 'sandbox-2 agent:2'])
    expect(fewest).toBe(2)
  })

  it('replaces a Pod that failed', () => {
    const stage = openStage()
    make(stage)
    stage.clock.advance(5000)
    const [pod] = stage.pods()
    if (pod !== undefined) stage.world.put(withAt(pod, ['status', 'phase'], 'Failed'))
    stage.clock.advance(5000)
    expect(stage.pods().map((each) => each.metadata.uid)).not.toContain(pod?.metadata.uid)
    expect(places(stage)).toEqual(['sandbox-1 agent:1'])
    expect(stage.events('DaemonSet', 'agent').some((each) => each.startsWith('FailedDaemonPod: Found failed'))).toBe(
      true,
    )
  })
})
