// ReplicaSets keep as many Pods as wanted: they make, delete, take in and let go.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectsAt, textAt, withAt } from '../../kinds/look.ts'
import { conditions, counts, keeping, openStage, type Stage, template } from './testing/stage.ts'

function set(stage: Stage): KubeObject {
  return stage.get('apps/v1', 'ReplicaSet', 'web')
}

function owners(pod: KubeObject): readonly string[] {
  return objectsAt(pod, 'metadata', 'ownerReferences').map((each) => textAt(each, 'name'))
}

describe('a ReplicaSet', () => {
  it('replaces a Pod that was deleted or has failed', () => {
    const stage = openStage()
    stage.make('apps/v1', 'ReplicaSet', 'web', keeping('web', 'nginx:1', { replicas: 2 }))
    stage.clock.advance(5000)
    const [first] = stage.pods()
    stage.world.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: String(first?.metadata.name) })
    stage.clock.advance(5)
    expect(counts(set(stage))).toMatchObject({ replicas: 1, terminatingReplicas: 1 })
    stage.clock.advance(10_000)
    expect(stage.pods()).toHaveLength(2)
    expect(stage.pods().map((pod) => pod.metadata.name)).not.toContain(first?.metadata.name)
    expect(counts(set(stage))).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      terminatingReplicas: 0,
      observedGeneration: 1,
    })
  })

  it('that wants a million Pods gets what fits and a bound number that waits, and says so', () => {
    const stage = openStage()
    stage.make('apps/v1', 'ReplicaSet', 'web', keeping('web', 'nginx:1', { replicas: 1_000_000 }))
    stage.clock.advance(200)
    const all = stage.pods().length
    expect(all).toBeGreaterThan(1000)
    expect(all).toBeLessThan(5000)
    expect(
      stage.events('ReplicaSet', 'web').some((each) => /^FailedCreate: .* is forbidden: [0-9]+ Pods wait/.test(each)),
    ).toBe(true)
    expect(conditions(set(stage)).join()).toMatch(/^ReplicaFailure=True FailedCreate/)
    const place = { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: 'default', name: 'web' }
    stage.world.scale(place, all)
    stage.clock.advance(100)
    expect(stage.pods()).toHaveLength(all)
  })

  it('deletes first what does not run, then what is cheap to lose', () => {
    const stage = openStage({ images: [{ image: 'broken', behaviour: { kind: 'not-found' } }] })
    const made = stage.make('apps/v1', 'ReplicaSet', 'web', keeping('web', 'nginx:1', { replicas: 3 }))
    stage.clock.advance(5000)
    const [cheap] = stage.pods()
    const cost = { 'controller.kubernetes.io/pod-deletion-cost': '-5' }
    stage.world.update(withAt(cheap as KubeObject, ['metadata', 'annotations'], cost))
    stage.make('v1', 'Pod', 'broken', template('web', 'broken:1'))
    stage.clock.advance(5000)
    expect(stage.pods().map((pod) => pod.metadata.name)).not.toContain('broken')
    stage.change(made, { replicas: 2 })
    stage.clock.advance(5000)
    expect(stage.pods().map((pod) => pod.metadata.name)).not.toContain(cheap?.metadata.name)
  })

  it('takes in Pods that nobody owns, and lets go of those that it selects no more', () => {
    const stage = openStage()
    stage.make('v1', 'Pod', 'alone', template('web', 'nginx:1'))
    stage.make('apps/v1', 'ReplicaSet', 'web', keeping('web', 'nginx:1', { replicas: 1 }))
    stage.clock.advance(5000)
    expect(stage.pods().map((pod) => [pod.metadata.name, owners(pod)])).toEqual([['alone', ['web']]])
    const alone = stage.get('v1', 'Pod', 'alone')
    stage.world.update(withAt(alone, ['metadata', 'labels'], { app: 'other' }))
    stage.clock.advance(5000)
    expect(owners(stage.get('v1', 'Pod', 'alone'))).toEqual([])
    expect(stage.pods()).toHaveLength(2)
  })

  it('has an elder relative that does the same', () => {
    const stage = openStage()
    const spec = { replicas: 2, selector: { app: 'web' }, template: template('web', 'nginx:1') }
    stage.make('v1', 'ReplicationController', 'web', { spec })
    stage.clock.advance(5000)
    expect(counts(stage.get('v1', 'ReplicationController', 'web'))).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      observedGeneration: 1,
    })
  })
})
