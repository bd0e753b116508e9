// Secrets of a live cluster without their values: a sandbox needs to know which are equal, not what they are.
import { createHmac, randomBytes } from 'node:crypto'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import { isSecretObject, LAST_APPLIED, maskSecret } from '@mainstay/core/object/secret.ts'

const MARK_DIGITS = 16

/**
 * Replaces every value of a Secret by a mark: equal values get equal marks, and a mark says nothing of its value. Marks
 * are keyed by chance, so that nobody can try passwords on them.
 */
export function openMasking(key: Uint8Array = randomBytes(32)): (object: KubeObject) => KubeObject {
  const mask = (value: string): string => {
    const digits = createHmac('sha256', key).update(value).digest('hex').slice(0, MARK_DIGITS)
    // JSON, because the API server takes nothing else in the Secrets of registries.
    return Buffer.from(JSON.stringify({ masked: digits })).toString('base64')
  }
  return (object) => (isSecretObject(object) ? withLastApplied(object, maskSecret(object, mask), mask) : object)
}

/** Of all copies in annotations that of a client-side apply must stay a manifest, or kubectl chokes on it. */
function withLastApplied(before: KubeObject, masked: KubeObject, mask: (value: string) => string): KubeObject {
  const text = stringAt(before, 'metadata', 'annotations', LAST_APPLIED)
  const annotations = valueAt(masked, 'metadata', 'annotations')
  if (text === undefined || !isObject(annotations)) return masked
  const { [LAST_APPLIED]: _, ...rest } = annotations
  const applied = manifestIn(text)
  const again = applied === null ? rest : { ...rest, [LAST_APPLIED]: `${JSON.stringify(maskSecret(applied, mask))}\n` }
  return { ...masked, metadata: { ...masked.metadata, annotations: again } }
}

/** The Secret that a text holds; null where it holds anything else, of which nothing may be kept. */
function manifestIn(text: string): KubeObject | null {
  try {
    const value: unknown = JSON.parse(text)
    const secret = value as KubeObject // Looked at in the next line before anything relies on it.
    return isObject(secret) && isObject(secret.metadata) && isSecretObject(secret) ? secret : null
  } catch {
    return null
  }
}
