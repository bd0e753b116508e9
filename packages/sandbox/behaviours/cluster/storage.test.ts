// Claims and volumes: who gets what, what is made, and what becomes of it afterwards.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { textAt, textsAt, withAt } from '../../kinds/look.ts'
import { openSandbox, type Sandbox } from '../../sandbox.ts'
import { openTestClock, type TestClock } from '../../testing/clock.ts'
import { clusterControllers } from './all.ts'
import { standardClasses } from './provisioner.ts'

interface Stage {
  readonly sandbox: Sandbox
  readonly world: Sandbox['world']
  readonly clock: TestClock
}

function open(): Stage {
  const clock = openTestClock()
  const sandbox = openSandbox({ clock, seed: 1, controllers: clusterControllers() })
  return { sandbox, world: sandbox.world, clock }
}

function volume(name: string, storage: string, more: JsonObject = {}): KubeObject {
  const spec = {
    capacity: { storage },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: '/data' },
    storageClassName: 'disk',
  }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, labels: { is: name } },
    spec: { ...spec, ...more },
  }
}

function claim(name: string, storage: string, more: JsonObject = {}): KubeObject {
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName: 'disk', resources: { requests: { storage } } }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: { ...spec, ...more },
  }
}

const claimAt = (name: string) => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'default', name })
const volumeAt = (name: string) => ({ apiVersion: 'v1', kind: 'PersistentVolume', namespace: null, name })

/** `name phase volume` of every claim, and `name phase claim` of every volume. */
function told({ world }: Stage): readonly string[] {
  const line = (object: KubeObject, other: Json | undefined): string =>
    `${object.metadata.name} ${textAt(object, 'status', 'phase')} ${typeof other === 'string' ? other : '-'}`
  return [
    ...world.list('v1', 'PersistentVolumeClaim').map((each) => line(each, textAt(each, 'spec', 'volumeName') || '-')),
    ...world.list('v1', 'PersistentVolume').map((each) => line(each, textAt(each, 'spec', 'claimRef', 'name') || '-')),
  ]
}

describe('a claim', () => {
  it('gets the smallest volume of its class that is large enough, first of those that can no more than it asks', () => {
    const stage = open()
    for (const [name, size] of [
      ['large', '9Gi'],
      ['small', '1Gi'],
      ['right', '3Gi'],
    ] as const) {
      stage.world.create(volume(name, size))
    }
    stage.world.create(volume('other', '2Gi', { storageClassName: 'other' }))
    stage.world.create(volume('many', '2Gi', { accessModes: ['ReadOnlyMany'] }))
    stage.world.create(volume('both', '2Gi', { accessModes: ['ReadOnlyMany', 'ReadWriteOnce'] }))
    stage.clock.advance(100)
    stage.world.create(claim('data', '2Gi'))
    stage.clock.advance(100)
    expect(told(stage)).toEqual([
      'data Bound right',
      'both Available -',
      'large Available -',
      'many Available -',
      'other Available -',
      'right Bound data',
      'small Available -',
    ])
    const bound = stage.world.get(claimAt('data'))
    expect(bound?.metadata.annotations).toEqual({
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
    })
    expect(bound?.status).toEqual({ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '3Gi' } })
  })

  it('gets what its selector, its volume name or the volume itself says', () => {
    const stage = open()
    for (const name of ['a', 'b', 'c']) stage.world.create(volume(name, '1Gi'))
    stage.world.create(volume('mine', '5Gi', { claimRef: { namespace: 'default', name: 'reserved' } }))
    stage.clock.advance(100)
    stage.world.create(claim('selects', '1Gi', { selector: { matchLabels: { is: 'b' } } }))
    stage.world.create(claim('names', '1Gi', { volumeName: 'c' }))
    stage.world.create(claim('reserved', '1Gi'))
    stage.clock.advance(100)
    expect(told(stage).slice(0, 3)).toEqual(['names Bound c', 'reserved Bound mine', 'selects Bound b'])
  })

  it('waits for a volume that comes later', () => {
    const stage = open()
    stage.world.create(claim('data', '1Gi'))
    stage.clock.advance(1000)
    expect(told(stage)).toEqual(['data Pending -'])
    stage.world.create(volume('late', '1Gi'))
    stage.clock.advance(16_000)
    expect(told(stage)).toEqual(['data Bound late', 'late Bound data'])
  })

  it('says why it waits', () => {
    const stage = open()
    const { world, clock } = stage
    for (const each of standardClasses) world.create(each)
    world.create(volume('small', '1Gi'))
    world.create(claim('none', '1Gi', { storageClassName: '' }))
    world.create(claim('unknown', '1Gi', { storageClassName: 'nothing' }))
    world.create(claim('late', '1Gi', { storageClassName: 'standard-wait' }))
    world.create(claim('large', '2Gi', { volumeName: 'small' }))
    clock.advance(100)
    const events = world.list('v1', 'Event').map((each) => {
      const about = textAt(each, 'involvedObject', 'name')
      return [about, textAt(each, 'type'), textAt(each, 'reason'), textAt(each, 'message')].join(' | ')
    })
    expect(events.sort()).toEqual([
      'large | Warning | VolumeMismatch | Cannot bind to requested volume "small": requested PV is too small',
      'late | Normal | WaitForFirstConsumer | waiting for first consumer to be created before binding',
      'none | Normal | FailedBinding | no persistent volumes available for this claim and no storage class is set',
      'unknown | Warning | ProvisioningFailed | storageclass.storage.k8s.io "nothing" not found',
    ])
  })

  it('loses everything with its volume', () => {
    const stage = open()
    stage.world.create(volume('disk', '1Gi'))
    stage.world.create(claim('data', '1Gi'))
    stage.clock.advance(16_000)
    stage.world.remove(volumeAt('disk'))
    stage.clock.advance(100)
    expect(told(stage)).toEqual(['data Lost disk'])
  })

  it('is kept while a Pod on a node uses it', () => {
    const stage = open()
    const { world, clock } = stage
    world.create(claim('data', '1Gi'))
    const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }]
    const spec = { containers: [{ name: 'main', image: 'web:1' }], volumes, nodeName: 'node' }
    world.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' }, spec })
    world.delete(claimAt('data'))
    clock.advance(1000)
    expect(textsAt(world.get(claimAt('data')) ?? {}, 'metadata', 'finalizers')).toEqual([
      'kubernetes.io/pvc-protection',
    ])
    world.remove({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web' })
    clock.advance(100)
    expect(world.get(claimAt('data'))).toBeNull()
  })
})

