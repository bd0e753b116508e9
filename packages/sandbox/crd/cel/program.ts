// Compiles rules: once for each node of a schema, with the words of the real server for those that do not compile.
import { findField } from '../definition/field-path.ts'
import type { Rule } from '../schema/rule.ts'
import type { Schema } from '../schema/schema.ts'
import type { Checked, Issue } from './check.ts'
import { check } from './check.ts'
import { schemaType } from './convert.ts'
import { estimateCost } from './cost.ts'
import type { Node } from './node.ts'
import { readExpression, SyntaxFault } from './node.ts'
import type { Extent } from './size.ts'
import { extentOf } from './size.ts'
import type { CelType } from './type.ts'

/** A rule that can be asked, or what is wrong with it. */
export interface Program {
  readonly rule: Rule
  readonly node: Node | null
  readonly problem: string | null
  readonly usesOldSelf: boolean
  readonly message: Node | null
  readonly messageProblem: string | null
  /** The most that the rule, and the expression of its message, can cost. */
  readonly cost: bigint
  readonly messageCost: bigint
  /** Where the fault is told, below the node; `''` for the node itself. */
  readonly fieldPath: string
}

const compiled = new WeakMap<Schema, { readonly root: boolean; readonly programs: readonly Program[] }>()

/** The programs of a node; the same for the same node. */
export function programsOf(schema: Schema, root: boolean): readonly Program[] {
  const before = compiled.get(schema)
  if (before?.root === root) return before.programs
  const programs = schema.rules.map((rule) => compile(rule, schema, root))
  compiled.set(schema, { root, programs })
  return programs
}

function compile(rule: Rule, schema: Schema, root: boolean): Program {
  const type = schemaType(schema, root, 'selfType')
  const path = rule.fieldPath === '' ? null : findField(rule.fieldPath, schema)
  const blank = {
    rule,
    usesOldSelf: false,
    message: null,
    messageProblem: null,
    cost: 0n,
    messageCost: 0n,
    fieldPath: path?.kind === 'found' ? path.path : '',
  }
  if (rule.rule.trim() === '') return { ...blank, node: null, problem: null }
  if (type === null) return { ...blank, node: null, problem: 'failed to convert to declType for CEL validation rules' }
  const old: CelType = rule.optionalOldSelf === true ? { kind: 'optional', of: type } : type
  const variables = new Map([
    ['self', type],
    ['oldSelf', old],
  ])
  const read = readAndCheck(rule.rule, variables)
  if (typeof read === 'string') return { ...blank, node: null, problem: `compilation failed: ${read}` }
  if (read.checked.type.kind !== 'bool') {
    return { ...blank, node: null, problem: 'cel expression must evaluate to a bool' }
  }
  const extent = extentOf(schema, root)
  return {
    ...blank,
    node: read.node,
    problem: null,
    usesOldSelf: read.checked.used.has('oldSelf'),
    cost: extent === null ? 0n : estimateCost(read.node, read.checked.types, extent),
    ...compileMessage(rule.messageExpression, variables, extent),
  }
}

function compileMessage(
  text: string,
  variables: ReadonlyMap<string, CelType>,
  extent: Extent | null,
): Pick<Program, 'message' | 'messageProblem' | 'messageCost'> {
  const none = { message: null, messageProblem: null, messageCost: 0n }
  if (text === '') return none
  const read = readAndCheck(text, variables)
  if (typeof read === 'string') return { ...none, messageProblem: `messageExpression compilation failed: ${read}` }
  if (read.checked.type.kind === 'string') {
    const messageCost = extent === null ? 0n : estimateCost(read.node, read.checked.types, extent)
    return { ...none, message: read.node, messageCost }
  }
  return { ...none, messageProblem: 'messageExpression must evaluate to a string' }
}

/** Reads an expression over some variables; a text says what is wrong with it. */
export function readAndCheck(
  text: string,
  variables: ReadonlyMap<string, CelType>,
): string | { readonly node: Node; readonly checked: Checked } {
  try {
    const node = readExpression(text)
    const checked = check(node, variables)
    return checked.issues.length === 0 ? { node, checked } : issueText(text, checked.issues)
  } catch (error) {
    if (error instanceof SyntaxFault) return issueText(text, [{ at: error.at, text: error.message }])
    throw error
  }
}

/** All issues in the order of their places, each with its line and a mark below the place. */
function issueText(source: string, issues: readonly Issue[]): string {
  return [...issues]
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => {
      const before = source.slice(0, at)
      const line = before.split('\n').length
      const column = at - (before.lastIndexOf('\n') + 1)
      const shown = source.split('\n')[line - 1] ?? ''
      return `ERROR: <input>:${line}:${column + 1}: ${text}\n | ${shown}\n | ${'.'.repeat(column)}^`
    })
    .join('\n')
}
