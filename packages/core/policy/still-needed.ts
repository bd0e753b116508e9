// Rule: what wanted objects stand on is not deleted in the same breath: they would go with it.
import { definedKind } from '../impact/needs.ts'
import type { ObjectRef } from '../object/ref.ts'
import { kindKey } from '../object/ref.ts'
import type { Doomed } from '../plan/removal.ts'
import { count, refList } from '../plan/text-ref.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Blocks the deletion of a Namespace or definition while Git still wants objects in it or of it. */
export const stillNeeded: Guard = ({ input, removals, naming, name }) => {
  const wanted = input.desired.objects.map((each) => each.ref)
  return removals.doomed.flatMap((doomed): readonly Finding[] => {
    const refs = wanted.filter((ref) => standsOn(ref, doomed))
    if (refs.length === 0) return []
    const own = name(doomed.drift.ref)
    return [
      {
        rule: 'still-needed',
        level: 'blocked',
        ref: doomed.drift.ref,
        title: `${own} would be deleted while Git wants what needs it (${count(refs.length, 'object')})`,
        what: `they would go with it: ${refList(refs, naming, 50)}`,
        fixes: [
          { kind: 'do', text: `keep ${own} in Git, or remove what needs it, too` },
          { kind: 'do', text: 'or protect it: mainstay.dev/protect: "true"' },
        ],
      },
    ]
  })
}

function standsOn(ref: ObjectRef, { drift }: Doomed): boolean {
  if (drift.ref.kind === 'Namespace' && drift.ref.group === '') return ref.namespace === drift.ref.name
  const kind = definedKind(drift.live)
  return kind !== null && kindKey(kind) === kindKey(ref)
}
