// Nodes that fail, are tainted or deleted, and what becomes of their Pods.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectAt, objectsAt, textAt, withAt } from '../../kinds/look.ts'
import { conditions, keeping, openStage, type Stage } from '../workloads/testing/stage.ts'

function node(stage: Stage, name = 'sandbox-1'): KubeObject {
  const found = stage.world.get({ apiVersion: 'v1', kind: 'Node', namespace: null, name })
  if (found === null) throw new Error(`there is no node ${name}`)
  return found
}

function fail(stage: Stage, status: string, name = 'sandbox-1'): void {
  const before = node(stage, name)
  const told = objectsAt(before, 'status', 'conditions').map((each) =>
    each.type === 'Ready' ? { ...each, status } : each,
  )
  stage.world.put({ ...before, status: { ...objectAt(before, 'status'), conditions: told } })
}

function taints(stage: Stage, name = 'sandbox-1'): readonly string[] {
  return objectsAt(node(stage, name), 'spec', 'taints').map(
    (each) => `${textAt(each, 'key')}:${textAt(each, 'effect')}`,
  )
}

function places(stage: Stage): readonly string[] {
  const staying = stage.pods().filter((pod) => pod.metadata.deletionTimestamp === undefined)
  return staying.map((pod) => textAt(pod, 'spec', 'nodeName')).sort()
}

describe('a node', () => {
  it('that is not ready is tainted, and its Pods are not ready either, until it comes back', () => {
    const stage = openStage()
    stage.make('apps/v1', 'ReplicaSet', 'web', keeping('web', 'nginx:1', { replicas: 1 }))
    stage.clock.advance(5000)
    fail(stage, 'False')
    stage.clock.advance(1000)
    const key = 'node.kubernetes.io/not-ready'
    expect(taints(stage)).toEqual([`${key}:NoSchedule`, `${key}:NoExecute`])
    expect(conditions(stage.pods()[0] as KubeObject)).toContain('Ready=False')
    fail(stage, 'True')
    stage.clock.advance(1000)
    expect(taints(stage)).toEqual([])
    expect(conditions(stage.pods()[0] as KubeObject)).toContain('Ready=True')
  })

  it('that stays away loses its Pods to another one after five minutes', () => {
    const stage = openStage({ nodes: 2 })
    stage.make('apps/v1', 'ReplicaSet', 'web', keeping('web', 'nginx:1', { replicas: 2 }))
    stage.clock.advance(5000)
    expect(places(stage)).toEqual(['sandbox-1', 'sandbox-2'])
    fail(stage, 'Unknown')
    stage.clock.advance(290_000)
    expect(places(stage)).toEqual(['sandbox-1', 'sandbox-2'])
    stage.clock.advance(20_000)
    expect(places(stage)).toEqual(['sandbox-2', 'sandbox-2'])
    const gone = stage.pods().find((pod) => textAt(pod, 'spec', 'nodeName') === 'sandbox-1')
    expect(conditions(gone as KubeObject)).toContain(
      'DisruptionTarget=True DeletionByTaintManager: Taint manager: deleting due to NoExecute taint',
    )
  })

  it('with a taint sends Pods away that do not bear it, at once or after their time', () => {
    const stage = openStage()
    const toleration = { key: 'own', operator: 'Exists', effect: 'NoExecute' }
    const pod = (name: string, tolerations: readonly object[]): void => {
      stage.make('v1', 'Pod', name, { spec: { containers: [{ name: 'main', image: 'app:1' }], tolerations } as never })
    }
    pod('leaves', [])
    pod('lingers', [{ ...toleration, tolerationSeconds: 60 }])
    pod('stays', [toleration])
    stage.clock.advance(5000)
    stage.world.update(withAt(node(stage), ['spec', 'taints'], [{ key: 'own', effect: 'NoExecute' }]))
    stage.clock.advance(10_000)
    expect(stage.pods().map((each) => each.metadata.name)).toEqual(['lingers', 'stays'])
    stage.clock.advance(60_000)
    expect(stage.pods().map((each) => each.metadata.name)).toEqual(['stays'])
  })

  it('that was deleted does not hold Pods that are deleted', () => {
    const stage = openStage()
    stage.make('v1', 'Pod', 'p', { spec: { containers: [{ name: 'main', image: 'app:1' }] } })
    stage.clock.advance(5000)
    stage.world.delete({ apiVersion: 'v1', kind: 'Node', namespace: null, name: 'sandbox-1' })
    stage.world.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'p' })
    stage.clock.advance(1000)
    expect(stage.pods()).toEqual([])
  })
})
