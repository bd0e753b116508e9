// Rule: objects that Git cannot bring back as they were are deleted only by an approval that names each of them.

import { sameRef } from '../object/ref.ts'
import { PROTECT_ANNOTATION } from '../plan/keep.ts'
import type { DeleteStep } from '../plan/plan.ts'
import { impactText } from '../plan/text.ts'
import type { Finding } from './finding.ts'
import type { Guard, GuardContext } from './guard.ts'
import type { Precious } from './kinds.ts'
import { preciousness } from './kinds.ts'

/** One finding for each deletion of a Namespace, definition, volume, claim, database, backup, load balancer, … */
export const preciousKind: Guard = (context) =>
  context.removals.doomed.flatMap(({ drift }) => {
    const why = preciousness(drift.ref, drift.live)
    const step = context.deletes.find((each) => sameRef(each.ref, drift.ref))
    return why === null || step === undefined ? [] : [finding(why, step, context)]
  })

function finding(why: Precious, step: DeleteStep, context: GuardContext): Finding {
  const name = context.name(step.ref)
  const consequences = step.impact.map((impact) => impactText(impact, context.naming, { full: false }))
  return {
    rule: 'precious-kind',
    level: 'needs-approval',
    ref: step.ref,
    title: title(why, name, step),
    what: consequences.length === 0 ? loss(why) : `deleting it: ${consequences.join('; ')}`,
    fixes: [
      { kind: 'do', text: `keep it: ${PROTECT_ANNOTATION}: "true" on the ${step.ref.kind}` },
      { kind: 'approve' },
    ],
  }
}

function title(why: Precious, name: string, step: DeleteStep): string {
  switch (why) {
    case 'namespace':
      return `${name} goes with everything in it`
    case 'definition':
      return `${name} goes with every object of its kind`
    case 'volume':
      return `${name} is a volume`
    case 'claim': {
      const volume = step.impact.find((impact) => impact.kind === 'volume')
      return volume === undefined ? `${name} claims a volume` : `${name} holds volume ${volume.volume}`
    }
    case 'stateful-set':
      return `${name} keeps state`
    case 'load-balancer': {
      const address = step.impact.find((impact) => impact.kind === 'address')
      const given = address === undefined ? [] : address.addresses
      return given.length === 0 ? `${name} is a load balancer` : `${name} holds address ${given.join(', ')}`
    }
    case 'database':
      return `${name} stands for a database`
    case 'backup':
      return `${name} stands for a backup`
    case 'application':
      return `${name} is an application with objects of its own`
  }
}

function loss(why: Precious): string {
  switch (why) {
    case 'namespace':
    case 'definition':
      return 'nothing else was seen that goes with it'
    case 'volume':
    case 'claim':
    case 'database':
      return 'its data may be deleted with it'
    case 'stateful-set':
      return 'its pods stop; what becomes of its claims depends on its retention policy'
    case 'load-balancer':
      return 'its address is released, a new one will differ'
    case 'backup':
      return 'what it can restore may be lost with it'
    case 'application':
      return 'its own objects may be deleted with it, and they are not part of this plan'
  }
}
