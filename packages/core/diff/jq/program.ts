// The part of jq that ignore rules use, as a tree: paths into an object, and conditions that choose among them.
import type { Json } from '../../object/json.ts'
import type { Regex } from './regex.ts'

/** One expression: it takes a value and yields any number of values, each with its place in the input or without one. */
export type JqProgram =
  /** `.` */
  | { readonly kind: 'identity' }
  /** `..`, `recurse` */
  | { readonly kind: 'recurse' }
  /** `.name`, `.["name"]`, `."name"` */
  | { readonly kind: 'field'; readonly name: string }
  /** `.[2]`, `.[-1]` */
  | { readonly kind: 'index'; readonly index: number }
  /** `.[1:3]`; null for an open end. */
  | { readonly kind: 'slice'; readonly from: number | null; readonly to: number | null }
  /** `.[]` */
  | { readonly kind: 'each' }
  /** `a?`: an error of `a` ends it quietly. */
  | { readonly kind: 'try'; readonly body: JqProgram }
  | { readonly kind: 'pipe'; readonly left: JqProgram; readonly right: JqProgram }
  | { readonly kind: 'comma'; readonly left: JqProgram; readonly right: JqProgram }
  /** `a // b` */
  | { readonly kind: 'otherwise'; readonly left: JqProgram; readonly right: JqProgram }
  | { readonly kind: 'and' | 'or'; readonly left: JqProgram; readonly right: JqProgram }
  | { readonly kind: 'compare'; readonly op: CompareOp; readonly left: JqProgram; readonly right: JqProgram }
  | { readonly kind: 'literal'; readonly value: Json }
  /** `[a]` */
  | { readonly kind: 'list'; readonly body: JqProgram | null }
  | { readonly kind: 'select'; readonly body: JqProgram }
  /** `any`, `all`, `any(a)`, `all(a)`: over the items of the input. */
  | { readonly kind: 'any' | 'all'; readonly body: JqProgram }
  | { readonly kind: 'test'; readonly regex: Regex }
  | { readonly kind: 'call'; readonly name: PlainFunction }
  | { readonly kind: 'call-with'; readonly name: ArgumentFunction; readonly argument: JqProgram }

export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>='

/** Functions without arguments. */
export const PLAIN_FUNCTIONS = ['not', 'length', 'type', 'empty', 'tostring', 'ascii_downcase', 'keys'] as const
export type PlainFunction = (typeof PLAIN_FUNCTIONS)[number]

/** Functions of one argument. */
export const ARGUMENT_FUNCTIONS = ['has', 'startswith', 'endswith', 'contains', 'inside', 'IN'] as const
export type ArgumentFunction = (typeof ARGUMENT_FUNCTIONS)[number]

/** A read expression, or the first thing in it that is not understood: `at` counts characters from 0. */
export type ParsedJq =
  | { readonly kind: 'program'; readonly program: JqProgram }
  | { readonly kind: 'unsupported'; readonly construct: string; readonly at: number }
