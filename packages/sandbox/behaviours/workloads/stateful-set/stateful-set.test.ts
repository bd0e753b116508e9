// StatefulSets: ordinals, order, claims, and the way from one template to the next.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { labelOf } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectsAt, textAt, withAt } from '../../../kinds/look.ts'
import { counts, keeping, openStage, type Stage } from '../testing/stage.ts'

function make(stage: Stage, more: Parameters<typeof keeping>[2] = {}): KubeObject {
  return stage.make('apps/v1', 'StatefulSet', 'db', keeping('db', 'postgres:16', { serviceName: 'db', ...more }))
}

function live(stage: Stage): KubeObject {
  return stage.get('apps/v1', 'StatefulSet', 'db')
}

function setImage(stage: Stage, image: string): void {
  stage.world.update(withAt(live(stage), ['spec', 'template', 'spec', 'containers'], [{ name: 'main', image }]))
}

/** `db-0 image`, in order. */
function images(stage: Stage): readonly string[] {
  return stage.pods().map((pod) => `${pod.metadata.name} ${textAt(objectsAt(pod, 'spec', 'containers')[0], 'image')}`)
}

/** Names of Pods in the order in which they were made and marked for deletion from now on. */
function watched(stage: Stage): readonly string[] {
  const seen: string[] = []
  stage.world.subscribe(({ resource, type, object, before }) => {
    if (resource !== '/pods') return
    if (type === 'ADDED') seen.push(`+${object.metadata.name}`)
    const [now, then] = [object.metadata.deletionTimestamp, before?.metadata.deletionTimestamp]
    if (now !== undefined && then === undefined) seen.push(`-${object.metadata.name}`)
  })
  return seen
}

const CLAIM = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
}

