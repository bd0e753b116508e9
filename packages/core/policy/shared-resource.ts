// Rule: an object has one owner; taking over another application's object is never a side effect (argoproj/argo-cd#20440).
import type { Mark } from '../app/tracking.ts'
import { claims, parseTrackingId, readMark } from '../app/tracking.ts'
import type { Drift } from '../compare/drift.ts'
import { recordedUid } from '../inventory/inventory.ts'
import { uidOf } from '../object/object.ts'
import { otherOwner } from '../plan/keep.ts'
import { isSelected } from '../plan/select.ts'
import type { Finding } from './finding.ts'
import type { Guard, GuardContext } from './guard.ts'

type Shared = Extract<Drift, { kind: 'changed' | 'same' }>

/** Blocks applying to an object that another application recorded or marked as its own. */
export const sharedResource: Guard = (context) =>
  context.drifts.flatMap((drift): readonly Finding[] => {
    if ((drift.kind !== 'changed' && drift.kind !== 'same') || !isSelected(context.input.intent, drift.ref)) return []
    const owner = ownerOf(drift, context)
    if (owner === null) return []
    const name = context.name(drift.ref)
    return [
      {
        rule: 'shared-resource',
        level: drift.kind === 'changed' ? 'blocked' : 'warning',
        ref: drift.ref,
        title: `${name} belongs to ${owner}`,
        what: 'two owners would undo each other, and the one that is deleted first would take it away from the other',
        fixes: [
          { kind: 'do', text: `remove it from one of the two: from Git here, or from ${owner}` },
          {
            kind: 'do',
            text: 'or let the other one go first, keeping its objects: mainstay app delete --cascade=false',
          },
        ],
      },
    ]
  })

function ownerOf(drift: Shared, context: GuardContext): string | null {
  const { input } = context
  const { tracking } = input.settings
  // A namespace that was only asked for by CreateNamespace=true carries no mark and may serve several applications.
  const { ref, manifest } = drift.desired
  if (ref.kind === 'Namespace' && ref.group === '' && readMark(manifest, tracking).kind === 'none') return null
  const recorded = otherOwner(drift.live, input)
  if (recorded !== null) return `application ${recorded}`
  if (drift.recorded !== null && recordedUid(drift.recorded) === uidOf(drift.live)) return null
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
