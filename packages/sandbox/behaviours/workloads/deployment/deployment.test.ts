// Deployments: what is made for them, how they roll out, and what they say meanwhile.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, labelOf } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectAt, objectsAt, textAt, wholeAt, withAt } from '../../../kinds/look.ts'
import { conditions, counts, keeping, openStage, type Stage } from '../testing/stage.ts'

function deploy(stage: Stage, more: Parameters<typeof keeping>[2] = {}, image = 'nginx:1'): KubeObject {
  return stage.make('apps/v1', 'Deployment', 'web', keeping('web', image, more))
}

function web(stage: Stage): KubeObject {
  return stage.get('apps/v1', 'Deployment', 'web')
}

/** ReplicaSets, the oldest first, as `revision wanted/available`. */
function sets(stage: Stage): readonly string[] {
  return stage.world
    .list('apps/v1', 'ReplicaSet', 'default')
    .map((each) => {
      const available = wholeAt(each, 'status', 'availableReplicas') ?? 0
      return `${annotationOf(each, 'deployment.kubernetes.io/revision')} ${wholeAt(each, 'spec', 'replicas')}/${available}`
    })
    .sort()
}

function setImage(stage: Stage, image: string): void {
  const live = web(stage)
  const containers = objectsAt(live, 'spec', 'template', 'spec', 'containers').map((each) => ({ ...each, image }))
  stage.world.update(withAt(live, ['spec', 'template', 'spec', 'containers'], containers))
}

