// A comparison as a few lines of text, so that a test shows at a glance what was found.
import type { Comparison, Drift, FieldChange } from '../compare/drift.ts'
import { canonicalJson } from '../object/canonical.ts'

/** One line a drift, one indented line a change, then what is gone and what is uncertain. */
export function printComparison(comparison: Comparison): readonly string[] {
  return [
    ...comparison.drifts.flatMap(printDrift),
    ...comparison.gone.map((entry) => `gone ${entry.ref.kind}/${entry.ref.name}`),
    ...comparison.uncertain.map((key) => `ask ${key}`),
  ]
}

/** One drift and its changes. */
export function printDrift(drift: Drift): readonly string[] {
  const name = `${drift.kind} ${drift.ref.kind}/${drift.ref.name}`
  switch (drift.kind) {
    case 'same':
      return [name]
    case 'missing':
      return [drift.refusal === null ? name : `${name}: refused, ${drift.refusal.message}`]
    case 'changed': {
      const head = drift.refusal === null ? name : `${name}: refused, ${drift.refusal.message}`
      return [head, ...drift.changes.map(printChange)]
    }
    case 'surplus':
      return [`${name}: ${drift.proof.kind}`, ...drift.handEdits.map((edit) => `  ${edit.path} by ${edit.by.manager}`)]
    case 'foreign':
      return [`${name}: ${drift.why.kind}`]
    case 'unseen':
      return [`${name}: ${drift.reason}`]
  }
}

function printChange(change: FieldChange): string {
  const value = `${canonicalJson(change.from)} → ${canonicalJson(change.to)}`
  const author = change.by === null ? '' : ` by ${change.by.manager}`
  return `  ${change.op} ${change.path} ${value}${author}${change.handEdit ? ' (hand edit)' : ''}`
}
