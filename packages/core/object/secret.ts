// Secrets as the core may show them: every value replaced by a stable mark before anything is compared or digested.
import { base64OfText, decodeBase64, encodeBase64 } from './base64.ts'
import { canonicalJson } from './canonical.ts'
import type { Mask } from './digest.ts'
import type { Json, JsonObject } from './json.ts'
import { isObject } from './json.ts'
import type { KubeObject } from './object.ts'
import type { GroupKind } from './ref.ts'
import { parseApiVersion } from './ref.ts'
import { copyFinder } from './secret-copy.ts'

/** Where client-side apply keeps a whole copy of the manifest, secrets included. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** True for the core kind Secret in any version. */
export function isSecret(kind: GroupKind): boolean {
  return kind.kind === 'Secret' && kind.group === ''
}

/** True for an object of the core kind Secret. */
export function isSecretObject(object: KubeObject): boolean {
  return isSecret({ group: parseApiVersion(object.apiVersion).group, kind: object.kind })
}

/**
 * A Secret with `stringData` merged into `data` (base64 of UTF-8), as the API server stores it; any other object as it
 * is. Not masked: for comparison that masks later.
 * Source: https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data
 */
export function foldStringData(object: KubeObject): KubeObject {
  const given = object.stringData
  if (given === undefined || !isSecretObject(object)) return object
  const { stringData: _, ...rest } = object
  if (given === null) return { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata }
  // Malformed: the API server will say so; merging half of it would hide that.
  if (!isObject(given) || !(object.data === undefined || object.data === null || isObject(object.data))) return object
  const entries = Object.entries(given).map(([key, value]): [string, Json] => [
    key,
    typeof value === 'string' ? base64OfText(value) : value,
  ])
  const data = { ...(isObject(object.data) ? object.data : {}), ...Object.fromEntries(entries) }
  return { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata, data }
}

/**
 * A Secret without its values: `stringData` merged into `data`, every value of `data` replaced by its mark, and the
 * annotations that hold a copy of the Secret or of a value too. Any other object is returned as it is (the same
 * reference). Two spellings of one value (`stringData`, wrapped base64) get the same mark; what is malformed is masked
 * all the same.
 */
export function maskSecret(object: KubeObject, mask: Mask): KubeObject {
  if (!isSecretObject(object)) return object
  const known = MASKED.get(object)
  if (known?.mask === mask) return known.masked
  const masked = maskedCopy(object, mask)
  MASKED.set(object, { mask, masked })
  return masked
}

/** Objects are never changed, so one that is compared again and again is masked once. Gone with the object itself. */
const MASKED = new WeakMap<KubeObject, { readonly mask: Mask; readonly masked: KubeObject }>()

function maskedCopy(object: KubeObject, mask: Mask): KubeObject {
  const folded = foldStringData(object)
  return {
    ...folded,
    metadata: maskAnnotations(folded.metadata, [folded.data, folded.stringData], mask),
    ...(folded.data === undefined ? {} : { data: maskData(folded.data, mask) }),
    ...(folded.stringData === undefined ? {} : { stringData: maskData(folded.stringData, mask) }),
  }
}

function maskData(data: Json, mask: Mask): Json {
  if (data === null) return null
  if (!isObject(data)) return mask(canonicalJson(data))
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mask(normalValue(value))]))
}

/** The normal base64 of a value: null is the empty value, and what is no base64 is taken as it stands. */
function normalValue(value: Json): string {
  if (value === null) return ''
  if (typeof value !== 'string') return canonicalJson(value)
  const bytes = decodeBase64(value)
  return bytes === null ? value : encodeBase64(bytes)
}

function maskAnnotations<M extends JsonObject>(metadata: M, data: readonly (Json | undefined)[], mask: Mask): M {
  if (!isObject(metadata.annotations)) return metadata
  const isCopy = copyFinder(data)
  const annotations = Object.entries(metadata.annotations).map(([key, value]): [string, Json] => {
    const text = typeof value === 'string' ? value : canonicalJson(value)
    return [key, key === LAST_APPLIED || isCopy(key, text) ? mask(text) : value]
  })
  return { ...metadata, annotations: Object.fromEntries(annotations) }
}
