// What a client wrote against the type it should have: unknown and duplicate fields are told, unknown ones taken away,
// and values of a wrong type are refused in Go's words. Defaults and empty values are the kind's business.
import { decodeBase64 } from '@mainstay/core/object/base64.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { isPassing, Recent } from '../schema/recent.ts'
import type { FieldType, ListType, MapType, ScalarType, StructType } from '../schema/type.ts'
import { asPlainObject } from './equal.ts'
import { timeFault } from './go-time.ts'

/** A value that does not fit its type; the message is worded as Go's. */
export class DecodeFault extends Error {
  /** The value, where it is of a wrong type. */
  readonly value: Json | undefined

  constructor(message: string, value?: Json) {
    super(message)
    this.value = value
  }
}

/** An object of which the type knows every field. */
export interface Decoded {
  /** The same value where nothing was unknown. */
  readonly value: JsonObject
  /** `unknown field "spec.foo"`, `duplicate field "spec.replicas"`, in order of appearance. */
  readonly strict: readonly string[]
}

/** Keys that an object of the text had more than once. */
export type Duplicates = ReadonlyMap<JsonObject, ReadonlySet<string>> | null

/**
 * Holds a value against a type; throws a DecodeFault. `ownFirst`: of each object what it has itself is told before what
 * is below it, as where there was no text to read.
 */
export function decode(value: JsonObject, type: StructType, duplicates: Duplicates = null, ownFirst = false): Decoded {
  const decoder = new Decoder(value, duplicates, ownFirst)
  const read = decoder.struct(value, type)
  if (decoder.mismatch !== null) throw decoder.mismatch
  return { value: read, strict: [...decoder.strict] }
}

/**
 * A key of a map is written after a dot too, but Go does not count it as a field. What Go has inside a struct without a
 * name of its own in JSON (`inline`) is told only of wrong types.
 */
type Step = string | number | { readonly key: string } | { readonly inline: string }

/** Larger structs of late of which everything fits the type: much of what is merged was looked at before. */
const held = new Recent<JsonObject | readonly Json[], StructType | ListType>()

/** A struct with fewer fields than this is looked at sooner than it is remembered. */
const LARGE = 6

class Decoder {
  readonly strict = new Set<string>()
  /** The first value of a wrong type: it is told when everything was read, unless something else could not be. */
  mismatch: DecodeFault | null = null
  readonly #root: JsonObject
  readonly #duplicates: Duplicates
  readonly #ownFirst: boolean
  readonly #path: Step[] = []
  /** Fields that were looked at so far. */
  #count = 0
  /** Values that were known, or are so from now on. */
  #known = 0

  constructor(root: JsonObject, duplicates: Duplicates, ownFirst: boolean) {
    this.#root = root
    this.#duplicates = duplicates
    this.#ownFirst = ownFirst
  }

  struct(value: JsonObject, type: StructType): JsonObject {
    if (this.#isKnown(value, type)) return value
    const begun = this.#count
    const told = this.strict.size
    let changed: [string, Json][] | null = null
    const keys = Object.keys(value)
    this.#count += keys.length
    if (this.#ownFirst) for (const key of keys) if (type.field(key) === null) this.#field(null, key, type)
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] ?? ''
      const item = value[key] ?? null
      const kept = this.#field(item, key, type)
      this.#noteDuplicate(value, key, type)
      if (kept === item) changed?.push([key, item])
      else {
        changed ??= keys.slice(0, index).map((each) => [each, value[each] ?? null])
        if (kept !== undefined) changed.push([key, kept])
      }
    }
    if (changed !== null) return asPlainObject(changed)
    if (told === this.strict.size && !isPassing(this.#root, value)) this.#know(value, type, begun)
    return value
  }

  #isKnown(value: JsonObject | readonly Json[], type: StructType | ListType): boolean {
    if (this.#duplicates !== null || held.get(value) !== type) return false
    this.#count += LARGE
    this.#known++
    return true
  }

  #know(value: JsonObject | readonly Json[], type: StructType | ListType, begun: number): void {
    if (this.mismatch !== null || this.#count - begun < LARGE) return
    held.set(value, type)
    this.#known++
  }

  /** undefined: the type does not know the field. */
  #field(item: Json, key: string, type: StructType): Json | undefined {
    const field = type.field(key)
    if (field === null) {
      // Every object says what it is; not every schema repeats that.
      const told = this.#path.length === 0 && (key === 'apiVersion' || key === 'kind')
      if (type.preservesUnknown || told) return item
      this.strict.add(`unknown field ${JSON.stringify(pathText([...this.#path, key]))}`)
      return undefined
    }
    if (item === null) return item
    const inline = inlineOf(type, key)
    if (inline !== null) this.#path.push({ inline })
    this.#path.push(key)
    const kept = this.#value(item, field.type, type)
    this.#path.pop()
    if (inline !== null) this.#path.pop()
    return kept
  }