describe('a Deployment', () => {
  it('gets a ReplicaSet, and that its Pods, and says so', () => {
    const stage = openStage()
    deploy(stage, { replicas: 3 })
    stage.clock.advance(500)
    expect(conditions(web(stage))).toEqual([
      'Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.',
      expect.stringMatching(/^Progressing=True ReplicaSetUpdated: ReplicaSet "web-[a-z0-9]+" is progressing\.$/),
    ])
    stage.clock.advance(5000)
    const [set] = stage.world.list('apps/v1', 'ReplicaSet', 'default')
    const hash = labelOf(set as KubeObject, 'pod-template-hash')
    expect(set?.metadata.name).toBe(`web-${hash}`)
    expect(stage.pods().map((pod) => labelOf(pod, 'pod-template-hash'))).toEqual([hash, hash, hash])
    expect(annotationOf(web(stage), 'deployment.kubernetes.io/revision')).toBe('1')
    expect(counts(web(stage))).toEqual({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
    })
    expect(conditions(web(stage))).toEqual([
      'Available=True MinimumReplicasAvailable: Deployment has minimum availability.',
      `Progressing=True NewReplicaSetAvailable: ReplicaSet "web-${hash}" has successfully progressed.`,
    ])
    expect(stage.events('Deployment', 'web')).toEqual([
      `ScalingReplicaSet: Scaled up replica set web-${hash} from 0 to 3 (1)`,
    ])
    expect(stage.sandbox.waiting()).toBe(0)
  })

  it('exchanges its Pods bit by bit and never has too few or too many', () => {
    const stage = openStage()
    deploy(stage, { replicas: 4, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } })
    stage.clock.advance(5000)
    const seen: (readonly [number, number])[] = []
    stage.world.subscribe(({ resource }) => {
      if (resource !== '/pods') return
      const alive = stage.pods().filter((pod) => pod.metadata.deletionTimestamp === undefined)
      const ready = alive.filter((pod) =>
        objectsAt(pod, 'status', 'conditions').some((each) => each.type === 'Ready' && each.status === 'True'),
      )
      seen.push([alive.length, ready.length])
    })
    setImage(stage, 'nginx:2')
    stage.clock.advance(60_000)
    expect(sets(stage)).toEqual(['1 0/0', '2 4/4'])
    expect(Math.max(...seen.map(([alive]) => alive))).toBe(5)
    expect(Math.min(...seen.map(([, ready]) => ready))).toBe(3)
    expect(stage.pods().map((pod) => textAt(objectsAt(pod, 'spec', 'containers')[0], 'image'))).toEqual(
      Array.from({ length: 4 }, () => 'nginx:2'),
    )
  })

  it('takes an earlier ReplicaSet up again and remembers its revisions', () => {
    const stage = openStage()
    deploy(stage)
    stage.clock.advance(5000)
    setImage(stage, 'nginx:2')
    stage.clock.advance(10_000)
    setImage(stage, 'nginx:1')
    stage.clock.advance(10_000)
    expect(sets(stage)).toEqual(['2 0/0', '3 1/1'])
    const back = stage.world
      .list('apps/v1', 'ReplicaSet', 'default')
      .find((each) => annotationOf(each, 'deployment.kubernetes.io/revision') === '3')
    expect(annotationOf(back as KubeObject, 'deployment.kubernetes.io/revision-history')).toBe('1')
    expect(annotationOf(web(stage), 'deployment.kubernetes.io/revision')).toBe('3')
  })

  it('keeps as many old ReplicaSets as it should', () => {
    const stage = openStage()
    deploy(stage, { revisionHistoryLimit: 1 })
    for (const image of ['nginx:2', 'nginx:3', 'nginx:4']) {
      stage.clock.advance(10_000)
      setImage(stage, image)
    }
    stage.clock.advance(10_000)
    expect(sets(stage)).toEqual(['3 0/0', '4 1/1'])
  })

  it('that recreates waits until the last old Pod is gone', () => {
    const stage = openStage()
    deploy(stage, { replicas: 2, strategy: { type: 'Recreate' } })
    stage.clock.advance(5000)
    const images = new Set<string>()
    stage.world.subscribe(() => {
      const now = stage.pods().map((pod) => textAt(objectsAt(pod, 'spec', 'containers')[0], 'image'))
      images.add([...new Set(now)].join(' and '))
    })
    setImage(stage, 'nginx:2')
    stage.clock.advance(20_000)
    expect(sets(stage)).toEqual(['1 0/0', '2 2/2'])
    expect([...images]).not.toContain('nginx:1 and nginx:2')
  })

  it('says when it does not get on in time, and when it does after all', () => {
    const stage = openStage({ images: [{ image: 'broken', behaviour: { kind: 'never-ready' } }] })
    deploy(stage, { replicas: 1, progressDeadlineSeconds: 60 }, 'broken:1')
    stage.clock.advance(59_000)
    expect(conditions(web(stage))[1]).toContain('ReplicaSetUpdated')
    stage.clock.advance(5000)
    expect(conditions(web(stage))).toEqual([
      'Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.',
      expect.stringMatching(
        /^Progressing=False ProgressDeadlineExceeded: ReplicaSet "web-[a-z0-9]+" has timed out progressing\.$/,
      ),
    ])
    setImage(stage, 'nginx:1')
    stage.clock.advance(10_000)
    expect(conditions(web(stage))[1]).toContain('NewReplicaSetAvailable')
  })

  it('that is paused follows a new size but no new template', () => {
    const stage = openStage()
    const made = deploy(stage, { replicas: 2 })
    stage.clock.advance(5000)
    stage.change(made, { paused: true })
    stage.clock.advance(1000)
    expect(conditions(web(stage))[1]).toBe('Progressing=Unknown DeploymentPaused: Deployment is paused')
    setImage(stage, 'nginx:2')
    stage.change(made, { replicas: 5 })
    stage.clock.advance(5000)
    expect(sets(stage)).toEqual(['1 5/5'])
    stage.change(made, { paused: false })
    stage.clock.advance(30_000)
    expect(sets(stage)).toEqual(['1 0/0', '2 5/5'])
  })

  it('shares a new size out when it is in the middle of a rollout', () => {
    const stage = openStage({ images: [{ image: 'broken', behaviour: { kind: 'never-ready' } }] })
    const made = deploy(stage, { replicas: 10, strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } })
    stage.clock.advance(5000)
    setImage(stage, 'broken:1')
    stage.clock.advance(10_000)
    expect(sets(stage)).toEqual(['1 8/8', '2 5/0'])
    stage.change(made, { replicas: 15 })
    stage.clock.advance(10_000)
    expect(sets(stage)).toEqual(['1 11/11', '2 7/0'])
  })

  it('that shrinks and changes at once keeps enough of what works', () => {
    const stage = openStage({ images: [{ image: 'broken', behaviour: { kind: 'never-ready' } }] })
    const made = deploy(stage, { replicas: 6, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } })
    stage.clock.advance(5000)
    const containers = [{ name: 'main', image: 'broken:1' }]
    const spec = objectAt(web(stage), 'spec')
    stage.change(made, {
      replicas: 4,
      template: withAt(objectAt(spec, 'template'), ['spec', 'containers'], containers),
    })
    stage.clock.advance(10_000)
    expect(sets(stage)).toEqual(['1 3/3', '2 2/0'])
  })

  it('waits with a Pod for as long as it must have been ready', () => {
    const stage = openStage()
    deploy(stage, { replicas: 1, minReadySeconds: 30 })
    stage.clock.advance(10_000)
    expect(counts(web(stage))).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 })
    stage.clock.advance(30_000)
    expect(counts(web(stage))).toMatchObject({ readyReplicas: 1, availableReplicas: 1 })
  })

  it('says that Pods cannot be made, in the words of whoever refuses them', () => {
    const stage = openStage()
    stage.make('v1', 'ServiceAccount', 'default', {})
    deploy(stage, keeping('web', 'nginx:1', {}, { serviceAccountName: 'absent' }).spec as never)
    stage.clock.advance(1000)
    const failure = conditions(web(stage)).find((each) => each.startsWith('ReplicaFailure'))
    expect(failure).toMatch(/^ReplicaFailure=True FailedCreate: pods "web-[a-z0-9]+-" is forbidden: error looking up/)
  })

  it('takes the next hash where another ReplicaSet has its name', () => {
    const first = openStage()
    deploy(first)
    first.clock.advance(1000)
    const [set] = first.world.list('apps/v1', 'ReplicaSet', 'default')
    const stage = openStage()
    stage.make('apps/v1', 'ReplicaSet', String(set?.metadata.name), keeping('other', 'nginx:1', { replicas: 0 }))
    deploy(stage)
    stage.clock.advance(5000)
    expect(counts(web(stage))).toMatchObject({ collisionCount: 1, availableReplicas: 1 })
  })

  it('goes on in a copy as in the original', () => {
    const stage = openStage()
    deploy(stage, { replicas: 3 })
    stage.clock.advance(12)
    const clock = stage.clock
    const copy = stage.sandbox.fork()
    clock.advance(10_000)
    const plain = (world: Stage['world']): unknown =>
      objectAt(world.list('apps/v1', 'Deployment', 'default')[0], 'status')
    expect(plain(copy.world)).toEqual(plain(stage.world))
    expect(copy.world.list('v1', 'Pod').length).toBe(3)
  })
})
