// Rule: an ignore rule that is not understood ignores nothing, so a sync would overwrite what it was to leave alone.
import { ignoreProblems, isAbout } from '../compare/ignore.ts'
import { refList } from '../plan/text-ref.ts'
import type { Finding } from './finding.ts'
import type { Guard } from './guard.ts'

/**
 * One finding for each expression that cannot be honoured. It weighs more where the plan changes an object that the
 * rule is about: Argo CD refuses to compare then, and here somebody has to look.
 */
export const ignoreRule: Guard = ({ input, applies, naming }) => {
  const rules = input.application.ignoreDifferences
  return ignoreProblems(rules).map(({ rule, field, text, what }): Finding => {
    const about = rules[rule]
    const changed = applies.filter((step) => step.verb !== 'create' && about !== undefined && isAbout(about, step.ref))
    const refs = changed.map((step) => step.ref)
    const where = `spec.ignoreDifferences[${rule}].${field}`
    return {
      rule: 'ignore-rule',
      level: refs.length === 0 ? 'warning' : 'needs-approval',
      ref: refs.length === 1 ? (refs[0] ?? null) : null,
      title: `${where} cannot be honoured: ${text}`,
      what:
        refs.length === 0
          ? `${what}; the rule leaves out nothing`
          : `${what}; ${refList(refs, naming, 50)} would be changed where the rule was to leave it alone`,
      fixes: [
        { kind: 'do', text: `write ${where} as a JSON pointer, or with the path expressions that are known` },
        ...(refs.length === 0 ? [] : [{ kind: 'approve' } as const]),
      ],
    }
  })
}
