// A type as the making of the normal form needs it: everything that does not depend on the object, worked out once.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Field, FieldType, StructType } from './type.ts'

/** A struct. */
export interface Plan {
  /** In the order in which Go writes them. */
  readonly fields: readonly PlannedField[]
  readonly byName: ReadonlyMap<string, PlannedField>
  /** Those that are filled in where they are absent. */
  readonly fallbacks: readonly PlannedField[]
  /** Structs by value: always there to be filled in. */
  readonly embedded: readonly PlannedField[]
  /** How many fields are written whatever they hold. */
  readonly always: number
}

/** A field of a struct. */
export interface PlannedField {
  readonly name: string
  readonly place: number
  readonly type: FieldType
  readonly pointer: boolean
  readonly always: boolean
  readonly fallback: Json
}

const plans = new WeakMap<StructType, Plan>()

/** The plan of a type. */
export function planOf(type: StructType): Plan {
  let plan = plans.get(type)
  if (plan === undefined) {
    plan = makePlan(type)
    plans.set(type, plan)
  }
  return plan
}

function makePlan(type: StructType): Plan {
  const fields: PlannedField[] = []
  const fallbacks: PlannedField[] = []
  const embedded: PlannedField[] = []
  for (const name of type.names) {
    const field = type.field(name)
    if (field === null) continue
    const { go, default: fallback = null } = field
    const planned: PlannedField = {
      name,
      place: fields.length,
      type: field.type,
      // What is kept as raw JSON is there as soon as it says anything.
      pointer: go?.pointer === true || field.type.kind === 'any',
      always: go?.written === 'always',
      fallback,
    }
    fields.push(planned)
    if (isDefault(field)) fallbacks.push(planned)
    if (field.type.kind === 'struct' && go?.pointer === false) embedded.push(planned)
  }
  const always = fields.filter((each) => each.always).length
  return { fields, byName: new Map(fields.map((each) => [each.name, each])), fallbacks, embedded, always }
}

/** OpenAPI also names Go's zero values as defaults; those are for the writing. */
function isDefault({ default: value, go, type }: Field): boolean {
  if (value === undefined || type.kind === 'struct') return false
  return go?.pointer === true || !isEmpty(value)
}

/** True for what Go cannot tell from nothing where it is no pointer. */
export function isEmpty(value: Json): boolean {
  if (value === '' || value === 0 || value === false) return true
  if (typeof value !== 'object') return false
  if (isList(value)) return value.length === 0
  if (!isObject(value)) return false
  for (const _ in value) return false
  return true
}
