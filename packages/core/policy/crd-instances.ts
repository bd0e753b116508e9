// Rule: a definition takes every object of its kind with it, also those of other applications (argoproj/argo-cd#5214).
import { count, refList } from '../plan/text-ref.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Asks for approval of a CustomResourceDefinition's deletion by naming the objects that go with it. */
export const crdInstances: Guard = ({ deletes, naming, name }) =>
  deletes.flatMap((step): readonly Finding[] => {
    const instances = step.impact.flatMap((impact) => (impact.kind === 'instances' ? impact.refs : []))
    if (instances.length === 0) return []
    return [
      {
        rule: 'crd-instances',
        level: 'needs-approval',
        ref: step.ref,
        title: `${name(step.ref)} takes ${count(instances.length, 'object')} with it that this plan does not name`,
        what: `${refList(instances, naming, instances.length)}; and what they own, claims and their data included`,
        fixes: [
          { kind: 'do', text: 'delete these objects first, where that is meant' },
          { kind: 'do', text: 'keep the definition: mainstay.dev/protect: "true" on it' },
          { kind: 'approve' },
        ],
      },
    ]
  })
