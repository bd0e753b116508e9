// Binds claims to volumes: finds one, or asks for one to be made, and says what came of it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, uidOf } from '@mainstay/core/object/object.ts'
import { has, objectAt, textAt, withAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'
import { note } from '../workloads/event.ts'
import { MANAGER, STATUS, writeIfOther } from './objects.ts'
import { bestVolume, classOf, isMeantFor, mismatch } from './volume-match.ts'

/** How often the real controller looks at what waits. */
const RESYNC_MS = 15_000

export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed'
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller'
const PROVISIONER = 'volume.kubernetes.io/storage-provisioner'
const BETA_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner'
const NODE = 'volume.kubernetes.io/selected-node'

const CLAIM = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' } as const
const VOLUME = { apiVersion: 'v1', kind: 'PersistentVolume' } as const

/** The controller of claims. */
export const claimController: Controller = {
  name: 'claim',
  follows: [
    { resource: '/persistentvolumeclaims', subjects: (claim) => [subjectOf(claim)] },
    { resource: '/persistentvolumes', subjects: claimOf },
  ],
  reconcile: (subject, desk) => {
    const claim = desk.world.get({ ...CLAIM, ...placeOf(subject) })
    if (claim === null) return null
    return annotationOf(claim, BIND_COMPLETED) === undefined ? bindUnbound(desk, claim) : keepBound(desk.world, claim)
  },
}

/** The claim for which a volume is meant, as a subject. */
export function claimOf(volume: KubeObject): readonly string[] {
  const { namespace, name } = objectAt(volume, 'spec', 'claimRef')
  return typeof namespace === 'string' && typeof name === 'string' ? [`${namespace}/${name}`] : []
}

/** A volume by its name. */
export function volumeNamed(world: World, name: string): KubeObject | null {
  return world.get({ ...VOLUME, namespace: null, name })
}

function bindUnbound(desk: Desk, claim: KubeObject): number | null {
  const { world } = desk
  const wanted = textAt(claim, 'spec', 'volumeName')
  if (wanted !== '') {
    const volume = volumeNamed(world, wanted)
    const free = volume !== null && (!has(volume, 'spec', 'claimRef') || isMeantFor(volume, claim))
    if (volume === null || !free || mismatch(volume, claim) !== null) return pending(world, claim)
    return bind(world, volume, claim)
  }
  const early = bindsLate(world, claim) && annotationOf(claim, NODE) === undefined
  const volume = bestVolume(world.list('v1', 'PersistentVolume'), claim, early)
  if (volume !== null) return bind(world, volume, claim)
  if (!early) return provision(desk, claim)
  say(desk, claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding')
  return pending(world, claim)
}

/** Why a claim waits, as the real controller says it again and again. */
function say(desk: Desk, about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
  note(desk, { about, type, reason, message, from: 'persistentvolume-controller' })
}

function pending(world: World, claim: KubeObject): number {
  if (textAt(claim, 'status', 'phase') !== 'Pending') {
    writeIfOther(world, claim, { ...claim, status: { phase: 'Pending' } }, STATUS)
  }
  return RESYNC_MS
}

function bindsLate(world: World, claim: KubeObject): boolean {
  return textAt(storageClass(world, classOf(claim)) ?? {}, 'volumeBindingMode') === 'WaitForFirstConsumer'
}

/** A class by its name; null where there is none. */
export function storageClass(world: World, name: string): KubeObject | null {
  if (name === '') return null
  return world.get({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', namespace: null, name })
}

const NO_VOLUME = 'no persistent volumes available for this claim and no storage class is set'

/** Tells the one who makes volumes of the claim's class. */
function provision(desk: Desk, claim: KubeObject): number {
  const { world } = desk
  const name = classOf(claim)
  const provisioner = textAt(storageClass(world, name) ?? {}, 'provisioner')
  if (provisioner === '') {
    if (name === '') say(desk, claim, 'Normal', 'FailedBinding', NO_VOLUME)
    else say(desk, claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${name}" not found`)
    return pending(world, claim)
  }
  const marked = [PROVISIONER, BETA_PROVISIONER].reduce(
    (object, key) => withAt(object, ['metadata', 'annotations', key], provisioner),
    claim,
  )
  writeIfOther(world, claim, marked, MANAGER)
  return pending(world, world.get({ ...CLAIM, ...placeOf(subjectOf(claim)) }) ?? claim)
}

/** The provisioner that was asked for a volume; empty where none was. */
export function provisionerOf(claim: KubeObject): string {
  return annotationOf(claim, PROVISIONER) ?? ''
}

/** Volume and claim are written four times, as the real controller does. */
function bind(world: World, given: KubeObject, claim: KubeObject): null {
  const volume = world.update(withClaim(given, claim), MANAGER)
  writeIfOther(world, volume, { ...volume, status: { ...objectAt(volume, 'status'), phase: 'Bound' } }, STATUS)
  const bound = world.update(withVolume(claim, volume), MANAGER)
  const { accessModes = [], capacity = {} } = objectAt(volume, 'spec')
  // What was asked for later is given by whoever resizes.
  const known = objectAt(bound, 'status')
  const status = {
    ...known,
    phase: 'Bound',
    accessModes,
    capacity: known.phase === 'Bound' ? (known.capacity ?? capacity) : capacity,
  }
  writeIfOther(world, bound, { ...bound, status }, STATUS)
  return null
}

function withClaim(volume: KubeObject, claim: KubeObject): KubeObject {
  if (isMeantFor(volume, claim) && textAt(volume, 'spec', 'claimRef', 'uid') !== '') return volume
  const { namespace, name, resourceVersion } = claim.metadata
  const claimRef: JsonObject = {
    ...CLAIM,
    namespace: namespace ?? '',
    name,
    uid: uidOf(claim) ?? '',
    resourceVersion: resourceVersion ?? '',
  }
  const own = has(volume, 'spec', 'claimRef')
  const marked = own ? volume : withAt(volume, ['metadata', 'annotations', BOUND_BY_CONTROLLER], 'yes')
  return withAt(marked, ['spec', 'claimRef'], claimRef)
}

function withVolume(claim: KubeObject, volume: KubeObject): KubeObject {
  const own = has(claim, 'spec', 'volumeName')
  const named = own ? claim : withAt(claim, ['spec', 'volumeName'], volume.metadata.name)
  const marked = own ? named : withAt(named, ['metadata', 'annotations', BOUND_BY_CONTROLLER], 'yes')
  return withAt(marked, ['metadata', 'annotations', BIND_COMPLETED], 'yes')
}

/** A claim that was bound has lost everything where its volume is gone or somebody else's. */
function keepBound(world: World, claim: KubeObject): null {
  const name = textAt(claim, 'spec', 'volumeName')
  const volume = name === '' ? null : volumeNamed(world, name)
  const uid = textAt(volume ?? {}, 'spec', 'claimRef', 'uid')
  if (volume !== null && (!has(volume, 'spec', 'claimRef') || uid === uidOf(claim))) return bind(world, volume, claim)
  const { capacity: _, ...status } = objectAt(claim, 'status')
  writeIfOther(world, claim, { ...claim, status: { ...status, phase: 'Lost' } }, STATUS)
  return null
}
