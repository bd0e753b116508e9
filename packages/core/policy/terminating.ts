// Rule: an object on its way out is neither there nor gone; what is wanted of it waits until it is (argoproj/argo-cd#17484).
import { isList } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { isTerminating } from '../object/object.ts'
import { isSelected } from '../plan/select.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Says of each object that is being deleted what it waits for, and what a later plan will do about it. */
export const terminating: Guard = ({ drifts, removals, input, name, app }) => {
  const wanted = drifts.flatMap((drift): readonly Finding[] => {
    if ((drift.kind !== 'same' && drift.kind !== 'changed') || !isTerminating(drift.live)) return []
    if (!isSelected(input.intent, drift.ref)) return []
    return [
      {
        rule: 'terminating',
        level: 'warning',
        ref: drift.ref,
        title: `${name(drift.ref)} is being deleted and Git wants it`,
        what: `${waitsFor(drift.live)}; it can be created again only when it is gone`,
        fixes: [{ kind: 'run', text: 'plan again then', command: `mainstay app plan ${app}` }],
      },
    ]
  })
  const leaving = removals.terminating.map(
    (drift): Finding => ({
      rule: 'terminating',
      level: 'info',
      ref: drift.ref,
      title: `${name(drift.ref)} is being deleted already`,
      what: waitsFor(drift.live),
      fixes: [],
    }),
  )
  return [...wanted, ...leaving]
}

function waitsFor(object: KubeObject): string {
  const { finalizers } = object.metadata
  const names = isList(finalizers) ? finalizers.filter((each) => typeof each === 'string') : []
  return names.length === 0 ? 'it is about to go' : `it waits for its finalizers: ${names.join(', ')}`
}
