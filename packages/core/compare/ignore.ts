// Ignore rules: which fields of which objects the comparison leaves out, as `spec.ignoreDifferences` says.
import type { IgnoreRule } from '../app/application.ts'
import { jqPlaces } from '../diff/jq/evaluate.ts'
import { parseJq } from '../diff/jq/parse.ts'
import type { JqProgram } from '../diff/jq/program.ts'
import type { Path, Place } from '../diff/path.ts'
import { parsePointer, resolvePointer, withoutPlaces } from '../diff/path.ts'
import type { JsonObject } from '../object/json.ts'
import { isObject } from '../object/json.ts'
import { canonicalGroup } from '../object/moves.ts'
import type { ObjectRef } from '../object/ref.ts'
import type { Ownership } from './ownership.ts'
import { ownsPath } from './ownership.ts'

/** A rule whose pointers and expressions were read once. */
export interface CompiledRule {
  readonly rule: IgnoreRule
  readonly pointers: readonly (readonly string[])[]
  readonly programs: readonly JqProgram[]
}

/** A part of a rule that cannot be honoured: it leaves out nothing, and somebody must be told. */
export interface IgnoreProblem {
  /** Position of the rule in the list, from 0. */
  readonly rule: number
  /** `jqPathExpressions[0]`. */
  readonly field: string
  /** As written. */
  readonly text: string
  /** What about it is not understood, and where. */
  readonly what: string
}

/** Reads all rules. What cannot be read is left out of its rule: too little ignored is seen, too much is not. */
export function compileRules(rules: readonly IgnoreRule[]): readonly CompiledRule[] {
  return rules.map((rule) => ({
    rule,
    pointers: rule.jsonPointers.map(parsePointer).filter((tokens) => tokens !== null),
    programs: rule.jqPathExpressions.map(parseJq).flatMap((each) => (each.kind === 'program' ? [each.program] : [])),
  }))
}

/** What of the rules cannot be honoured. */
export function ignoreProblems(rules: readonly IgnoreRule[]): readonly IgnoreProblem[] {
  return rules.flatMap((each, rule) => [
    ...each.jsonPointers.flatMap((text, index): IgnoreProblem[] => {
      const what = 'it is no JSON pointer: it must begin with a slash, and ~ only stands in ~0 and ~1'
      return parsePointer(text) === null ? [{ rule, field: `jsonPointers[${index}]`, text, what }] : []
    }),
    ...each.jqPathExpressions.flatMap((text, index): IgnoreProblem[] => {
      const parsed = parseJq(text)
      if (parsed.kind === 'program') return []
      const what = `${parsed.construct} at position ${parsed.at + 1} is not understood`
      return [{ rule, field: `jqPathExpressions[${index}]`, text, what }]
    }),
  ])
}

/** The rules that are about this object. */
export function rulesFor(rules: readonly CompiledRule[], ref: ObjectRef): readonly CompiledRule[] {
  return rules.filter(({ rule }) => isAbout(rule, ref))
}

/** Whether a rule is about an object. `*` stands for any group or kind, nothing for any name or namespace. */
export function isAbout(rule: IgnoreRule, ref: ObjectRef): boolean {
  const group = rule.group === '*' || canonicalGroup(rule.group, ref.kind) === canonicalGroup(ref.group, ref.kind)
  const kind = rule.kind === '*' || rule.kind === ref.kind
  const name = rule.name === null || rule.name === '' || rule.name === ref.name
  const namespace = rule.namespace === null || rule.namespace === '' || rule.namespace === ref.namespace
  return group && kind && name && namespace
}

/** An object without what the rules ignore. A rule that leads nowhere in it takes nothing out. */
export function withoutIgnored(object: JsonObject, rules: readonly CompiledRule[]): JsonObject {
  const rest = withoutPlaces(object, placesOf(object, rules))
  return isObject(rest) ? rest : object
}

/** Where the rules lead in an object; never to the whole of it. */
export function placesOf(object: JsonObject, rules: readonly CompiledRule[]): readonly Place[] {
  const places: Place[] = []
  for (const { pointers, programs } of rules) {
    for (const tokens of pointers) {
      const place = resolvePointer(object, object.kind === 'Secret' ? asStored(tokens) : tokens)
      if (place !== null) places.push(place)
    }
    for (const program of programs) places.push(...jqPlaces(program, object))
  }
  return places.filter((place) => place.length > 0)
}

/** What is written as `stringData` is compared as `data`. */
function asStored(tokens: readonly string[]): readonly string[] {
  return tokens[0] === 'stringData' ? ['data', ...tokens.slice(1)] : tokens
}

/** True when a rule leaves the field to the manager that owns it. */
export function leftToManager(rules: readonly CompiledRule[], ownership: Ownership, path: Path): boolean {
  const managers = new Set(rules.flatMap(({ rule }) => rule.managedFieldsManagers))
  if (managers.size === 0) return false
  const entries = [...ownership.applied, ...ownership.updated, ...ownership.others]
  return ownsPath(
    entries.filter((entry) => managers.has(entry.manager)),
    path,
  )
}
