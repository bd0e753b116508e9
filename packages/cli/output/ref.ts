// Names of objects, plans and results in text, where the core has no sentence for them.
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import { namingOf, refText } from '@mainstay/core/plan/text-ref.ts'
import type { StepResult } from '@mainstay/core/run/run.ts'

/** The digits of a plan's id that people are shown to type: as many as the texts of a plan use. */
export function idDigits(id: string): string {
  return id.slice(0, 6)
}

/** `namespace/Kind/name`, where no application's namespace goes without saying. */
export function fullRefText(ref: ObjectRef): string {
  return refText(ref, namingOf(null, [ref]))
}

/** `GROUP:KIND:NAMESPACE/NAME`, which `--resource` takes. */
export function selectorText(ref: ObjectRef): string {
  return `${ref.group}:${ref.kind}:${ref.namespace === null ? '' : `${ref.namespace}/`}${ref.name}`
}

/** The word for what a step came to. */
export function resultText(result: StepResult): string {
  return result.kind === 'already-gone' ? 'already gone' : result.kind
}
