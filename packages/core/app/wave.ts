// When an object takes part in a sync: its wave, and whether it is a hook.
import type { KubeObject } from '../object/object.ts'
import { annotationOf } from '../object/object.ts'
import type { Problem } from '../object/problem.ts'

export const WAVE_ANNOTATION = 'argocd.argoproj.io/sync-wave'
export const HOOK_ANNOTATION = 'argocd.argoproj.io/hook'
export const HELM_WEIGHT_ANNOTATION = 'helm.sh/hook-weight'
export const HELM_HOOK_ANNOTATION = 'helm.sh/hook'

/** Phases of a hook. `Skip` stands alone and means: this object is left out of every sync. */
export type HookPhase = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail' | 'Skip' | 'PreDelete' | 'PostDelete'

const PHASES: ReadonlyMap<string, HookPhase> = new Map(
  (['PreSync', 'Sync', 'PostSync', 'SyncFail', 'Skip', 'PreDelete', 'PostDelete'] as const).map((phase) => [
    phase,
    phase,
  ]),
)

/** Helm's hooks that have a place in a sync; the others (`test`, `pre-rollback`, …) are hooks without a phase. */
const HELM_PHASES: ReadonlyMap<string, HookPhase> = new Map([
  ['pre-install', 'PreSync'],
  ['pre-upgrade', 'PreSync'],
  ['post-install', 'PostSync'],
  ['post-upgrade', 'PostSync'],
  ['pre-delete', 'PreDelete'],
  ['post-delete', 'PostDelete'],
])

/** Waves beyond this are surely a mistake, and a plan's numbers stay small. */
const WAVE_LIMIT = 2 ** 31 - 1

/**
 * The wave of an object: `argocd.argoproj.io/sync-wave`, else `helm.sh/hook-weight` (on hooks and ordinary objects
 * alike, trap T06; but Helm's weight counts for nothing beside an own hook annotation), else 0. A value that is not a
 * whole number is a problem: applying at another time than was asked for is not a safe guess.
 */
export function syncWave(
  manifest: KubeObject,
  where: string,
): { readonly kind: 'wave'; readonly wave: number } | { readonly kind: 'invalid'; readonly problem: Problem } {
  const annotation = annotationOf(manifest, WAVE_ANNOTATION) === undefined ? HELM_WEIGHT_ANNOTATION : WAVE_ANNOTATION
  const text = annotationOf(manifest, annotation)
  if (text === undefined) return { kind: 'wave', wave: 0 }
  if (annotation === HELM_WEIGHT_ANNOTATION && ownPhases(manifest).length > 0) return { kind: 'wave', wave: 0 }
  const wave = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  // `-0` and 0 are one wave.
  if (Math.abs(wave) <= WAVE_LIMIT) return { kind: 'wave', wave: wave === 0 ? 0 : wave }
  const field = `metadata.annotations[${JSON.stringify(annotation)}]`
  const what = `${field} is ${JSON.stringify(text)}, it must be a whole number`
  return { kind: 'invalid', problem: { where, field, what, fix: 'write digits in quotes, for example "5" or "-1"' } }
}

/**
 * The phases of a hook, or null for an ordinary object. An own hook annotation replaces Helm's on that object;
 * `crd-install` is an ordinary object; Helm's other hooks without a place in a sync are hooks with no phase (never
 * applied). `Skip` counts only as the sole value (trap T05): it is then the one phase returned.
 */
export function hookPhases(manifest: KubeObject): readonly HookPhase[] | null {
  const helm = annotationOf(manifest, HELM_HOOK_ANNOTATION)
  const isOwn = annotationOf(manifest, HOOK_ANNOTATION) !== undefined
  if (!isOwn && (helm === undefined || helm.trim() === 'crd-install')) return null
  const own = ownPhases(manifest)
  if (own.length > 1) return own.filter((phase) => phase !== 'Skip')
  return own.length === 1 ? own : phasesOf(helm, HELM_PHASES)
}

function ownPhases(manifest: KubeObject): readonly HookPhase[] {
  return phasesOf(annotationOf(manifest, HOOK_ANNOTATION), PHASES)
}

function phasesOf(list: string | undefined, known: ReadonlyMap<string, HookPhase>): readonly HookPhase[] {
  const phases = (list ?? '').split(',').map((word) => known.get(word.trim()))
  return [...new Set(phases.filter((phase) => phase !== undefined))]
}
