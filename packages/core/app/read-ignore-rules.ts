// Reads spec.ignoreDifferences: which differences are not to be seen.
import type { IgnoreRule } from './application.ts'
import type { Fields, Notes } from './fields.ts'
import { readFields } from './fields.ts'

/** Reads the rules; a rule that could never match anything is a problem, because it hides what its author relies on. */
export function readIgnoreRules(spec: Fields, notes: Notes): readonly IgnoreRule[] {
  return spec.list('ignoreDifferences').flatMap((item) => {
    const fields = readFields(item.value, item.path, notes)
    if (fields === null) return []
    const rule: IgnoreRule = {
      group: fields.text('group') ?? '',
      kind: fields.required('kind', 'write a kind, or "*" for all') ?? '',
      name: fields.text('name') || null,
      namespace: fields.text('namespace') || null,
      jsonPointers: fields.texts('jsonPointers'),
      jqPathExpressions: fields.texts('jqPathExpressions'),
      managedFieldsManagers: fields.texts('managedFieldsManagers'),
    }
    checkRule(fields, rule, notes)
    fields.finish('warning')
    return [rule]
  })
}

function checkRule(fields: Fields, rule: IgnoreRule, notes: Notes): void {
  for (const [index, pointer] of rule.jsonPointers.entries()) {
    // RFC 6901: a pointer begins with a slash, and ~ is only written as ~0 or ~1.
    if (!/^(\/([^~]|~[01])*)?$/.test(pointer)) {
      const field = `${fields.path}.jsonPointers[${index}]`
      const what = `${field} is not a JSON pointer`
      notes.problems.push({ where: notes.where, field, what, fix: 'write for example /spec/replicas' })
    }
  }
  if (rule.jsonPointers.length + rule.jqPathExpressions.length + rule.managedFieldsManagers.length === 0) {
    const fix = 'write jsonPointers, jqPathExpressions or managedFieldsManagers'
    fields.problem(null, 'ignores nothing', fix)
  }
}
