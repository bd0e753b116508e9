// JSON patch (RFC 6902), with the liberties that the real server takes.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { failure, type StatusError } from '../registry/status.ts'
import { equalJson } from './equal.ts'
import { PatchFault } from './fault.ts'
import { addTo, containerAt, getFrom, type Place, putInto, removeFrom } from './place.ts'

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
    throw failure(422, 'Invalid', REFUSED, {})
  }
}

/** The server does not say what is wrong with an operation. */
const REFUSED = 'the server rejected our request due to an error in our request'

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
      throw new PatchFault(`${operation.op} is no operation`)
  }
}

function add(document: Json, { path, value }: Operation): Json {
  return addTo(document, placeOf(document, path), value ?? null)
}

function remove(document: Json, { path }: Operation): Json {
  return removeFrom(document, placeOf(document, path))
}

/** A field that is not there is replaced as well; an item is not. */
function replace(document: Json, { path, value }: Operation): Json {
  if (path !== '') return putInto(document, placeOf(document, path), value ?? null)
  if (isObject(value) || isList(value)) return value
  throw new PatchFault('a document is an object or a list')
}

function move(document: Json, { path, from }: Operation): Json {
  const source = placeOf(document, from)
  const value = getFrom(source)
  const rest = removeFrom(document, source)
  return addTo(rest, placeOf(rest, path), value ?? null)
}

function test(document: Json, { path, value }: Operation): Json {
  const found = path === '' ? document : getFrom(placeOf(document, path))
  if (equalJson(found ?? null, value ?? null)) return document
  throw new PatchFault(`${path} is something else`)
}

/** What is not there is copied as null. */
function copy(document: Json, { path, from }: Operation): Json {
  const value = getFrom(placeOf(document, from))
  return addTo(document, placeOf(document, path), value ?? null)
}

function placeOf(document: Json, pointer: string | undefined): Place {
  const place = pointer === undefined ? null : containerAt(document, pointer)
  if (place === null) throw new PatchFault(`nothing is at ${pointer}`)
  return place
}
