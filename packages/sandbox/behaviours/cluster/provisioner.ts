// Makes, enlarges and deletes volumes as the driver of a storage system does.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, isTerminating, uidOf } from '@mainstay/core/object/object.ts'
import { isTrue, objectAt, objectsAt, textAt, textsAt, withAt } from '../../kinds/look.ts'
import { nanoOf } from '../../kinds/quantity.ts'
import type { World } from '../../world.ts'
import { type Controller, type Desk, placeOf, subjectOf } from '../controller.ts'
import { claimOf, provisionerOf, storageClass, volumeNamed } from './claims.ts'
import { lastWritten, unlessGone, writeIfOther } from './objects.ts'
import { classOf } from './volume-match.ts'
import { PROVISIONED_BY } from './volumes.ts'

/** The driver of the sandbox's own classes. */
export const DRIVER = 'disk.csi.example.com'

/** What a driver is told. */
export interface ProvisionerOptions {
  /** The `provisioner` of the classes that it serves. */
  readonly driver?: string
  /** How long a volume takes to be made or deleted. */
  readonly delayMs?: number
}

const WRITER = { manager: 'csi-provisioner' } as const
const RESIZER = { manager: 'csi-resizer' } as const

/** A class of storage that comes with a cluster. */
export function classWith(name: string, binding: 'Immediate' | 'WaitForFirstConsumer', isDefault: boolean): KubeObject {
  const annotations: JsonObject = isDefault ? { 'storageclass.kubernetes.io/is-default-class': 'true' } : {}
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, ...(isDefault ? { annotations } : {}) },
    provisioner: DRIVER,
    reclaimPolicy: 'Delete',
    volumeBindingMode: binding,
    allowVolumeExpansion: true,
  }
}

/** The classes of a usual cluster: `standard` for whoever names none, `standard-wait` where the Pod decides. */
export const standardClasses: readonly KubeObject[] = [
  classWith('standard', 'Immediate', true),
  classWith('standard-wait', 'WaitForFirstConsumer', false),
]

/** The driver of a storage system. */
export function provisioner({ driver = DRIVER, delayMs = 1000 }: ProvisionerOptions = {}): Controller {
  return {
    name: `provisioner-${driver}`,
    follows: [
      { resource: '/persistentvolumeclaims', subjects: (claim) => [subjectOf(claim)] },
      { resource: '/persistentvolumes', subjects: (volume) => [subjectOf(volume), ...claimOf(volume)] },
    ],
    reconcile: (subject, desk) => {
      if (!subject.includes('/')) return deleteReleased(desk, subject, driver, delayMs)
      const claim = desk.world.get({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...placeOf(subject) })
      if (claim === null || isTerminating(claim)) return null
      if (textAt(claim, 'spec', 'volumeName') !== '') return enlarge(desk.world, claim, driver)
      if (provisionerOf(claim) !== driver) return null
      const left = lastWritten(claim) + delayMs - desk.now
      if (left > 0) return left
      make(desk.world, claim, driver)
      return null
    },
  }
}

function make(world: World, claim: KubeObject, driver: string): void {
  const name = `pvc-${uidOf(claim) ?? ''}`
  const kind = storageClass(world, classOf(claim))
  if (kind === null || volumeNamed(world, name) !== null) return
  const { namespace = '', resourceVersion = '' } = claim.metadata
  const claimRef: JsonObject = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    namespace,
    name: claim.metadata.name,
    uid: uidOf(claim) ?? '',
    resourceVersion,
  }
  const spec: JsonObject = {
    accessModes: [...textsAt(claim, 'spec', 'accessModes')],
    capacity: { storage: objectAt(claim, 'spec', 'resources', 'requests').storage ?? '' },
    claimRef,
    csi: { driver, fsType: 'ext4', volumeHandle: name },
    persistentVolumeReclaimPolicy: textAt(kind, 'reclaimPolicy') || 'Delete',
    storageClassName: kind.metadata.name,
    volumeMode: textAt(claim, 'spec', 'volumeMode') || 'Filesystem',
    ...(Array.isArray(kind.mountOptions) ? { mountOptions: kind.mountOptions } : {}),
  }
  const annotations = { [PROVISIONED_BY]: driver }
  world.create({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name, annotations }, spec }, WRITER)
}

function deleteReleased({ world, now }: Desk, name: string, driver: string, delayMs: number): number | null {
  const volume = volumeNamed(world, name)
  if (volume === null || isTerminating(volume) || annotationOf(volume, PROVISIONED_BY) !== driver) return null
  const released = textAt(volume, 'status', 'phase') === 'Released'
  if (!released || textAt(volume, 'spec', 'persistentVolumeReclaimPolicy') !== 'Delete') return null
  const left = lastWritten(volume) + delayMs - now
  if (left > 0) return left
  unlessGone(() => world.delete({ apiVersion: 'v1', kind: 'PersistentVolume', namespace: null, name }))
  return null
}

/** Gives a claim the size that it asks for now, where its class lets it. */
function enlarge(world: World, claim: KubeObject, driver: string): null {
  const volume = volumeNamed(world, textAt(claim, 'spec', 'volumeName'))
  const wanted = objectAt(claim, 'spec', 'resources', 'requests').storage ?? ''
  const known = objectAt(claim, 'status', 'capacity').storage
  if (volume === null || known === undefined || nanoOf(wanted) <= nanoOf(known)) return null
  const allowed = isTrue(storageClass(world, classOf(claim)) ?? {}, 'allowVolumeExpansion')
  if (!allowed || annotationOf(volume, PROVISIONED_BY) !== driver) return null
  writeIfOther(world, volume, withAt(volume, ['spec', 'capacity', 'storage'], wanted), RESIZER)
  const enlarged = withAt(claim, ['status', 'capacity', 'storage'], wanted)
  const conditions = objectsAt(claim, 'status', 'conditions').filter((each) => each.type !== 'Resizing')
  const status = { ...objectAt(enlarged, 'status'), ...(conditions.length === 0 ? {} : { conditions }) }
  writeIfOther(world, claim, { ...enlarged, status }, { ...RESIZER, subresource: 'status' })
  return null
}
