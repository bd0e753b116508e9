// Which volume a claim gets: the smallest that is large enough, of its class, with its access modes.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, uidOf } from '@mainstay/core/object/object.ts'
import { has, objectAt, textAt, textsAt } from '../../kinds/look.ts'
import { selects } from '../../kinds/metadata.ts'
import { nanoOf } from '../../kinds/quantity.ts'

const BETA = 'volume.beta.kubernetes.io/storage-class'

/** The class of a claim or a volume; empty where it has none. */
export function classOf(object: KubeObject): string {
  return textAt(object, 'metadata', 'annotations', BETA) || textAt(object, 'spec', 'storageClassName')
}

/** True where a volume is meant for a claim, by its maker or because it was bound before. */
export function isMeantFor(volume: KubeObject, claim: KubeObject): boolean {
  const reference = objectAt(volume, 'spec', 'claimRef')
  const uid = textAt(reference, 'uid')
  return (
    reference.name === claim.metadata.name &&
    reference.namespace === claim.metadata.namespace &&
    (uid === '' || uid === uidOf(claim))
  )
}

/** What is wrong with a volume for a claim that names it; null where nothing is. */
export function mismatch(volume: KubeObject, claim: KubeObject): string | null {
  if (sizeOf(volume) < requestOf(claim)) return 'requested PV is too small'
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match'
  if (modeOf(volume) !== modeOf(claim)) return 'incompatible volumeMode'
  return hasModes(volume, claim) ? null : 'incompatible accessMode'
}

/** The volume for a claim; null where there is none. `early`: nobody uses the claim yet, so only one that is meant for it. */
export function bestVolume(volumes: readonly KubeObject[], claim: KubeObject, early: boolean): KubeObject | null {
  const fitting = volumes
    .filter((volume) => !isTerminating(volume) && sizeOf(volume) >= requestOf(claim))
    .filter((volume) => modeOf(volume) === modeOf(claim) && hasModes(volume, claim))
  const meant = fitting.find((volume) => isMeantFor(volume, claim))
  if (meant !== undefined || early) return meant ?? null
  const free = fitting.filter((volume) => {
    const open = textAt(volume, 'status', 'phase') === 'Available' && !has(volume, 'spec', 'claimRef')
    return open && classOf(volume) === classOf(claim) && isSelected(volume, claim)
  })
  // Volumes with fewer access modes first, then smaller ones.
  const rank = (volume: KubeObject): number => textsAt(volume, 'spec', 'accessModes').length
  const [best = null] = free.sort(
    (a, b) => rank(a) - rank(b) || (sizeOf(a) < sizeOf(b) ? -1 : sizeOf(a) > sizeOf(b) ? 1 : 0),
  )
  return best
}

function isSelected(volume: KubeObject, claim: KubeObject): boolean {
  if (!has(claim, 'spec', 'selector')) return true
  return selects(objectAt(claim, 'spec', 'selector'), objectAt(volume, 'metadata', 'labels'))
}

function sizeOf(volume: KubeObject): bigint {
  return nanoOf(objectAt(volume, 'spec', 'capacity').storage)
}

function requestOf(claim: KubeObject): bigint {
  return nanoOf(objectAt(claim, 'spec', 'resources', 'requests').storage)
}

function modeOf(object: KubeObject): string {
  return textAt(object, 'spec', 'volumeMode') || 'Filesystem'
}

function hasModes(volume: KubeObject, claim: KubeObject): boolean {
  const modes = textsAt(volume, 'spec', 'accessModes')
  return textsAt(claim, 'spec', 'accessModes').every((each) => modes.includes(each))
}
