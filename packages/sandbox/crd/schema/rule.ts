// One rule of `x-kubernetes-validations`, as the API server holds it.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'

/** A CEL rule with what to say where it does not hold. */
export interface Rule {
  readonly rule: string
  readonly message: string
  readonly messageExpression: string
  readonly reason: string | null
  readonly fieldPath: string
  readonly optionalOldSelf: boolean | null
}

/** The rules of a node; none where nothing is written. */
export function rulesOf(value: Json | undefined): readonly Rule[] {
  if (!isList(value)) return []
  return value.map((each) => {
    const raw = isObject(each) ? each : {}
    return {
      rule: text(raw.rule),
      message: text(raw.message),
      messageExpression: text(raw.messageExpression),
      reason: typeof raw.reason === 'string' ? raw.reason : null,
      fieldPath: text(raw.fieldPath),
      optionalOldSelf: typeof raw.optionalOldSelf === 'boolean' ? raw.optionalOldSelf : null,
    }
  })
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
