// Restoring a claim: which released volumes must be freed of the dead claim's uid so that the claim binds to them again.
import type { Drift } from '../compare/drift.ts'
import type { KubeObject } from '../object/object.ts'
import { refOf, stringAt, uidOf } from '../object/object.ts'
import { refKey } from '../object/ref.ts'
import type { PlanInput } from './input.ts'
import type { RebindStep } from './plan.ts'

type Missing = Extract<Drift, { kind: 'missing' }>

/** What became of the volume that a restored claim names. */
export type VolumeFate =
  | { readonly kind: 'released'; readonly volume: KubeObject; readonly uid: string; readonly deadClaim: string }
  /** Free, or reserved for this claim by name: the claim binds by itself. */
  | { readonly kind: 'free' }
  | { readonly kind: 'taken'; readonly by: string }
  | { readonly kind: 'gone' }

/** The steps that free volumes, one a claim. They come before the claim: the volume stays reserved for it by name. */
export function rebindSteps(
  input: PlanInput,
  missing: readonly Missing[],
): readonly Omit<RebindStep, 'group' | 'after' | 'wave' | 'phase'>[] {
  if (input.intent.kind !== 'restore') return []
  return missing.flatMap((drift) => {
    const fate = volumeFate(drift.desired.manifest, input.facts.objects)
    if (fate?.kind !== 'released') return []
    const ref = refOf(fate.volume)
    const claim = { namespace: drift.ref.namespace ?? '', name: drift.ref.name, uid: fate.deadClaim }
    const why = `the volume still belongs to the deleted claim ${claim.namespace}/${claim.name}`
    return [{ kind: 'rebind', id: `rebind ${refKey(ref)}`, why, ref, uid: fate.uid, claim } as const]
  })
}

/** What became of the volume of a claim; null for an object that names no volume. */
export function volumeFate(claim: KubeObject, objects: readonly KubeObject[]): VolumeFate | null {
  const name = claim.kind === 'PersistentVolumeClaim' ? stringAt(claim, 'spec', 'volumeName') : undefined
  if (name === undefined || name === '') return null
  const volume = objects.find((object) => object.kind === 'PersistentVolume' && object.metadata.name === name)
  const uid = volume === undefined ? null : uidOf(volume)
  if (volume === undefined || uid === null) return { kind: 'gone' }
  const claimName = stringAt(volume, 'spec', 'claimRef', 'name')
  if (claimName === undefined) return { kind: 'free' }
  const namespace = stringAt(volume, 'spec', 'claimRef', 'namespace') ?? ''
  if (claimName !== claim.metadata.name || namespace !== (stringAt(claim, 'metadata', 'namespace') ?? '')) {
    return { kind: 'taken', by: `${namespace}/${claimName}` }
  }
  const deadClaim = stringAt(volume, 'spec', 'claimRef', 'uid')
  if (deadClaim === undefined || deadClaim === '') return { kind: 'free' }
  if (stringAt(volume, 'status', 'phase') !== 'Released') return { kind: 'taken', by: `${namespace}/${claimName}` }
  return { kind: 'released', volume, uid, deadClaim }
}
