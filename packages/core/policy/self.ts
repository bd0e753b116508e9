// Rule: nothing that the cluster or this installation stands on is ever deleted (argoproj/argo-cd#7301).
import { definedKind } from '../impact/needs.ts'
import { labelOf } from '../object/object.ts'
import type { Doomed } from '../plan/removal.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

const CLUSTER_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'default'])
const OWN_GROUPS: ReadonlySet<string> = new Set(['argoproj.io', 'mainstay.dev'])
const OWN_PARTS: ReadonlySet<string> = new Set(['argocd', 'mainstay'])

/** Blocks the deletion of system namespaces, of the control plane and of the definitions it works with. */
export const self: Guard = ({ input, removals, name }) =>
  [...removals.doomed, ...removals.replaced].flatMap((doomed): readonly Finding[] => {
    const what = standsOn(doomed, input.settings.tracking.controlPlaneNamespace)
    if (what === null) return []
    const title = `${name(doomed.drift.ref)} is part of what everything else stands on`
    const fixes = [{ kind: 'do', text: 'keep it in Git, or protect it: mainstay.dev/protect: "true"' }] as const
    return [{ rule: 'self', level: 'blocked', ref: doomed.drift.ref, title, what, fixes }]
  })

function standsOn({ drift }: Doomed, controlPlane: string): string | null {
  const { ref, live } = drift
  if (ref.group === '' && ref.kind === 'Namespace') {
    if (CLUSTER_NAMESPACES.has(ref.name)) return 'it is a namespace of the cluster itself'
    return ref.name === controlPlane ? 'it is the namespace that applications are kept in' : null
  }
  const defined = definedKind(live)
  if (defined !== null && OWN_GROUPS.has(defined.group)) {
    return `every ${defined.kind} would be deleted with it, and with them what they manage`
  }
  const part = labelOf(live, 'app.kubernetes.io/part-of')
  if (ref.namespace === controlPlane && part !== undefined && OWN_PARTS.has(part)) {
    return `it belongs to the installation of ${part} in ${controlPlane}`
  }
  return null
}
