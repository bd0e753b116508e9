// What was sent, beside the form in which it is kept: some rules of Go tell an empty value from none, which the form cannot.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'

/** No key of JSON: it goes along with copies of an object, and nobody reads it who does not ask for it. */
const SENT = Symbol('sent')

type Carrier = KubeObject & { readonly [SENT]?: JsonObject }

/** The object with what it was made of. */
export function withSent(object: KubeObject, sent: JsonObject): KubeObject {
  const carrier: Carrier = { ...object, [SENT]: sent }
  return carrier
}

/** What an object was made of, where that was more than it holds. */
export function sentOf(object: KubeObject): JsonObject | null {
  const { [SENT]: sent }: Carrier = object
  return sent ?? null
}

/** The object alone, as it is kept. */
export function withoutSent(object: KubeObject): KubeObject {
  if (sentOf(object) === null) return object
  const { [SENT]: _, ...rest }: Carrier = object
  return { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata }
}

/** True where an empty list or map was sent anywhere in the spec that is not kept. */
export function bringsEmpty(object: KubeObject): boolean {
  const sent = sentOf(object)
  return sent !== null && lostEmpty(sent.spec, object.spec)
}

function lostEmpty(sent: Json | undefined, kept: Json | undefined): boolean {
  if (isList(sent)) {
    if (sent.length === 0) return kept === undefined || kept === null
    return sent.some((item, at) => lostEmpty(item, isList(kept) ? kept[at] : undefined))
  }
  if (!isObject(sent)) return false
  const names = Object.keys(sent)
  if (names.length === 0) return kept === undefined || kept === null
  return names.some((name) => lostEmpty(sent[name], isObject(kept) ? kept[name] : undefined))
}

/** True where an empty list or map was sent at a path. */
export function isSentEmpty(object: KubeObject, ...path: readonly string[]): boolean {
  const sent = sentOf(object)
  if (sent === null) return false
  let value: Json | undefined = sent
  for (const key of path) value = isObject(value) ? value[key] : undefined
  return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0
}
