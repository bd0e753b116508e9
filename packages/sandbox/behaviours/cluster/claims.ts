// Binds claims to volumes: finds one, or asks for one to be made, and says what came of it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, uidOf } from '@mainstay/core/object/object.ts'
import { has, objectAt, textAt, withAt } from '../../kinds/look.ts'
import { defaultClass } from '../../kinds/storage/claim.ts'
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

const CLASSES = ['storage.k8s.io/v1', 'StorageClass'] as const
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
    return annotationOf(claim, BIND_COMPLETED) === undefined ? bindUnbound(desk, claim) : keepBound(desk, claim)
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
    const fault = volume === null ? '' : faultOf(volume, claim)
    if (volume === null || fault !== null) return pending(desk, claim, fault === '' ? null : fault)
    return bind(world, volume, claim)
  }
  const early = bindsLate(world, claim) && annotationOf(claim, NODE) === undefined
  const volume = bestVolume(world.list('v1', 'PersistentVolume'), claim, early)
  if (volume !== null) return bind(world, volume, claim)
  if (!early) return provision(desk, claim)
  return pending(desk, claim, [
    'Normal',
    'WaitForFirstConsumer',
    'waiting for first consumer to be created before binding',
  ])
}

/** Type, reason and text of an Event. */
type Word = readonly ['Normal' | 'Warning', string, string]

/** Why a claim does not get the volume that it names; null where it does. */
function faultOf(volume: KubeObject, claim: KubeObject): Word | null {
  const name = JSON.stringify(volume.metadata.name)
  if (has(volume, 'spec', 'claimRef') && !isMeantFor(volume, claim)) {
    return ['Warning', 'FailedBinding', `volume ${name} already bound to a different claim.`]
  }
  const wrong = mismatch(volume, claim)
  return wrong === null ? null : ['Warning', 'VolumeMismatch', `Cannot bind to requested volume ${name}: ${wrong}`]
}

/** Nothing is to be done now but to say why. */
function pending(desk: Desk, claim: KubeObject, word: Word | null): number {
  if (textAt(claim, 'status', 'phase') !== 'Pending') {
    writeIfOther(desk.world, claim, { ...claim, status: { phase: 'Pending' } }, STATUS)
  }
  if (word !== null) say(desk, claim, word)
  return RESYNC_MS
}

/** Says something of a claim or a volume, as the real controller does again and again. */
export function say(desk: Desk, about: KubeObject, [type, reason, message]: Word): void {
  note(desk, { about, type, reason, message, from: 'persistentvolume-controller' })
}

function bindsLate(world: World, claim: KubeObject): boolean {
  return textAt(storageClass(world, classOf(claim)) ?? {}, 'volumeBindingMode') === 'WaitForFirstConsumer'
}

/** A class by its name; null where there is none. */
export function storageClass(world: World, name: string): KubeObject | null {
  if (name === '') return null
  return world.get({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', namespace: null, name })
}

/** Tells the one who makes volumes of the claim's class. */
function provision(desk: Desk, claim: KubeObject): number {
  const { world } = desk
  const name = classOf(claim)
  const fallback = name === '' && !has(claim, 'spec', 'storageClassName') ? defaultClass(world.list(...CLASSES)) : null
  if (fallback !== null) {
    // A class that became the default one later is given to claims that wait for one.
    world.update(withAt(claim, ['spec', 'storageClassName'], fallback), MANAGER)
    return RESYNC_MS
  }
  if (name === '') {
    const why = 'no persistent volumes available for this claim and no storage class is set'
    return pending(desk, claim, ['Normal', 'FailedBinding', why])
  }
  const provisioner = textAt(storageClass(world, name) ?? {}, 'provisioner')
  if (provisioner === '') {
    const why = `storageclass.storage.k8s.io ${JSON.stringify(name)} not found`
    return pending(desk, claim, ['Warning', 'ProvisioningFailed', why])
  }
  const marked = [PROVISIONER, BETA_PROVISIONER].reduce(
    (object, key) => withAt(object, ['metadata', 'annotations', key], provisioner),
    claim,
  )
  const written = writeIfOther(world, claim, marked, MANAGER)
  return pending(desk, written, ['Normal', 'ExternalProvisioning', waitingText(provisioner)])
}

function waitingText(provisioner: string): string {
  const begin = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator.`
  return `${begin} If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
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
function keepBound(desk: Desk, claim: KubeObject): null {
  const { world } = desk
  const name = textAt(claim, 'spec', 'volumeName')
  const volume = name === '' ? null : volumeNamed(world, name)
  const uid = textAt(volume ?? {}, 'spec', 'claimRef', 'uid')
  if (volume !== null && (!has(volume, 'spec', 'claimRef') || uid === uidOf(claim))) return bind(world, volume, claim)
  const { capacity: _, ...status } = objectAt(claim, 'status')
  if (status.phase === 'Lost') return null
  writeIfOther(world, claim, { ...claim, status: { ...status, phase: 'Lost' } }, STATUS)
  say(desk, claim, volume === null ? ['Warning', 'ClaimLost', LOST] : ['Warning', 'ClaimMisbound', MISBOUND])
  return null
}

const LOST = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!'
const MISBOUND = 'Two claims are bound to the same volume, this one is bound incorrectly'
