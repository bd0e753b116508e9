// How a strategic merge patch finds in a type what becomes of a field.
import type { Field, FieldType, StructType } from '../schema/type.ts'
import { PatchFault } from './fault.ts'

/** A strategy of a field. */
export type Strategy = 'merge' | 'replace' | 'retainKeys'

/** What is known of a field. */
export interface Lookup {
  readonly strategies: readonly Strategy[]
  /** Empty for lists of scalars. */
  readonly mergeKey: string
  /** Where its own fields, or those of its items, are looked up. */
  readonly subject: Subject
}

/** Something with fields. */
export interface Subject {
  /** The Go kind, for messages. */
  readonly kind: string
  readonly field: (name: string) => Lookup
  readonly list: (name: string) => Lookup
}

const known = new WeakMap<StructType, Subject>()

/** A struct's fields. */
export function lookupIn(type: StructType): Subject {
  let subject = known.get(type)
  if (subject === undefined) {
    subject = structSubject(type)
    known.set(type, subject)
  }
  return subject
}

function structSubject(type: StructType): Subject {
  const find = (name: string): Field => {
    const field = type.field(name)
    if (field !== null) return field
    const struct = type.name?.split('.').at(-1) ?? ''
    throw new PatchFault(`unable to find api field in struct ${struct} for the json field ${JSON.stringify(name)}`)
  }
  return {
    kind: 'struct',
    field: (name) => lookupOf(find(name), subjectOf(find(name).type)),
    list: (name) => {
      const field = find(name)
      if (field.type.kind === 'list') return lookupOf(field, subjectOf(field.type.items))
      if (field.go?.pointer === true) return lookupOf(field, subjectOf(field.type))
      throw new PatchFault('expected slice or array type, but got: struct')
    },
  }
}

function lookupOf({ patch }: Field, subject: Subject): Lookup {
  return { strategies: patch?.strategies ?? [], mergeKey: patch?.mergeKey ?? '', subject }
}

function subjectOf(type: FieldType): Subject {
  if (type.kind === 'struct') return lookupIn(type)
  const kind = goKind(type)
  const refuse = (): never => {
    throw new PatchFault(`merging an object in json but data type is not struct, instead is: ${kind}`)
  }
  return { kind, field: refuse, list: refuse }
}

function goKind(type: FieldType): string {
  switch (type.kind) {
    case 'map':
      return 'map'
    case 'list':
      return 'slice'
    case 'scalar':
      return type.type === 'quantity' || type.type === 'int-or-string' ? 'struct' : goScalar(type.type, type.format)
    default:
      return 'struct'
  }
}

function goScalar(type: string, format: string | null): string {
  if (type === 'integer') return format ?? 'int'
  if (type === 'number') return 'float64'
  return type === 'boolean' ? 'bool' : 'string'
}
