// The form in which the API server keeps an object: read into Go's types, defaults filled in, written again. Empty values
// that Go cannot tell from absent ones go, fields that Go always writes come, quantities and times get one spelling.
// What is in this form already comes back as it is, and the larger parts that came out of here are known again.
import { decodeBase64, encodeBase64 } from '@mainstay/core/object/base64.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { formatQuantity, inMillis, parseQuantity } from '../kinds/quantity.ts'
import { isEmpty, type Plan, type PlannedField, planOf } from './plan.ts'
import { isPassing, Recent } from './recent.ts'
import { normalTime } from './time.ts'
import type { FieldType, ListType, ScalarType, StructType } from './type.ts'

/** Fills in one struct: called with what was read, without empty values, before the structs inside it. */
export type Defaulting = (value: JsonObject) => JsonObject

/** Defaults by the names of definitions (`io.k8s.api.core.v1.PodSpec`). Filling in twice is filling in once. */
export type Defaults = ReadonlyMap<string, Defaulting>

/** The form in which an object of a built-in type is kept. Unknown fields are dropped, wrong types left as they are. */
export function normalForm(type: StructType, object: JsonObject, defaults: Defaults): JsonObject {
  let former = formers.get(defaults)
  if (former === undefined) {
    former = new Former(defaults)
    formers.set(defaults, former)
  }
  return former.form(type, object)
}

const formers = new WeakMap<Defaults, Former>()

/** The two forms of a struct of a type, mostly one and the same. */
interface Forms {
  readonly type: StructType
  readonly filled: JsonObject
  readonly written: JsonObject
}

/** A struct with fewer values than this is read sooner than it is remembered. */
const LARGE = 6

const NOTHING: JsonObject = {}

class Former {
  readonly #defaults: Defaults
  /** By either form. */
  readonly #known = new Recent<JsonObject, Forms>()
  /** Lists of small structs that are read, filled in and written as they are. */
  readonly #lists = new Recent<readonly Json[], ListType>()
  readonly #filledFromNothing = new WeakMap<StructType, JsonObject>()
  /** What is written now. */
  #root = NOTHING
  /** Values that were written so far. */
  #count = 0
  /** Structs and lists that were known, or are so from now on. */
  #hits = 0
  /** Reading what was written so far gives what was filled in: nothing was left out. */
  #faithful = true
  /** What was written so far is read as it is: nothing in it is there only because it is always written. */
  #exact = true

  constructor(defaults: Defaults) {
    this.#defaults = defaults
  }

  form(type: StructType, object: JsonObject): JsonObject {
    const filled = this.#fill(type, this.#readStruct(type, object))
    this.#root = filled
    return asBefore(object, this.#write(type, filled))
  }

  /** What Go has after reading JSON: no nulls, no unknown fields, no empty values that are no pointers. */
  #readStruct(type: StructType, value: JsonObject): JsonObject {
    const known = this.#known.get(value)
    if (known?.type === type && known.written === value) return known.filled
    const { byName } = planOf(type)
    let read: Record<string, Json> | null = null
    for (const name in value) {
      const given = value[name] ?? null
      const field = byName.get(name)
      const inner = given === null || field === undefined ? null : this.#readValue(field.type, given)
      const kept = inner !== null && field !== undefined && (field.pointer || !isEmpty(inner))
      if (kept && inner === given) {
        if (read !== null) read[name] = inner
        continue
      }
      read ??= upTo(value, name)
      if (kept) read[name] = inner
    }
    return read ?? value
  }

  #readValue(type: FieldType, value: Json): Json {
    switch (type.kind) {
      case 'struct':
        return isObject(value) ? this.#readStruct(type, value) : value
      case 'map':
        return isObject(value) ? mapped(value, (each) => this.#readItem(type.values, each, true)) : value
      case 'list':
        if (!isList(value) || this.#isKnown(value, type)) return value
        return listed(value, (each) => this.#readItem(type.items, each, false))
      case 'scalar':
        return typeof value === 'string' || type.type === 'quantity' ? readScalar(type, value) : value
      case 'any':
        return value
    }
  }

  /** A null among items is an empty item. */
  #readItem(type: FieldType, value: Json, inMap: boolean): Json {
    if (value === null) return type.kind === 'any' ? null : zeroOf(type)
    if (inMap && type.kind === 'scalar' && type.type === 'quantity') return spelled(value, true)
    return this.#readValue(type, value)
  }

  #fill(type: StructType, value: JsonObject): JsonObject {
    const known = this.#known.get(value)
    if (known?.type === type && known.filled === value) return value
    const { byName, fallbacks, embedded } = planOf(type)
    let own = value
    for (const { name, fallback } of fallbacks) if (own[name] === undefined) own = { ...own, [name]: fallback }
    const filled = (type.name === null ? undefined : this.#defaults.get(type.name))?.(own) ?? own
    let deep = filled
    for (const name in filled) {
      const field = byName.get(name)
      const given = filled[name]
      if (field === undefined || typeof given !== 'object') continue
      const inner = this.#fillValue(field.type, given)
      if (inner !== given) deep = withField(deep, filled, name, inner)
    }
    for (const { name, type: inner } of embedded) {
      if (deep[name] !== undefined || inner.kind !== 'struct') continue
      const made = this.#fillNothing(inner)
      if (!isEmpty(made)) deep = withField(deep, filled, name, made)
    }
    return deep
  }

  #fillNothing(type: StructType): JsonObject {
    let made = this.#filledFromNothing.get(type)
    if (made === undefined) {
      made = this.#fill(type, NOTHING)
      this.#filledFromNothing.set(type, made)
    }
    return made
  }