  #value(value: Json, type: FieldType, owner: StructType): Json {
    switch (type.kind) {
      case 'struct':
        if (!isObject(value)) return this.#mismatch(value, type, owner)
        return this.struct(value, type)
      case 'map':
        return this.#map(value, type, owner)
      case 'list':
        return this.#list(value, type, owner)
      case 'scalar':
        return this.#scalar(value, type, owner)
      case 'any':
        return value
    }
  }

  #map(value: Json, type: MapType, owner: StructType): Json {
    if (!isObject(value)) return this.#mismatch(value, type, owner)
    let changed = false
    const entries = Object.keys(value).map((key): [string, Json] => {
      const item = value[key] ?? null
      this.#path.push({ key })
      const kept = item === null ? item : this.#value(item, type.values, owner)
      this.#path.pop()
      this.#noteDuplicate(value, key, null)
      changed ||= kept !== item
      return [key, kept]
    })
    return changed ? asPlainObject(entries) : value
  }

  #list(value: Json, type: ListType, owner: StructType): Json {
    if (!isList(value)) return this.#mismatch(value, type, owner)
    if (type.items.kind === 'scalar') return this.#items(value, type, owner)
    if (this.#isKnown(value, type)) return value
    const [begun, known, told] = [this.#count, this.#known, this.strict.size]
    const kept = this.#items(value, type, owner)
    // A list of small structs is known as one; one of larger structs changes with each of them.
    if (kept === value && told === this.strict.size && this.#known === known) this.#know(value, type, begun)
    return kept
  }

  #items(value: readonly Json[], type: ListType, owner: StructType): Json {
    let changed = false
    const items = value.map((item, index) => {
      if (item === null) return item
      this.#path.push(index)
      const kept = this.#value(item, type.items, owner)
      this.#path.pop()
      changed ||= kept !== item
      return kept
    })
    return changed ? items : value
  }

  #scalar(value: Json, type: ScalarType, owner: StructType): Json {
    // Go reads a list into bytes, too.
    if (type.format === 'byte' && isList(value) && value.length === 0) return ''
    if (type.format === 'date-time' && typeof value !== 'string') {
      throw new DecodeFault(`json: cannot unmarshal ${kindOf(value)} into Go value of type string`)
    }
    if (!fits(value, type.type)) {
      if (type.type === 'quantity') throw badQuantity()
      return this.#mismatch(value, type, owner)
    }
    if (type.type === 'quantity') checkQuantity(String(value))
    if (type.format === 'byte' && typeof value === 'string' && decodeBase64(value) === null) {
      throw new DecodeFault(`illegal base64 data at input byte ${firstWrong(value)}`)
    }
    if (type.format === 'date-time' && typeof value === 'string') {
      const fault = timeFault(value, type.micro === true)
      if (fault !== null) throw new DecodeFault(fault)
    }
    return value
  }

  #noteDuplicate(value: JsonObject, key: string, type: StructType | null): void {
    if (this.#duplicates?.get(value)?.has(key) !== true || (type !== null && type.field(key) === null)) return
    this.strict.add(`duplicate field ${JSON.stringify(pathText([...this.#path, key]))}`)
  }

  #mismatch(value: Json, type: FieldType, owner: StructType): Json {
    const named = this.#path.map((step) => (typeof step === 'object' && 'inline' in step ? step.inline : step))
    const field = named.filter((step) => typeof step === 'string').join('.')
    const isInteger = type.kind === 'scalar' && type.type === 'integer'
    const shown = typeof value === 'number' && isInteger ? `number ${value}` : kindOf(value)
    const struct = owner.name?.split('.').at(-1) ?? ''
    this.mismatch ??= new DecodeFault(
      `json: cannot unmarshal ${shown} into Go struct field ${struct}.${field} of type ${goName(type)}`,
      value,
    )
    return value
  }
}

