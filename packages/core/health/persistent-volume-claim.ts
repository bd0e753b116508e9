// Health of a PersistentVolumeClaim: bound, waiting for a volume, waiting on purpose, or without its volume.
import type { KubeObject } from '../object/object.ts'
import { annotationOf, stringAt } from '../object/object.ts'
import { health } from './conditions.ts'
import type { Health } from './health.ts'

/** Set by the volume controller once it has asked a provisioner for a volume; the second name is the older one. */
const PROVISIONERS = ['volume.kubernetes.io/storage-provisioner', 'volume.beta.kubernetes.io/storage-provisioner']

/**
 * A pending claim that nobody provisions for waits for the first pod that uses it (`WaitForFirstConsumer`). It counts as
 * healthy: a wave that waited for it would never come to the pod. One that names its volume waits for just that one.
 * Source: https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode
 */
export function persistentVolumeClaimHealth(claim: KubeObject): Health {
  const phase = stringAt(claim, 'status', 'phase')
  const volume = stringAt(claim, 'spec', 'volumeName') ?? ''
  switch (phase) {
    case 'Bound':
      return health('Healthy')
    case 'Lost':
      return health('Degraded', `its volume ${volume} is gone`)
    case 'Pending':
      return pendingHealth(claim, volume)
    default:
      return health('Unknown', phase === undefined ? 'it has no phase' : `its phase is ${phase}`)
  }
}

function pendingHealth(claim: KubeObject, volume: string): Health {
  if (volume !== '') return health('Progressing', `waits for volume ${volume}`)
  const provisioner = PROVISIONERS.map((name) => annotationOf(claim, name)).find((value) => value !== undefined)
  if (provisioner !== undefined) return health('Progressing', `${provisioner} is making its volume`)
  return health('Healthy', 'not bound yet: waits for its first pod, or for a volume that fits')
}
