// Says of volumes whether they are free, bound or released, and gets rid of those that are to be deleted.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, uidOf } from '@mainstay/core/object/object.ts'
import { has, objectAt, textAt, withAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'
import { BOUND_BY_CONTROLLER, claimOf, say, volumeNamed } from './claims.ts'
import { MANAGER, STATUS, unlessGone, writeIfOther } from './objects.ts'

/** Who made a volume for a claim. */
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by'

/** The controller of volumes. */
export const volumeController: Controller = {
  name: 'volume',
  follows: [
    { resource: '/persistentvolumes', subjects: (volume) => [subjectOf(volume)] },
    {
      resource: '/persistentvolumeclaims',
      subjects: (claim) => [textAt(claim, 'spec', 'volumeName')].filter((name) => name !== ''),
    },
  ],
  reconcile: (name, desk) => {
    const { world } = desk
    const volume = volumeNamed(world, name)
    if (volume === null) return null
    if (textAt(volume, 'spec', 'claimRef', 'uid') === '') setPhase(world, volume, 'Available')
    else settle(desk, volume)
    return null
  },
}

function settle(desk: Desk, volume: KubeObject): void {
  const { world } = desk
  const [subject = ''] = claimOf(volume)
  const claim = world.get({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...placeOf(subject) })
  const own = claim !== null && uidOf(claim) === textAt(volume, 'spec', 'claimRef', 'uid')
  if (!own) {
    release(desk, volume)
    return
  }
  const bound = textAt(claim, 'spec', 'volumeName')
  // The claim has not yet been told.
  if (bound === '') return
  if (bound === volume.metadata.name) setPhase(world, volume, 'Bound')
  else if (annotationOf(volume, PROVISIONED_BY) !== undefined && policyOf(volume) === 'Delete') release(desk, volume)
  else unbind(world, volume)
}

/** A volume that lost its claim to another volume is free again, for whom it was meant at first. */
function unbind(world: World, volume: KubeObject): void {
  const mine = annotationOf(volume, BOUND_BY_CONTROLLER) !== undefined
  const { uid: _uid, resourceVersion: _version, ...meant } = objectAt(volume, 'spec', 'claimRef')
  const freed = withAt(volume, ['spec', 'claimRef'], mine ? undefined : meant)
  const written = world.update(withAt(freed, ['metadata', 'annotations', BOUND_BY_CONTROLLER], undefined), MANAGER)
  setPhase(world, written, 'Available')
}

function policyOf(volume: KubeObject): string {
  return textAt(volume, 'spec', 'persistentVolumeReclaimPolicy')
}

function setPhase(world: World, volume: KubeObject, phase: string, message = ''): void {
  if (textAt(volume, 'status', 'phase') === phase && textAt(volume, 'status', 'message') === message) return
  const { message: _, ...status } = objectAt(volume, 'status')
  const said = message === '' ? {} : { message }
  writeIfOther(world, volume, { ...volume, status: { ...status, phase, ...said } }, STATUS)
}

/** The claim is gone. What a provisioner made is the provisioner's to delete. */
function release(desk: Desk, volume: KubeObject): void {
  const { world } = desk
  const { name } = volume.metadata
  if (!['Released', 'Failed'].includes(textAt(volume, 'status', 'phase'))) setPhase(world, volume, 'Released')
  if (policyOf(volume) !== 'Delete' || annotationOf(volume, PROVISIONED_BY) !== undefined) return
  const released = volumeNamed(world, name)
  if (released === null) return
  const failure = deletionFault(released)
  if (failure === null)
    unlessGone(() => world.delete({ apiVersion: 'v1', kind: 'PersistentVolume', namespace: null, name }))
  else {
    setPhase(world, released, 'Failed', failure)
    say(desk, released, ['Warning', 'VolumeFailedDelete', failure])
  }
}

/** Paths that the real controller dares to delete. */
const SCRATCH = ['', 'tmp', ''].join('/')

/** Why the real controller cannot delete a volume that nobody provisioned; null where it can. */
function deletionFault(volume: KubeObject): string | null {
  if (!has(volume, 'spec', 'hostPath')) {
    const what = `error getting deleter volume plugin for volume ${JSON.stringify(volume.metadata.name)}`
    return `${what}: no deletable volume plugin matched`
  }
  const path = textAt(volume, 'spec', 'hostPath', 'path')
  const inScratch = path.startsWith(SCRATCH) && path.length > SCRATCH.length
  return inScratch ? null : `host_path deleter only supports ${SCRATCH}.+ but received provided ${path}`
}