describe('a StatefulSet', () => {
  it('makes its Pods one after another, each when the one before is ready', () => {
    const stage = openStage()
    make(stage, { replicas: 3 })
    const seen = watched(stage)
    stage.clock.advance(500)
    expect(seen).toEqual(['+db-0'])
    stage.clock.advance(10_000)
    expect(seen).toEqual(['+db-0', '+db-1', '+db-2'])
    const [record] = stage.world.list('apps/v1', 'ControllerRevision', 'default')
    expect(counts(live(stage))).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: record?.metadata.name,
      updateRevision: record?.metadata.name,
      collisionCount: 0,
    })
    expect(stage.pods().map((pod) => labelOf(pod, 'apps.kubernetes.io/pod-index'))).toEqual(['0', '1', '2'])
    expect(stage.events('StatefulSet', 'db')).toContain(
      'SuccessfulCreate: Create Pod db-0 in StatefulSet db successful (1)',
    )
  })

  it('that is parallel makes them at once and takes the last ones away at once', () => {
    const stage = openStage()
    const set = make(stage, { replicas: 3, podManagementPolicy: 'Parallel' })
    const seen = watched(stage)
    stage.clock.advance(50)
    expect(seen).toEqual(['+db-0', '+db-1', '+db-2'])
    stage.clock.advance(5000)
    stage.change(set, { replicas: 1 })
    stage.clock.advance(50)
    expect(seen.slice(3)).toEqual(['-db-2', '-db-1'])
  })

  it('that is to have more Pods than there can be makes a part of them in each look', () => {
    const stage = openStage()
    const set = make(stage, { replicas: 2_000_000_000, podManagementPolicy: 'Parallel' })
    stage.clock.advance(5)
    expect(stage.pods()).toHaveLength(500)
    stage.change(set, { replicas: 501 })
    stage.clock.advance(5)
    expect(stage.pods()).toHaveLength(501)
  })

  it('shrinks from the end, one at a time', () => {
    const stage = openStage()
    const set = make(stage, { replicas: 3 })
    stage.clock.advance(10_000)
    const seen = watched(stage)
    stage.change(set, { replicas: 1 })
    stage.clock.advance(50)
    expect(seen).toEqual(['-db-2'])
    stage.clock.advance(10_000)
    expect(seen).toEqual(['-db-2', '-db-1'])
    expect(images(stage)).toEqual(['db-0 postgres:16'])
  })

  it('exchanges its Pods from the end, and knows both records meanwhile', () => {
    const stage = openStage()
    make(stage, { replicas: 3 })
    stage.clock.advance(10_000)
    const before = textAt(live(stage), 'status', 'currentRevision')
    const seen = watched(stage)
    setImage(stage, 'postgres:17')
    stage.clock.advance(500)
    expect(counts(live(stage))).toMatchObject({ currentRevision: before, currentReplicas: 2 })
    stage.clock.advance(20_000)
    expect(seen).toEqual(['-db-2', '+db-2', '-db-1', '+db-1', '-db-0', '+db-0'])
    const after = textAt(live(stage), 'status', 'currentRevision')
    expect(after).not.toBe(before)
    expect(counts(live(stage))).toMatchObject({ updateRevision: after, updatedReplicas: 3, currentReplicas: 3 })
  })

  it('with a partition leaves the Pods before it as they were, also those that are made anew', () => {
    const stage = openStage()
    make(stage, { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } })
    stage.clock.advance(10_000)
    setImage(stage, 'postgres:17')
    stage.clock.advance(20_000)
    stage.world.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'db-0' })
    stage.clock.advance(20_000)
    expect(images(stage)).toEqual(['db-0 postgres:16', 'db-1 postgres:16', 'db-2 postgres:17'])
  })

  it('that waits for deletions exchanges a Pod when somebody deletes it', () => {
    const stage = openStage()
    make(stage, { replicas: 2, updateStrategy: { type: 'OnDelete' } })
    stage.clock.advance(10_000)
    setImage(stage, 'postgres:17')
    stage.clock.advance(10_000)
    expect(images(stage)).toEqual(['db-0 postgres:16', 'db-1 postgres:16'])
    stage.world.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'db-1' })
    stage.clock.advance(10_000)
    expect(images(stage)).toEqual(['db-0 postgres:16', 'db-1 postgres:17'])
  })

  it('goes back to an earlier record rather than making one again, and forgets old ones', () => {
    const stage = openStage()
    make(stage, { replicas: 1, revisionHistoryLimit: 1 })
    for (const image of ['postgres:17', 'postgres:16', 'postgres:18', 'postgres:19']) {
      stage.clock.advance(10_000)
      setImage(stage, image)
    }
    stage.clock.advance(10_000)
    const numbers = stage.world.list('apps/v1', 'ControllerRevision', 'default').map((each) => each.revision)
    expect(numbers.toSorted()).toEqual([4, 5])
  })

  it('makes a claim for each Pod, which waits for it, and keeps it', () => {
    const stage = openStage()
    const set = make(stage, { replicas: 1, volumeClaimTemplates: [CLAIM] })
    stage.clock.advance(5000)
    const claim = stage.get('v1', 'PersistentVolumeClaim', 'data-db-0')
    expect(labelOf(claim, 'app')).toBe('db')
    expect(stage.pods().map((pod) => textAt(pod, 'status', 'phase'))).toEqual(['Pending'])
    stage.world.put({ ...claim, status: { phase: 'Bound' } })
    stage.clock.advance(5000)
    expect(stage.pods().map((pod) => textAt(pod, 'status', 'phase'))).toEqual(['Running'])
    stage.change(set, { replicas: 0 })
    stage.clock.advance(10_000)
    expect(stage.pods()).toEqual([])
    expect(stage.get('v1', 'PersistentVolumeClaim', 'data-db-0').metadata.ownerReferences).toBeUndefined()
  })

  it('gives its claims to whoever takes them along', () => {
    const stage = openStage()
    const policy = { whenDeleted: 'Delete', whenScaled: 'Delete' }
    const set = make(stage, {
      replicas: 1,
      volumeClaimTemplates: [CLAIM],
      persistentVolumeClaimRetentionPolicy: policy,
    })
    stage.clock.advance(5000)
    const owners = (): readonly string[] =>
      objectsAt(stage.get('v1', 'PersistentVolumeClaim', 'data-db-0'), 'metadata', 'ownerReferences').map((each) =>
        textAt(each, 'kind'),
      )
    expect(owners()).toEqual(['StatefulSet'])
    stage.change(set, { replicas: 0 })
    stage.clock.advance(20)
    expect(owners()).toEqual(['Pod'])
  })
})
