// The claims of a StatefulSet's Pods: made before them, and owned by whoever takes them along.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { isTrue, objectsAt, textAt, wholeAt, withAt } from '../../../kinds/look.ts'
import { failure } from '../../../registry/status.ts'
import { equalJson } from '../../../verbs/equal.ts'
import type { Desk } from '../../controller.ts'
import { ownerReference } from '../claim.ts'
import { note } from '../event.ts'
import { MANAGER } from '../writer.ts'
import { claimsFor, startOf } from './member.ts'

/** Makes the claims that a member lacks. Throws where one of them is going: the Pod has to wait for its end. */
export function makeClaims({ world, now, random }: Desk, set: KubeObject, ordinal: number): void {
  for (const claim of claimsFor(set, ordinal)) {
    const found = world.get(placeOf(claim))
    if (found !== null && isTerminating(found)) {
      throw failure(409, 'Conflict', `pvc ${claim.metadata.name} is being deleted`)
    }
    if (found !== null) continue
    world.create(claim, MANAGER)
    const [pod, name] = [`${set.metadata.name}-${ordinal}`, set.metadata.name]
    const message = `Create Claim ${claim.metadata.name} Pod ${pod} in StatefulSet ${name} success`
    const said = {
      about: set,
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message,
      from: 'statefulset-controller',
    } as const
    note({ world, now, random }, said)
  }
}

function placeOf(claim: KubeObject): Parameters<Desk['world']['get']>[0] {
  const namespace = textAt(claim, 'metadata', 'namespace')
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claim.metadata.name }
}

/** Lets the claims of a member be owned as the set's policy says. */
export function settleClaims({ world }: Desk, set: KubeObject, pod: KubeObject, ordinal: number): void {
  for (const planned of claimsFor(set, ordinal)) {
    const claim = world.get(placeOf(planned))
    if (claim === null) continue
    const before = objectsAt(claim, 'metadata', 'ownerReferences')
    const owners = ownersFor(set, pod, ordinal, before)
    if (owners === null || equalJson(owners, before)) continue
    world.update(withAt(claim, ['metadata', 'ownerReferences'], owners.length === 0 ? undefined : owners), MANAGER)
  }
}

/** Who owns a claim; null where it is another's, or of an earlier set or Pod of the same name. */
function ownersFor(
  set: KubeObject,
  pod: KubeObject,
  ordinal: number,
  before: readonly JsonObject[],
): readonly JsonObject[] | null {
  const names = (reference: JsonObject, owner: KubeObject): boolean =>
    textAt(reference, 'kind') === owner.kind && textAt(reference, 'name') === owner.metadata.name
  const uid = (owner: KubeObject): string => textAt(owner, 'metadata', 'uid')
  const stale = [set, pod].some((owner) =>
    before.some((each) => names(each, owner) && textAt(each, 'uid') !== uid(owner)),
  )
  if (stale) return null
  const others = before.filter((each) => ![set, pod].some((owner) => names(each, owner)))
  const policy = (key: string): boolean => textAt(set, 'spec', 'persistentVolumeClaimRetentionPolicy', key) === 'Delete'
  const [scaled, deleted] = [policy('whenScaled'), policy('whenDeleted')]
  if (others.some((each) => isTrue(each, 'controller')) && (scaled || deleted)) return others
  const size = wholeAt(set, 'spec', 'replicas') ?? 0
  const surplus = ordinal < startOf(set) || ordinal >= startOf(set) + size
  if (scaled && surplus) return [...others, ownerReference(pod)]
  return deleted ? [...others, ownerReference(set)] : others
}
