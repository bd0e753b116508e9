// The verdict on a desired object that is not in the cluster: what would be created, and whether that can be asked.
import type { DesiredObject } from '../desired/desired.ts'
import { findLive } from '../live/live.ts'
import { findKind } from '../object/kinds.ts'
import { parseApiVersion, refKey } from '../object/ref.ts'
import type { Context } from './context.ts'
import type { Judged } from './verdict.ts'
import { refusalOf, warningsOf } from './verdict.ts'

/** What the desired set itself brings into the cluster. */
export interface Brings {
  /** Namespaces in the set that do not exist yet. */
  readonly namespaces: ReadonlySet<string>
}

/** Finds the namespaces that come with the set. */
export function bringsOf(context: Context): Brings {
  const namespaces = new Set<string>()
  for (const { ref } of context.desired) {
    if (ref.kind !== 'Namespace' || ref.group !== '') continue
    if (findLive(context.live, ref).kind === 'absent') namespaces.add(ref.name)
  }
  return { namespaces }
}

/**
 * Judges a desired object that was seen not to exist. That its kind is not served is said where manifests are read;
 * here it only means that nobody can be asked.
 */
export function judgeMissing(context: Context, desired: DesiredObject, brings: Brings): Judged {
  const { ref } = desired
  const answer = context.dryRuns.get(refKey(ref)) ?? null
  const judged = answer !== null && answer.kind !== 'unavailable'
  const recorded = context.recordedFor(ref)
  return {
    drift: { kind: 'missing', ref, desired, recorded, refusal: refusalOf(answer), warnings: warningsOf(answer) },
    uncertain: !judged && canBeAsked(context, desired, brings),
  }
}

/** A dry run needs the namespace and the kind, in the version of the manifest, to be there already. */
function canBeAsked(context: Context, { ref, manifest }: DesiredObject, brings: Brings): boolean {
  if (ref.namespace !== null && brings.namespaces.has(ref.namespace)) return false
  const found = findKind(context.kinds, ref)
  return found.kind === 'known' && found.info.versions.includes(parseApiVersion(manifest.apiVersion).version)
}
