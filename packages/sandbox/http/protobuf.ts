// Reads objects that clients send in protobuf, as kubectl does with kinds that it knows: into the JSON they stand for.
import { encodeBase64 } from '@mainstay/core/object/base64.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import { parseApiVersion } from '@mainstay/core/object/ref.ts'
import { definition, typeOf } from '../schema/lookup.ts'
import { timeText } from '../schema/time.ts'
import type { Field, FieldType, ListType, MapType, ScalarType, StructType } from '../schema/type.ts'
import { wireFields } from '../schema/wire.ts'
import { parseJson } from './json.ts'
import { bytesAt, textOf, WireFault, wholeAt, wireValues } from './wire.ts'

/** What every message of Kubernetes begins with: `k8s` and a zero. */
const MAGIC = [0x6b, 0x38, 0x73, 0]

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'

/** True for bytes that say they are a message of Kubernetes. */
export function isProtobuf(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, at) => bytes[at] === byte)
}

/**
 * The object in a message: an envelope with the kind and the message of that kind. null for a kind that is not known
 * here. Throws a WireFault for what is no message.
 */
export function parseProtobuf(bytes: Uint8Array): JsonObject | null {
  const envelope = bytes.subarray(MAGIC.length)
  const head = bytesAt(envelope, 1)
  const [apiVersion, kind] = [textOf(bytesAt(head, 1)), textOf(bytesAt(head, 2))]
  const { group, version } = parseApiVersion(apiVersion)
  const type = typeOf(group, version, kind) ?? definition(`${META}.${kind}`)
  if (type === null) return null
  return { apiVersion, kind, ...structIn(bytesAt(envelope, 2), type) }
}

type Draft = Record<string, Json>

function structIn(bytes: Uint8Array, type: StructType): JsonObject {
  const draft: Draft = {}
  readInto(draft, bytes, type, type.name ?? '')
  return draft
}

/** Reads a message into the object that holds its fields; the fields of a part stand in the object itself. */
function readInto(draft: Draft, bytes: Uint8Array, type: StructType, message: string): void {
  const fields = wireFields(message)
  for (const { number, value } of wireValues(bytes)) {
    const known = fields.get(number)
    if (known?.kind === 'inline') readInto(draft, bytesOf(value), type, known.message)
    else if (known !== undefined) {
      const field = type.field(known.name)
      if (field !== null) setField(draft, known.name, field, value)
    }
  }
}

type Raw = bigint | Uint8Array

function setField(draft: Draft, name: string, field: Field, raw: Raw): void {
  const { type, go } = field
  switch (type.kind) {
    case 'list':
      draft[name] = [...listAt(draft[name]), ...itemsIn(raw, type)]
      return
    case 'map':
      draft[name] = { ...objectAt(draft[name]), ...entryIn(bytesOf(raw), type) }
      return
    default: {
      const value = valueIn(raw, type)
      // Go writes every field that is no pointer, also where nobody set it: that is no value.
      const unset = go !== undefined && !go.pointer && go.written !== 'always' && isZero(value)
      if (!unset) draft[name] = value
    }
  }
}

function listAt(value: Json | undefined): readonly Json[] {
  return (value ?? []) as readonly Json[] // Nothing but lists was put there.
}

function objectAt(value: Json | undefined): JsonObject {
  return (value ?? {}) as JsonObject // Nothing but objects was put there.
}

function isZero(value: Json): boolean {
  return value === '' || value === 0 || value === false || value === null || isEmptyStruct(value)
}

function isEmptyStruct(value: Json): boolean {
  return isObject(value) && Object.keys(value).length === 0
}

/** One item, or several numbers in one piece. */
function itemsIn(raw: Raw, { items }: ListType): readonly Json[] {
  const numbers = items.kind === 'scalar' && (items.type === 'integer' || items.type === 'boolean')
  if (typeof raw === 'bigint' || !numbers) return [valueIn(raw, items)]
  // A key in front makes of a run of numbers a message again.
  const found: Json[] = []
  for (let at = 0; at < raw.length; ) {
    const end = raw.findIndex((byte, index) => index >= at && byte < 0x80)
    if (end === -1) throw new WireFault('unexpected EOF')
    found.push(valueIn(wholeAt(new Uint8Array([0x08, ...raw.subarray(at, end + 1)]), 1), items))
    at = end + 1
  }
  return found
}

function entryIn(bytes: Uint8Array, { values }: MapType): JsonObject {
  const key = textOf(bytesAt(bytes, 1))
  // A list as a value is a message of its own with the items in it.
  if (values.kind === 'list') {
    const items = [...wireValues(bytesAt(bytes, 2))].flatMap(({ value }) => itemsIn(value, values))
    return { [key]: items }
  }
  if (values.kind === 'scalar' && (values.type === 'integer' || values.type === 'boolean')) {
    return { [key]: valueIn(wholeAt(bytes, 2), values) }
  }
  return { [key]: valueIn(bytesAt(bytes, 2), values) }
}

function valueIn(raw: Raw, type: FieldType): Json {
  switch (type.kind) {
    case 'struct':
      return structIn(bytesOf(raw), type)
    case 'scalar':
      return scalarIn(raw, type)
    case 'any': {
      const text = textOf(bytesAt(bytesOf(raw), 1))
      return text === '' ? null : parseJson(text).value
    }
    case 'list':
      return itemsIn(raw, type)
    case 'map':
      return entryIn(bytesOf(raw), type)
  }
}

function scalarIn(raw: Raw, { type, format, micro }: ScalarType): Json {
  switch (type) {
    case 'boolean':
      return raw === 1n
    case 'integer':
      return numberOf(typeof raw === 'bigint' ? BigInt.asIntN(64, raw) : 0n)
    case 'number':
      return typeof raw === 'bigint' || raw.length !== 8
        ? 0
        : new DataView(raw.buffer, raw.byteOffset, 8).getFloat64(0, true)
    case 'quantity':
      return textOf(bytesAt(bytesOf(raw), 1))
    case 'int-or-string':
      return wholeAt(bytesOf(raw), 1) === 0n ? numberOf(wholeAt(bytesOf(raw), 2)) : textOf(bytesAt(bytesOf(raw), 3))
    case 'string':
      if (format === 'date-time') return timeIn(bytesOf(raw), micro === true)
      return format === 'byte' ? encodeBase64(bytesOf(raw)) : textOf(bytesOf(raw))
  }
}

/** Seconds and nanoseconds; nothing of both is no time. */
function timeIn(bytes: Uint8Array, micro: boolean): Json {
  const [seconds, nanos] = [Number(wholeAt(bytes, 1)), Number(wholeAt(bytes, 2))]
  if (seconds === 0 && nanos === 0) return null
  const text = timeText(seconds * 1000)
  return micro ? text.replace('Z', `.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z`) : text
}

function numberOf(value: bigint): Json {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function bytesOf(raw: Raw): Uint8Array {
  if (typeof raw === 'bigint') throw new WireFault('proto: wrong wireType = 0')
  return raw
}
