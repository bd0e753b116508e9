// Finds copies of a Secret in its annotations: many tools keep there what they applied, values included.
import { decodeBase64, encodeBase64 } from './base64.ts'
import type { Json } from './json.ts'
import { isObject } from './json.ts'

/** Shorter values are parts of any text. */
const SHORTEST = 3

/** A manifest or a part of one, as JSON or YAML, quoted once more or not: its values may be older than the Secret's. */
const MANIFEST = /(^|[\s{,"'\\])(kind|data|stringData)["'\\]*\s*:/

/** How base64 of gzip begins: magic number and method. */
const GZIP = 'H4sI'

/**
 * Annotations that have a grammar of their own and steer what happens to the Secret. A value like `false` or the name of
 * the application is in them by chance, and without them the Secret would be another one.
 */
const STEERING = /^(argocd\.argoproj\.io|(meta\.)?helm\.sh|kubernetes\.io)\//

/** Tells of an annotation whether it holds a manifest, or one of the values of the Secret, plain or as base64. */
export function copyFinder(values: readonly (Json | undefined)[]): (key: string, text: string) => boolean {
  let known: readonly string[] | null = null
  const spellings = (): readonly string[] => {
    known ??= values.flatMap((value) => (value === undefined ? [] : leavesOf(value))).flatMap(spellingsOf)
    return known
  }
  return (key, text) => {
    const texts = [text, textOf(decodeBase64(text)) ?? '']
    if (text.trimStart().startsWith(GZIP) || texts.some((each) => MANIFEST.test(each))) return true
    return !STEERING.test(key) && texts.some((each) => spellings().some((value) => each.includes(value)))
  }
}

/** Malformed Secrets hold values at any depth. */
function leavesOf(value: Json): readonly string[] {
  if (value === null) return []
  if (Array.isArray(value)) return value.flatMap(leavesOf)
  return isObject(value) ? Object.values(value).flatMap(leavesOf) : [String(value)]
}

/** A value as it is given, as normal base64, as text, and as text within JSON. */
function spellingsOf(value: string): readonly string[] {
  const bytes = decodeBase64(value)
  const text = textOf(bytes)
  const all = [value, ...(bytes === null ? [] : [encodeBase64(bytes)]), ...(text === null ? [] : [text])]
  const escaped = all.map((each) => JSON.stringify(each).slice(1, -1))
  return [...new Set([...all, ...escaped])].filter((each) => each.length >= SHORTEST)
}

/** The text that bytes are in UTF-8; null where they are none. */
function textOf(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null
  try {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''))
  } catch {
    return null
  }
}