/** Structs of Go whose fields stand in another one, by the other one's name: those fields, or all but the others. */
const INLINE: Readonly<Record<string, { readonly name: string; readonly fields?: string; readonly but?: string }>> = {
  Volume: { name: 'VolumeSource', but: 'name' },
  PersistentVolumeSpec: {
    name: 'PersistentVolumeSource',
    but: 'capacity accessModes claimRef persistentVolumeReclaimPolicy storageClassName mountOptions volumeMode nodeAffinity volumeAttributesClassName',
  },
  Probe: { name: 'ProbeHandler', fields: 'exec httpGet tcpSocket grpc' },
  IngressRule: { name: 'IngressRuleValue', fields: 'http' },
  EphemeralContainer: { name: 'EphemeralContainerCommon', but: 'targetContainerName' },
  ConfigMapVolumeSource: { name: 'LocalObjectReference', fields: 'name' },
  ConfigMapKeySelector: { name: 'LocalObjectReference', fields: 'name' },
  ConfigMapProjection: { name: 'LocalObjectReference', fields: 'name' },
  ConfigMapEnvSource: { name: 'LocalObjectReference', fields: 'name' },
  SecretKeySelector: { name: 'LocalObjectReference', fields: 'name' },
  SecretProjection: { name: 'LocalObjectReference', fields: 'name' },
  SecretEnvSource: { name: 'LocalObjectReference', fields: 'name' },
}

/** A struct inside another one: the fields that are its own (`inside`), or those that are not. */
interface Inline {
  readonly name: string
  readonly keys: ReadonlySet<string>
  readonly inside: boolean
}

const inlines = new WeakMap<StructType, Inline | null>()

function inlineOf(type: StructType, key: string): string | null {
  let found = inlines.get(type)
  if (found === undefined) {
    const rule = INLINE[type.name?.split('.').at(-1) ?? '']
    const keys = new Set((rule?.fields ?? rule?.but ?? '').split(' '))
    found = rule === undefined ? null : { name: rule.name, keys, inside: rule.fields !== undefined }
    inlines.set(type, found)
  }
  return found !== null && found.keys.has(key) === found.inside ? found.name : null
}

function fits(value: Json, type: ScalarType['type']): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'integer':
      return typeof value === 'bigint' || Number.isInteger(value)
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint'
    case 'int-or-string':
    case 'quantity':
      return typeof value === 'number' || typeof value === 'string'
  }
}

function firstWrong(value: string): number {
  const at = value.search(/[^A-Za-z0-9+/\r\n]/)
  return at >= 0 ? at : Math.max(0, value.length - (value.length % 4))
}

/** `Gi` alone is read as nothing; a suffix of no known unit is another fault than a text that is no quantity. */
function checkQuantity(text: string): void {
  const found = /^([+-]?[0-9.]*)(.*)$/s.exec(text)
  const [, digits = '', suffix = ''] = found ?? []
  if (text === '' || digits.split('.').length > 2 || !/^[eEinumkKMGTP]*[-+]?[0-9]*$/.test(suffix)) throw badQuantity()
  if (!SUFFIX.test(suffix)) throw new DecodeFault("unable to parse quantity's suffix")
}

const SUFFIX = /^([KMGTPE]i|[numkMGTPE]?|[eE][-+]?[0-9]+)$/

function badQuantity(): DecodeFault {
  return new DecodeFault("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
}

function kindOf(value: Json): string {
  if (isList(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'bigint' ? 'number' : typeof value
}

/** The type as Go calls it: `[]v1.Container`, `map[string]string`, `int32`. */
function goName(type: FieldType): string {
  switch (type.kind) {
    case 'struct':
      return type.name?.split('.').slice(-2).join('.') ?? 'map[string]interface {}'
    case 'list':
      return `[]${goName(type.items)}`
    case 'map':
      if (type.values.kind === 'scalar' && type.values.type === 'quantity') return 'v1.ResourceList'
      return `map[string]${goName(type.values)}`
    case 'any':
      return 'map[string]interface {}'
    case 'scalar':
      return scalarName(type.type, type.format)
  }
}

function scalarName(type: ScalarType['type'], format: string | null): string {
  if (type === 'boolean') return 'bool'
  if (type === 'integer') return format === 'int64' ? 'int64' : 'int32'
  if (type === 'number') return 'float64'
  if (type === 'int-or-string') return 'intstr.IntOrString'
  return format === 'byte' ? '[]uint8' : 'string'
}

/** `spec.containers[0].name`. */
function pathText(path: readonly Step[]): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (typeof step === 'string' || 'key' in step) {
      text += (text === '' ? '' : '.') + (typeof step === 'string' ? step : step.key)
    }
  }
  return text
}
