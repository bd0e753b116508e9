// Rule: an object has one owner; taking over another application's object is never a side effect (argoproj/argo-cd#20440).
import type { Mark } from '../app/tracking.ts'
import { claims, parseTrackingId, readMark } from '../app/tracking.ts'
import type { Drift } from '../compare/drift.ts'
import { recordedUid } from '../inventory/inventory.ts'
import { uidOf } from '../object/object.ts'
import { appText } from '../plan/keep.ts'
import { isSelected } from '../plan/select.ts'
import { count, refList, refText } from '../plan/text-ref.ts'
import { isTaken, transferFrom } from '../plan/transfer.ts'
import type { Finding } from './finding.ts'
import type { Guard, GuardContext } from './guard.ts'

type Shared = Extract<Drift, { kind: 'changed' | 'same' }>

/**
 * One finding for each owner, with every object of it. To take objects over is a decision of its own: it needs approval,
 * and `FailOnSharedResource=true` forbids it.
 */
export const sharedResource: Guard = (context) => {
  const owners = new Map<string, Shared[]>()
  for (const drift of context.drifts) {
    if ((drift.kind !== 'changed' && drift.kind !== 'same') || !isSelected(context.input.intent, drift.ref)) continue
    const owner = ownerOf(drift, context)
    if (owner !== null) owners.set(owner, [...(owners.get(owner) ?? []), drift])
  }
  return [...owners].flatMap(([owner, drifts]) => [
    ...finding(owner, drifts, 'changed', context),
    ...finding(owner, drifts, 'same', context),
  ])
}

function finding(
  owner: string,
  drifts: readonly Shared[],
  kind: Shared['kind'],
  { input, naming }: GuardContext,
): readonly Finding[] {
  const refs = drifts.flatMap((drift) => (drift.kind === kind ? [drift.ref] : []))
  const [first] = refs
  if (first === undefined) return []
  const name = refs.length === 1 ? refText(first, naming) : count(refs.length, 'object')
  const forbidden = input.application.syncPolicy.options.failOnSharedResource
  const applied = kind === 'changed'
  const names = refs.length === 1 ? '' : `${refList(refs, naming, 50)}: `
  return [
    {
      rule: 'shared-resource',
      level: !applied ? 'warning' : forbidden ? 'blocked' : 'needs-approval',
      ref: refs.length === 1 ? first : null,
      title: `${name} ${refs.length === 1 ? 'belongs' : 'belong'} to ${owner}${applied ? ' and would be taken over' : ''}`,
      what: `${names}two owners would undo each other, and the one that is deleted first would take them away from the other`,
      fixes: [
        { kind: 'do', text: `remove what is shared from one of the two: from Git here, or from ${owner}` },
        {
          kind: 'do',
          text: 'or let the other one go first, keeping its objects: mainstay app delete --cascade=false',
        },
        ...(applied && !forbidden ? [{ kind: 'approve' } as const] : []),
      ],
    },
  ]
}

function ownerOf(drift: Shared, context: GuardContext): string | null {
  const { input } = context
  const { tracking } = input.settings
  const { ref, manifest } = drift.desired
  if (ref.kind === 'Namespace' && ref.group === '' && readMark(manifest, tracking).kind === 'none') return null
  const ours = drift.recorded !== null && recordedUid(drift.recorded) === uidOf(drift.live)
  const recorded = transferFrom(drift, input)
  // Ours by record and by mark: a transfer that was approved and is only to be written down to its end.
  if (drift.kind === 'same' && isTaken(drift, input)) return null
  if (recorded !== null) return `application ${appText(recorded)}`
  if (ours) return null
  return markedFor(readMark(drift.live, tracking), context)
}

/** Whom a live mark names, where it is somebody else and the mark describes the object that carries it. */
function markedFor(mark: Mark, { input }: GuardContext): string | null {
  const { application, settings } = input
  switch (mark.kind) {
    case 'none':
    case 'unreadable':
      return null
    case 'app':
      if (mark.self === 'other' || claims(mark, application.key)) return null
      return `application ${mark.app.namespace}/${mark.app.name}`
    case 'other-installation': {
      // An installation that only now got an id has older objects of its own without one.
      const id = mark.installationId === null ? parseTrackingId(mark.text) : null
      const own = application.key.namespace === settings.tracking.controlPlaneNamespace ? application.key.name : null
      if (id !== null && (id.app === own || id.app === `${application.key.namespace}_${application.key.name}`))
        return null
      return mark.installationId === null ? 'an installation without an id' : `installation ${mark.installationId}`
    }
  }
}
