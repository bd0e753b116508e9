// Rule: a Namespace that holds anything we do not delete ourselves is never deleted by us (argoproj/argo-cd#22607).
import { refList } from '../plan/text-ref.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/** Blocks the deletion of a Namespace whose content is not all ours, or was not all seen. */
export const namespaceContents: Guard = ({ deletes, naming, name }) =>
  deletes.flatMap((step): readonly Finding[] => {
    if (step.ref.kind !== 'Namespace' || step.ref.group !== '') return []
    const contents = step.impact.flatMap((impact) => (impact.kind === 'contents' ? impact.refs : []))
    const unseen = step.impact.flatMap((impact) => (impact.kind === 'unseen' ? [impact.reason] : []))
    const fixes = [
      { kind: 'do', text: `keep the Namespace: argocd.argoproj.io/sync-options: Prune=false,Delete=false on it` },
      { kind: 'do', text: 'or move or delete what it holds first' },
    ] as const
    const common = { rule: 'namespace-contents', level: 'blocked', ref: step.ref, fixes } as const
    if (contents.length > 0) {
      const what = `they would be deleted with it: ${refList(contents, naming, contents.length)}`
      return [{ ...common, title: `${name(step.ref)} holds objects that this plan does not delete`, what }]
    }
    if (unseen.length === 0) return []
    return [{ ...common, title: `it could not be seen what ${name(step.ref)} holds`, what: unseen.join('; ') }]
  })