  #fillValue(type: FieldType, value: Json): Json {
    if (type.kind === 'struct' && isObject(value)) return this.#fill(type, value)
    if (type.kind === 'list' && isList(value) && type.items.kind !== 'scalar') {
      if (this.#isKnown(value, type)) return value
      return listed(value, (each) => this.#fillValue(type.items, each))
    }
    if (type.kind === 'map' && isObject(value) && type.values.kind !== 'scalar') {
      return mapped(value, (each) => this.#fillValue(type.values, each))
    }
    return value
  }

  /** What Go writes: in the order of its fields, with those that are never left out. */
  #write(type: StructType, value: JsonObject): JsonObject {
    const known = this.#known.get(value)
    if (known?.type === type && known.filled === value) {
      this.#count += LARGE
      this.#hits++
      this.#exact &&= known.written === value
      return known.written
    }
    const begun = this.#count
    const [faithful, exact] = [this.#faithful, this.#exact]
    this.#faithful = this.#exact = true
    const written = this.#writeFields(planOf(type), value)
    if (this.#faithful && this.#count - begun >= LARGE && !isPassing(this.#root, value)) {
      // Two orders of the same fields are one form, so that what is read again stays the value that it is.
      const forms: Forms = { type, filled: this.#exact ? written : value, written }
      if (!this.#exact) this.#known.set(value, forms)
      this.#known.set(written, forms)
      this.#hits++
    }
    this.#exact &&= exact
    this.#faithful &&= faithful
    return written
  }

  /** The value itself, where nothing has to come, go, change or move. */
  #writeFields(plan: Plan, value: JsonObject): JsonObject {
    let changed: Map<string, Json> | null = null
    let last = -1
    let inOrder = true
    let due = plan.always
    for (const name in value) {
      const field = plan.byName.get(name)
      const given = value[name] ?? null
      if (field === undefined || (!field.pointer && isEmpty(given))) {
        this.#faithful = inOrder = false
        continue
      }
      const other = this.#writeValue(field.type, given)
      if (other !== given) {
        changed ??= new Map()
        changed.set(name, other)
      }
      if (field.always) due--
      inOrder &&= field.place > last
      last = field.place
    }
    if (due > 0) this.#exact = false
    return inOrder && due === 0 && changed === null ? value : inOrderOf(plan, value, changed)
  }

  #writeValue(type: FieldType, value: Json): Json {
    this.#count++
    if (type.kind === 'struct' && isObject(value)) return this.#write(type, value)
    if (type.kind === 'list' && isList(value)) {
      if (type.items.kind !== 'scalar') return this.#writeList(type, value)
      this.#count += value.length
    }
    if (type.kind === 'map' && isObject(value)) return sorted(value, (each) => this.#writeValue(type.values, each))
    return value
  }

  #isKnown(list: readonly Json[], type: ListType): boolean {
    return type.items.kind !== 'scalar' && this.#lists.get(list) === type
  }

  /** A list of small structs is known as one; one of larger structs changes with each of them. */
  #writeList(type: ListType, list: readonly Json[]): readonly Json[] {
    if (this.#isKnown(list, type)) {
      this.#count += LARGE
      this.#hits++
      return list
    }
    const [begun, hits, faithful, exact] = [this.#count, this.#hits, this.#faithful, this.#exact]
    this.#faithful = this.#exact = true
    const written = listed(list, (each) => this.#writeValue(type.items, each))
    if (this.#faithful && this.#exact && this.#hits === hits && this.#count - begun >= LARGE) {
      this.#lists.set(written, type)
      this.#hits++
    }
    this.#faithful &&= faithful
    this.#exact &&= exact
    return written
  }
}

/** The object that was read where it is the one that was written, which is not remembered of objects and their metadata. */
function asBefore(before: JsonObject, object: JsonObject): JsonObject {
  const [old = null, metadata = null] = [before.metadata, object.metadata]
  const kept = isObject(old) && isObject(metadata) && old !== metadata && hasSame(old, metadata)
  const made = kept ? { ...object, metadata: old } : object
  return hasSame(before, made) ? before : made
}

/** True for the same values under the same keys in the same order. */
function hasSame(one: JsonObject, other: JsonObject): boolean {
  if (one === other) return true
  const keys = Object.keys(other)
  let at = 0
  for (const key in one) if (key !== keys[at++] || one[key] !== other[key]) return false
  return at === keys.length
}

function readScalar(type: ScalarType, value: Json): Json {
  if (type.type === 'quantity') return spelled(value, false)
  if (typeof value !== 'string') return value
  if (type.format === 'byte') {
    const bytes = decodeBase64(value)
    return bytes === null ? value : encodeBase64(bytes)
  }
  return type.format === 'date-time' ? normalTime(value, type.micro === true) : value
}

function spelled(value: Json, resource: boolean): Json {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return value
  const text = String(value)
  const spellings = resource ? spelledResources : spelledOthers
  const known = spellings.get(text)
  if (known !== undefined) return known
  const quantity = parseQuantity(text)
  if (quantity === null) return value
  const made = formatQuantity(resource ? inMillis(quantity) : quantity)
  if (spellings.size >= MOST_SPELLED) spellings.clear()
  spellings.set(text, made)
  return made
}

// The same few quantities come again and again.
const spelledResources = new Map<string, string>()
const spelledOthers = new Map<string, string>()
const MOST_SPELLED = 1024

/** The fields that Go writes, in its order; `changed` are those that are written otherwise than they are held. */
function inOrderOf({ fields }: Plan, value: JsonObject, changed: ReadonlyMap<string, Json> | null): JsonObject {
  const written: Record<string, Json> = {}
  for (const field of fields) {
    const given = value[field.name]
    if (given !== undefined && (field.pointer || !isEmpty(given))) {
      written[field.name] = changed?.get(field.name) ?? given
    } else if (field.always) written[field.name] = zeroOfField(field)
  }
  return written
}

function zeroOfField(field: PlannedField): Json {
  return field.pointer ? null : zeroOf(field.type)
}

/** How Go writes a value that nobody set. */
function zeroOf(type: FieldType): Json {
  switch (type.kind) {
    case 'struct':
      return zeroStruct(type)
    case 'scalar':
      return zeroScalar(type)
    default:
      return null
  }
}

const zeros = new WeakMap<StructType, JsonObject>()

function zeroStruct(type: StructType): JsonObject {
  let zero = zeros.get(type)
  if (zero === undefined) {
    const always = planOf(type).fields.filter((each) => each.always)
    zero = Object.fromEntries(always.map((field) => [field.name, zeroOfField(field)]))
    zeros.set(type, zero)
  }
  return zero
}

function zeroScalar(type: ScalarType): Json {
  switch (type.type) {
    case 'string':
      return type.format === 'date-time' ? null : ''
    case 'boolean':
      return false
    case 'quantity':
      return '0'
    default:
      return 0
  }
}

/** A copy of the fields before one of them. */
function upTo(value: JsonObject, end: string): Record<string, Json> {
  const copy: Record<string, Json> = {}
  for (const name in value) {
    if (name === end) break
    copy[name] = value[name] ?? null
  }
  return copy
}

/** `object` with a field changed; it is copied when it still is `original`. */
function withField(object: JsonObject, original: JsonObject, name: string, value: Json): JsonObject {
  if (object === original) return { ...object, [name]: value }
  // A copy of one's own, that nobody has seen yet.
  const own = object as Record<string, Json>
  own[name] = value
  return own
}

function listed(list: readonly Json[], change: (value: Json) => Json): readonly Json[] {
  let changed: Json[] | null = null
  for (let at = 0; at < list.length; at++) {
    const item = list[at] ?? null
    const other = change(item)
    if (other !== item) changed ??= list.slice(0, at)
    changed?.push(other)
  }
  return changed ?? list
}

function mapped(object: JsonObject, change: (value: Json) => Json): JsonObject {
  let changed = false
  for (const key in object) {
    const item = object[key] ?? null
    if (change(item) === item) continue
    changed = true
    break
  }
  // Keys of maps may be any: `__proto__` must not become the prototype.
  return changed ? Object.fromEntries(Object.keys(object).map((key) => [key, change(object[key] ?? null)])) : object
}

/** Go writes the keys of maps in order. */
function sorted(object: JsonObject, change: (value: Json) => Json): JsonObject {
  let before = ''
  let isSorted = true
  for (const key in object) {
    isSorted &&= before <= key
    before = key
  }
  if (isSorted) return mapped(object, change)
  const keys = Object.keys(object).sort()
  return Object.fromEntries(keys.map((key) => [key, change(object[key] ?? null)]))
}
