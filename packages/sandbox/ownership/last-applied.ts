// The annotation in which kubectl's client-side apply keeps what it sent, and what server-side apply by kubectl makes of it.

import { encodeUtf8 } from '@mainstay/core/object/base64.ts'
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { annotationOf } from '@mainstay/core/object/object.ts'
import { complaintsOf } from './check.ts'
import { compare } from './compare.ts'
import { fieldsOf } from './extract.ts'
import { difference, type FieldSet } from './set.ts'
import type { Typed } from './versions.ts'

/** The manager for which the annotation counts. */
export const KUBECTL = 'kubectl'

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration'

/** Fields that client-side apply set and nobody changed since, which kubectl may take over; null without an annotation. */
export function lastAppliedFields({ object, shape, apiVersion }: Typed): FieldSet | null {
  const text = annotationOf(object as KubeObject, ANNOTATION)
  if (text === undefined || text === '') return null
  const last = parsed(text)
  if (!isObject(last) || last.apiVersion !== apiVersion || typeof last.kind !== 'string') return null
  if (complaintsOf(object, shape, false) !== null || complaintsOf(last, shape, false) !== null) return null
  const { added, removed, modified } = compare(last, object, shape)
  return [modified, added, removed].reduce((left, gone) => difference(left, gone), fieldsOf(last, shape))
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

/** The most that all annotations of an object may hold, in bytes. */
const MOST = 256 * 1024

/** An object whose annotation, where it has one, says what was applied now. */
export function withLastApplied(object: KubeObject, applied: KubeObject): KubeObject {
  const before = annotationOf(object, ANNOTATION)
  if (before === undefined || before === '') return object
  const value = `${goJson(withoutAnnotation(applied))}\n`
  const { metadata } = object
  const others = isObject(metadata.annotations) ? metadata.annotations : {}
  const annotations: JsonObject = { ...others, [ANNOTATION]: value }
  return { ...object, metadata: { ...metadata, annotations: fits(annotations) ? annotations : rest(annotations) } }
}

function withoutAnnotation(applied: KubeObject): JsonObject {
  const { annotations } = applied.metadata
  if (!isObject(annotations)) return applied
  const left = rest(annotations)
  const { annotations: _, ...metadata } = applied.metadata
  if (Object.keys(left).length === 0) return { ...applied, metadata: { ...metadata, annotations: {} } }
  return { ...applied, metadata: { ...metadata, annotations: left } }
}

function rest(annotations: JsonObject): JsonObject {
  const { [ANNOTATION]: _, ...left } = annotations
  return left
}

function fits(annotations: JsonObject): boolean {
  let size = 0
  for (const [name, value] of Object.entries(annotations)) size += encodeUtf8(`${name}${String(value)}`).length
  return size <= MOST
}

/** JSON as Go writes it: sorted, and with what HTML could take for markup escaped. */
function goJson(value: JsonObject): string {
  return canonicalJson(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
