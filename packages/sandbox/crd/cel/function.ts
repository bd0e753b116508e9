// Functions of CEL: a name, overloads with their types, and what each does.
import type { CelType } from './type.ts'
import { splitTypes, typeOf } from './type.ts'
import type { Value } from './value.ts'
import { CelFault, isOf } from './value.ts'

/** One overload. The first parameter of a member is its receiver. */
export interface Overload {
  readonly member: boolean
  readonly params: readonly CelType[]
  readonly result: CelType
  readonly run: (...args: readonly Value[]) => Value
}

/** Functions by name. */
export type Functions = ReadonlyMap<string, readonly Overload[]>

/** A row of a table: `string.contains(string)bool`, `size(string)int`, and what it does. */
// biome-ignore lint/suspicious/noExplicitAny: an overload is called with values of its own parameter types alone.
export type Row = readonly [signature: string, run: (...args: any[]) => Value]

/** Functions of tables. */
export function functionsOf(...tables: readonly (readonly Row[])[]): Functions {
  const functions = new Map<string, Overload[]>()
  for (const [signature, run] of tables.flat()) {
    const { name, overload } = read(signature, run)
    functions.set(name, [...(functions.get(name) ?? []), overload])
  }
  return functions
}

/** `~` separates a receiver from the name, as names may have dots themselves (`ip.isCanonical`). */
function read(signature: string, run: Overload['run']): { readonly name: string; readonly overload: Overload } {
  const found = /^(?:(.+)~)?([^(~]+)\((.*)\)([a-zA-Z]+(?:\(.*\))?)$/.exec(signature)
  if (found === null) throw new Error(`${signature} is no signature`)
  const [, receiver, name = '', params = '', result = ''] = found
  const types = [...(receiver === undefined ? [] : [receiver]), ...splitTypes(params)].map(typeOf)
  return { name, overload: { member: receiver !== undefined, params: types, result: typeOf(result), run } }
}

/** Runs the first overload that fits the values. */
export function invoke(overloads: readonly Overload[], member: boolean, args: readonly Value[]): Value {
  const fitting = overloads.find(
    (each) =>
      each.member === member &&
      each.params.length === args.length &&
      each.params.every((type, at) => isOf(args[at] ?? null, type)),
  )
  if (fitting === undefined) throw new CelFault('no such overload')
  return fitting.run(...args)
}
