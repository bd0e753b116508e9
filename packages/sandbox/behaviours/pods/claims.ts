// The volumes that a Pod claims, and whether they are there.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf, isTerminating } from '@mainstay/core/object/object.ts'
import { has, objectsAt, textAt, withAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'

/** What a scheduler finds of a Pod's claims. */
export type Claims =
  | { readonly kind: 'bound' }
  /** These are bound when a node is known. */
  | { readonly kind: 'waiting'; readonly claims: readonly KubeObject[] }
  | { readonly kind: 'wrong'; readonly reason: string }

/** The claims of a Pod by name; those of ephemeral volumes are named after the Pod. */
export function claimNames(pod: KubeObject): readonly string[] {
  return objectsAt(pod, 'spec', 'volumes').flatMap((volume) => {
    if (has(volume, 'ephemeral')) return [`${pod.metadata.name}-${textAt(volume, 'name')}`]
    return has(volume, 'persistentVolumeClaim') ? [textAt(volume, 'persistentVolumeClaim', 'claimName')] : []
  })
}

/** Looks at the claims of a Pod. */
export function claimsOf(world: World, pod: KubeObject): Claims {
  const namespace = textAt(pod, 'metadata', 'namespace')
  const waiting: KubeObject[] = []
  for (const name of claimNames(pod)) {
    const claim = world.get({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name })
    if (claim === null) return { kind: 'wrong', reason: `persistentvolumeclaim "${name}" not found` }
    if (isTerminating(claim)) return { kind: 'wrong', reason: `persistentvolumeclaim "${name}" is being deleted` }
    if (textAt(claim, 'status', 'phase') === 'Lost') {
      const volume = textAt(claim, 'spec', 'volumeName')
      return {
        kind: 'wrong',
        reason: `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${volume}"`,
      }
    }
    if (textAt(claim, 'status', 'phase') === 'Bound') continue
    if (!bindsLate(world, claim)) return { kind: 'wrong', reason: 'pod has unbound immediate PersistentVolumeClaims' }
    waiting.push(claim)
  }
  return waiting.length === 0 ? { kind: 'bound' } : { kind: 'waiting', claims: waiting }
}

function bindsLate(world: World, claim: KubeObject): boolean {
  const name = textAt(claim, 'spec', 'storageClassName')
  if (name === '') return false
  const found = world.get({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', namespace: null, name })
  return textAt(found ?? {}, 'volumeBindingMode') === 'WaitForFirstConsumer'
}

const NODE = 'volume.kubernetes.io/selected-node'

/** Tells whoever makes volumes where a claim will be used. */
export function chooseNode(world: World, claims: readonly KubeObject[], node: string): void {
  for (const claim of claims) {
    if (annotationOf(claim, NODE) !== undefined) continue
    world.update(withAt(claim, ['metadata', 'annotations', NODE], node), { manager: 'kube-scheduler' })
  }
}
