// Keeps claims while Pods use them, and volumes while they are bound.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { has, objectsAt, textAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'
import { type Controller, placeOf, subjectOf } from '../controller.ts'
import { finalizersOf, MANAGER, withFinalizers } from './objects.ts'

/** Protects claims. */
export const claimProtection: Controller = {
  name: 'claim-protection',
  follows: [
    { resource: '/persistentvolumeclaims', subjects: (claim) => [subjectOf(claim)] },
    { resource: '/pods', subjects: claimsOf },
  ],
  reconcile: (subject, { world }) => {
    const claim = world.get({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...placeOf(subject) })
    if (claim !== null) protect(world, claim, 'kubernetes.io/pvc-protection', () => isUsed(world, claim))
    return null
  },
}

/** Protects volumes. */
export const volumeProtection: Controller = {
  name: 'volume-protection',
  follows: [{ resource: '/persistentvolumes', subjects: (volume) => [subjectOf(volume)] }],
  reconcile: (name, { world }) => {
    const volume = world.get({ apiVersion: 'v1', kind: 'PersistentVolume', namespace: null, name })
    const bound = (): boolean => textAt(volume ?? {}, 'status', 'phase') === 'Bound'
    if (volume !== null) protect(world, volume, 'kubernetes.io/pv-protection', bound)
    return null
  },
}

function protect(world: World, object: KubeObject, finalizer: string, used: () => boolean): void {
  const finalizers = finalizersOf(object)
  const held = finalizers.includes(finalizer)
  if (isTerminating(object)) {
    const rest = finalizers.filter((each) => each !== finalizer)
    if (held && !used()) world.update(withFinalizers(object, rest), MANAGER)
  } else if (!held) world.update(withFinalizers(object, [...finalizers, finalizer]), MANAGER)
}

/** The claims of a Pod, as subjects. */
function claimsOf(pod: KubeObject): readonly string[] {
  const namespace = textAt(pod, 'metadata', 'namespace')
  return objectsAt(pod, 'spec', 'volumes').flatMap((volume) => {
    if (has(volume, 'ephemeral')) return [`${namespace}/${pod.metadata.name}-${textAt(volume, 'name')}`]
    return has(volume, 'persistentVolumeClaim')
      ? [`${namespace}/${textAt(volume, 'persistentVolumeClaim', 'claimName')}`]
      : []
  })
}

/** A Pod without a node does not use anything yet. */
function isUsed(world: World, claim: KubeObject): boolean {
  const subject = subjectOf(claim)
  return world
    .list('v1', 'Pod', textAt(claim, 'metadata', 'namespace'))
    .some((pod) => textAt(pod, 'spec', 'nodeName') !== '' && claimsOf(pod).includes(subject))
}
