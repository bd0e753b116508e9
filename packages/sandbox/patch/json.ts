// JSON patch (RFC 6902), with the liberties and the words of the library that the real server uses.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { failure, type StatusError } from '../registry/status.ts'
import { equalJson } from './equal.ts'
import { PatchFault } from './fault.ts'
import { addTo, containerAt, getFrom, putInto, removeFrom } from './place.ts'

/** More operations are refused. */
export const MAX_OPERATIONS = 10_000

/** A document changed by operations. Throws a StatusError as the real server words it. */
export function jsonPatch(document: Json, operations: Json): Json {
  if (!isList(operations)) {
    const what = `json: cannot unmarshal ${jsonKind(operations)} into Go value of type []handlers.jsonPatchOp`
    throw failure(400, 'BadRequest', `error decoding patch: ${what}`)
  }
  const steps = operations.map(readOperation)
  if (steps.length > MAX_OPERATIONS) throw tooMany(steps.length)
  try {
    return steps.reduce<Json>((value, step) => operate(value, step), document)
  } catch (error) {
    if (!(error instanceof PatchFault)) throw error
    throw failure(422, 'Invalid', error.message, {})
  }
}

function tooMany(count: number): StatusError {
  const what = `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${count}`
  return failure(413, 'RequestEntityTooLarge', `Request entity too large: ${what}`)
}

/** An operation; what is absent is undefined. */
interface Operation {
  readonly op: string
  readonly path: string | undefined
  readonly from: string | undefined
  readonly value: Json | undefined
}

function readOperation(operation: Json): Operation {
  if (operation === null) return { op: 'unknown', path: undefined, from: undefined, value: undefined }
  if (!isObject(operation)) {
    const what = `json: cannot unmarshal ${jsonKind(operation)} into Go value of type handlers.jsonPatchOp`
    throw failure(400, 'BadRequest', `error decoding patch: ${what}`)
  }
  const op = textIn(operation, 'op') ?? 'unknown'
  const [path, from] = [textIn(operation, 'path'), textIn(operation, 'from')]
  return { op, path, from, value: Object.hasOwn(operation, 'value') ? operation.value : undefined }
}

function textIn(operation: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(operation, name) ? (operation[name] ?? null) : null
  if (value === null || typeof value === 'string') return value ?? undefined
  const what = `json: cannot unmarshal ${jsonKind(value)} into Go struct field jsonPatchOp.${name} of type string`
  throw failure(400, 'BadRequest', `error decoding patch: ${what}`)
}

function jsonKind(value: Json): string {
  if (isList(value)) return 'array'
  if (isObject(value)) return 'object'
  if (value === null) return 'null'
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'number'
}

function operate(document: Json, operation: Operation): Json {
  switch (operation.op) {
    case 'add':
      return add(document, operation)
    case 'remove':
      return remove(document, operation)
    case 'replace':
      return replace(document, operation)
    case 'move':
      return move(document, operation)
    case 'test':
      return test(document, operation)
    case 'copy':
      return copy(document, operation)
    default:
      throw new PatchFault(`Unexpected kind: ${operation.op}`)
  }
}

const NO_PATH = 'operation missing path field: missing value'
const NO_FROM = 'operation, missing from field: missing value'

function add(document: Json, { path, value }: Operation): Json {
  if (path === undefined) throw new PatchFault('add operation failed to decode path: missing value')
  const place = containerAt(document, path)
  if (place === null)
    throw new PatchFault(`add operation does not apply: doc is missing path: "${path}": missing value`)
  return within(`error in add for path: '${path}'`, () => addTo(document, place, value ?? null))
}

function remove(document: Json, { path }: Operation): Json {
  if (path === undefined) throw new PatchFault('remove operation failed to decode path: missing value')
  const place = containerAt(document, path)
  if (place === null) {
    throw new PatchFault(`remove operation does not apply: doc is missing path: "${path}": missing value`)
  }
  return within(`error in remove for path: '${path}'`, () => removeFrom(document, place))
}

function replace(document: Json, { path, value }: Operation): Json {
  if (path === undefined) throw new PatchFault(`replace operation failed to decode path: ${NO_PATH}`)
  if (path === '') {
    if (isObject(value) || isList(value)) return value
    throw new PatchFault('replace operation value must be object or array: %!w(<nil>)')
  }
  const place = containerAt(document, path)
  if (place === null)
    throw new PatchFault(`replace operation does not apply: doc is missing path: ${path}: missing value`)
  try {
    // A field that is not there is replaced as well; an item is not.
    getFrom(place)
  } catch {
    throw new PatchFault(`replace operation does not apply: doc is missing key: ${path}: missing value`)
  }
  return within(`error in remove for path: '${path}'`, () => putInto(document, place, value ?? null))
}

function move(document: Json, { path, from }: Operation): Json {
  if (from === undefined) throw new PatchFault(`move operation failed to decode from: ${NO_FROM}`)
  const source = containerAt(document, from)
  if (source === null)
    throw new PatchFault(`move operation does not apply: doc is missing from path: ${from}: missing value`)
  const where = `error in move for path: '${source.key}'`
  const value = within(where, () => getFrom(source))
  const rest = within(where, () => removeFrom(document, source))
  if (path === undefined) throw new PatchFault(`move operation failed to decode path: ${NO_PATH}`)
  const target = containerAt(rest, path)
  if (target === null) {
    throw new PatchFault(`move operation does not apply: doc is missing destination path: ${path}: missing value`)
  }
  return within(`error in move for path: '${path}'`, () => addTo(rest, target, value ?? null))
}

function test(document: Json, { path, value }: Operation): Json {
  if (path === undefined) throw new PatchFault(`test operation failed to decode path: ${NO_PATH}`)
  const failed = new PatchFault(`testing value ${path} failed: test failed`)
  if (path === '') {
    if (equalJson(document, value ?? null)) return document
    throw failed
  }
  const place = containerAt(document, path)
  if (place === null) throw new PatchFault(`test operation does not apply: is missing path: ${path}: missing value`)
  const found = within(`error in test for path: '${path}'`, () => getFrom(place))
  if (equalJson(found ?? null, value ?? null)) return document
  throw failed
}

function copy(document: Json, { path, from }: Operation): Json {
  if (from === undefined) throw new PatchFault(`copy operation failed to decode from: ${NO_FROM}`)
  const source = containerAt(document, from)
  if (source === null)
    throw new PatchFault(`copy operation does not apply: doc is missing from path: ${from}: missing value`)
  const value = within(`error in copy for from: '${from}'`, () => getFrom(source))
  if (path === undefined) throw new PatchFault('copy operation failed to decode path: missing value')
  const target = containerAt(document, path)
  if (target === null) {
    throw new PatchFault(`copy operation does not apply: doc is missing destination path: ${path}: missing value`)
  }
  return within('error while adding value during copy', () => addTo(document, target, value ?? null))
}

function within<Value>(where: string, act: () => Value): Value {
  try {
    return act()
  } catch (error) {
    if (error instanceof PatchFault) throw new PatchFault(`${where}: ${error.message}`)
    throw error
  }
}
