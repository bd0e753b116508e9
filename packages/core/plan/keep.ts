// Which objects stay although nobody wants them any more: marks that say keep, and the reason in words.
import type { AppKey } from '../app/application.ts'
import { csv, HELM_POLICY_ANNOTATION, SYNC_OPTIONS_ANNOTATION } from '../app/options.ts'
import { parseSyncOptions, stricter } from '../app/sync-options.ts'
import { isCrd } from '../app/tracking.ts'
import type { InventoryEntry } from '../inventory/inventory.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf, uidOf } from '../object/object.ts'
import type { PlanInput } from './input.ts'

/** Annotation by which a person protects an object: while it is `"true"`, Mainstay never deletes the object. */
export const PROTECT_ANNOTATION = 'mainstay.dev/protect'

/** `Prune=` and `Delete=` of Argo CD. */
export type Removal = 'yes' | 'no' | 'confirm'

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
  return stricter(own ?? input.application.syncPolicy.options[option], recorded?.[option] ?? 'yes')
}

/** Why a surplus object stays although its removal was asked for; null where nothing keeps it. */
export function keepReason(live: KubeObject, recorded: InventoryEntry | null, input: PlanInput): string | null {
  if (annotationOf(live, PROTECT_ANNOTATION) === 'true') return `it is protected (${PROTECT_ANNOTATION}: "true")`
  const owner = otherOwner(live, input)
  if (owner !== null) return `it is recorded as an object of application ${appText(owner)}`
  if (annotationOf(live, HELM_POLICY_ANNOTATION) === 'keep') return `it carries ${HELM_POLICY_ANNOTATION}: keep`
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

/** Another application that recorded this very object; null where there is none. */
export function otherOwner(live: KubeObject, input: PlanInput): AppKey | null {
  return input.owners.get(uidOf(live) ?? '') ?? null
}

/** An application as findings name it. */
export function appText({ namespace, name }: AppKey): string {
  return `${namespace}/${name}`
}

/** The option as the object's own annotation gives it; undefined where it is silent. */
function ownOption(option: 'prune' | 'delete', live: KubeObject): Removal | undefined {
  return parseSyncOptions(csv(annotationOf(live, SYNC_OPTIONS_ANNOTATION)), 'resource').options[option]
}
