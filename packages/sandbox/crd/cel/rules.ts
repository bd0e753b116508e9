// The CEL rules of a schema (`x-kubernetes-validations`), asked of an object.
import type { Json } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import type { Schema } from '../schema/schema.ts'

/** Causes for rules that do not hold; `before` are those found otherwise, of which some keep rules from being asked. */
export function ruleCauses(
  _object: KubeObject,
  _old: KubeObject | null,
  _schema: Schema,
  _before: readonly Cause[],
): readonly Cause[] {
  return []
}

/** Rules that do not hold, but did not before either: told as warnings. */
export function ruleWarnings(_object: KubeObject, _old: KubeObject, _schema: Schema): readonly string[] {
  return []
}

/** Rules that a default does not hold. */
export function defaultRuleCauses(_value: Json, _schema: Schema, _path: string): readonly Cause[] {
  return []
}