describe('a volume whose claim is gone', () => {
  it('is released and remembers its claim, so that nobody gets what is on it', () => {
    const stage = open()
    const { world, clock } = stage
    world.create(volume('disk', '1Gi'))
    clock.advance(100)
    world.create(claim('data', '1Gi'))
    clock.advance(100)
    world.delete(claimAt('data'))
    clock.advance(100)
    expect(told(stage)).toEqual(['disk Released data'])
    world.create(claim('data', '1Gi'))
    clock.advance(60_000)
    expect(told(stage)).toEqual(['data Pending -', 'disk Released data'])
  })

  it('fails where it is to be deleted and nobody can', () => {
    const stage = open()
    const { world, clock } = stage
    world.create(volume('disk', '1Gi', { persistentVolumeReclaimPolicy: 'Delete' }))
    clock.advance(100)
    world.create(claim('data', '1Gi'))
    clock.advance(100)
    world.delete(claimAt('data'))
    clock.advance(100)
    expect(told(stage)).toEqual(['disk Failed data'])
    expect(textAt(world.get(volumeAt('disk')) ?? {}, 'status', 'message')).toMatch(
      /^host_path deleter only supports .+ but received provided \/data$/,
    )
  })

  it('is kept while it is bound', () => {
    const stage = open()
    const { world, clock } = stage
    world.create(volume('disk', '1Gi'))
    clock.advance(100)
    world.create(claim('data', '1Gi'))
    clock.advance(100)
    world.delete(volumeAt('disk'))
    clock.advance(1000)
    expect(told(stage)).toEqual(['data Bound disk', 'disk Bound data'])
    world.delete(claimAt('data'))
    clock.advance(100)
    expect(told(stage)).toEqual([])
  })
})

describe('a class of storage', () => {
  it('makes a volume for a claim that names no class, and deletes it with the claim', () => {
    const stage = open()
    const { world, clock } = stage
    for (const each of standardClasses) world.create(each)
    const { storageClassName: _, ...spec } = claim('data', '1Gi').spec as JsonObject
    const made = world.create({ ...claim('data', '1Gi'), spec })
    clock.advance(500)
    expect(told(stage)).toEqual(['data Pending -'])
    clock.advance(3000)
    const name = `pvc-${String(made.metadata.uid)}`
    expect(told(stage)).toEqual([`data Bound ${name}`, `${name} Bound data`])
    world.delete(claimAt('data'))
    clock.advance(3000)
    expect(told(stage)).toEqual([])
  })

  it('is given to claims that waited for any', () => {
    const stage = open()
    const { world, clock } = stage
    const { storageClassName: _, ...spec } = claim('data', '1Gi').spec as JsonObject
    world.create({ ...claim('data', '1Gi'), spec })
    clock.advance(60_000)
    expect(told(stage)).toEqual(['data Pending -'])
    for (const each of standardClasses) world.create(each)
    clock.advance(20_000)
    expect(told(stage)[0]).toMatch(/^data Bound pvc-/)
  })

  it('waits for a node where it is told to', () => {
    const stage = open()
    const { world, clock } = stage
    for (const each of standardClasses) world.create(each)
    world.create(claim('data', '1Gi', { storageClassName: 'standard-wait' }))
    clock.advance(60_000)
    expect(told(stage)).toEqual(['data Pending -'])
    const waiting = world.get(claimAt('data'))
    if (waiting === null) throw new Error('it waits')
    world.update(withAt(waiting, ['metadata', 'annotations', 'volume.kubernetes.io/selected-node'], 'node'))
    clock.advance(3000)
    expect(told(stage)[0]).toMatch(/^data Bound pvc-/)
  })

  it('keeps the volume where it says so, and enlarges it', () => {
    const stage = open()
    const { world, clock } = stage
    const [standard] = standardClasses
    if (standard === undefined) throw new Error('there is a class')
    world.create({ ...standard, reclaimPolicy: 'Retain' })
    world.create(claim('data', '1Gi', { storageClassName: 'standard' }))
    clock.advance(3000)
    const bound = world.get(claimAt('data'))
    if (bound === null) throw new Error('it is bound')
    world.update(withAt(bound, ['spec', 'resources', 'requests', 'storage'], '2Gi'))
    clock.advance(3000)
    expect(textAt(world.get(claimAt('data')) ?? {}, 'status', 'capacity', 'storage')).toBe('2Gi')
    world.delete(claimAt('data'))
    clock.advance(60_000)
    expect(told(stage)).toEqual([`${textAt(bound, 'spec', 'volumeName')} Released data`])
  })
})
