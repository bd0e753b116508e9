// Which objects stay although nobody wants them any more: marks that say keep, and the reason in words.
import { isCrd } from '../app/tracking.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf, uidOf } from '../object/object.ts'
import type { PlanInput } from './input.ts'

/** Annotation by which a person protects an object: while it is `"true"`, Mainstay never deletes the object. */
export const PROTECT_ANNOTATION = 'mainstay.dev/protect'
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options'
const RESOURCE_POLICY = 'helm.sh/resource-policy'

/** `Prune=` and `Delete=` of Argo CD. */
export type Removal = 'yes' | 'no' | 'confirm'

const STRICTNESS: readonly Removal[] = ['yes', 'confirm', 'no']

/** What a removal option comes to. Where two sources disagree, the more protective one wins. */
export function strictest(...options: readonly (Removal | undefined)[]): Removal {
  const ranks = options.map((option) => STRICTNESS.indexOf(option ?? 'yes'))
  return STRICTNESS[Math.max(0, ...ranks)] ?? 'no'
}

/**
 * `Prune=` or `Delete=` of a live object: its own annotation, else the application's option, and what was recorded when
 * it was applied last, whichever protects more.
 */
export function removalOption(
  option: 'prune' | 'delete',
  live: KubeObject,
  recorded: InventoryEntry | null,
  input: PlanInput,
): Removal {
  const own = ownOption(option, live)
  return strictest(own ?? input.application.syncPolicy.options[option], recorded?.[option])
}

/** Why a surplus object stays although its removal was asked for; null where nothing keeps it. */
export function keepReason(live: KubeObject, recorded: InventoryEntry | null, input: PlanInput): string | null {
  if (annotationOf(live, PROTECT_ANNOTATION) === 'true') return `it is protected (${PROTECT_ANNOTATION}: "true")`
  const owner = otherOwner(live, input)
  if (owner !== null) return `it is recorded as an object of application ${owner}`
  if (annotationOf(live, RESOURCE_POLICY) === 'keep') return `it carries ${RESOURCE_POLICY}: keep`
  const deleting = input.intent.kind === 'delete'
  if (deleting && isCrd(live)) return 'a CustomResourceDefinition stays when its application is deleted'
  if (deleting && removalOption('delete', live, recorded, input) === 'no') return 'it is marked Delete=false'
  if (!deleting && removalOption('prune', live, recorded, input) === 'no') return 'it is marked Prune=false'
  // Who marks an object Prune=false means that it must not get lost (argoproj/argo-cd#9853); an option of the whole
  // application does not say that of each object.
  if (deleting && markedAgainstPruning(live, recorded, input)) return 'it is marked Prune=false'
  return null
}

function markedAgainstPruning(live: KubeObject, recorded: InventoryEntry | null, input: PlanInput): boolean {
  if (ownOption('prune', live) === 'no') return true
  return recorded?.prune === 'no' && input.application.syncPolicy.options.prune !== 'no'
}

/** Another application that recorded this very object, as text; null where there is none. */
export function otherOwner(live: KubeObject, input: PlanInput): string | null {
  const owner = input.owners.get(uidOf(live) ?? '')
  const { key } = input.application
  if (owner === undefined || (owner.name === key.name && owner.namespace === key.namespace)) return null
  return `${owner.namespace}/${owner.name}`
}

/** The option as the object's own annotation gives it; undefined where it is silent. */
function ownOption(option: 'prune' | 'delete', live: KubeObject): Removal | undefined {
  const name = option === 'prune' ? 'Prune' : 'Delete'
  for (const part of (annotationOf(live, SYNC_OPTIONS) ?? '').split(',')) {
    const [key, value] = part.split('=').map((text) => text.trim())
    if (key !== name) continue
    if (value === 'false') return 'no'
    if (value === 'confirm') return 'confirm'
    if (value === 'true') return 'yes'
  }
  return undefined
}
