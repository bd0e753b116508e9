// Takes the values of a Secret out of what a server says about it: admission may quote whatever it was sent.
import { isList, isObject, type Json } from '@mainstay/core/object/json.ts'
import { isFault } from '../fault.ts'
import { parseJson } from '../json/parse.ts'

/** Shorter values would tear ordinary words apart, and are no secrets. */
const minLength = 4

/**
 * A function that hides the values in the body of a request: as they were sent and, where they are base64, decoded.
 * @param body JSON of a Secret, or of a patch of one
 */
export function valueHider(body: string): (text: string) => string {
  const values = new Set<string>()
  for (const value of leaves(readBody(body))) {
    values.add(value)
    values.add(Buffer.from(value, 'base64').toString('utf8'))
  }
  // Longest first, so that no value leaves a rest of another one behind.
  const hidden = [...values].filter((value) => value.length >= minLength).sort((a, b) => b.length - a.length)
  return (text) => hidden.reduce((rest, value) => rest.replaceAll(value, '[hidden]'), text)
}

function readBody(body: string): Json {
  try {
    return parseJson(body, 'request')
  } catch (error) {
    if (isFault(error)) return null
    throw error
  }
}

/** Texts below `data` and `stringData` of an object, and all texts of a JSON patch. */
function leaves(body: Json): readonly string[] {
  if (isList(body)) return body.flatMap((operation) => texts(isObject(operation) ? (operation.value ?? null) : null))
  if (!isObject(body)) return []
  return [...texts(body.data ?? null), ...texts(body.stringData ?? null)]
}

function texts(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (isList(value)) return value.flatMap(texts)
  return isObject(value) ? Object.values(value).flatMap(texts) : []
}
