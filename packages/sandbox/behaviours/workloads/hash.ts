// Short names for templates: as the real controllers spell theirs, though from another text than Go's.
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { Json } from '@mainstay/core/object/json.ts'

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

/** The 32-bit hash of a text (FNV-1a). */
export function hashOf(text: string, start = 0x811c9dc5): number {
  let hash = start | 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** As many hexadecimal digits of a text as are wanted: one text, one answer. */
export function hexOf(text: string, digits: number): string {
  let hex = ''
  for (let round = 0; hex.length < digits; round++) hex += hashOf(`${round} ${text}`).toString(16).padStart(8, '0')
  return hex.slice(0, digits)
}

/** A number in letters that make no words. */
export function lettersOf(number: number): string {
  return [...String(number)].map((digit) => LETTERS.charAt(digit.charCodeAt(0) % LETTERS.length)).join('')
}

/** The hash by which what is made from a template is known; each collision gives another one. */
export function templateHash(template: Json, collisions: number | null): string {
  return lettersOf(hashOf(`${canonicalJson(template)}${collisions === null ? '' : ` ${collisions}`}`))
}

/** The hash of the record of a template: of the very bytes that the real controller takes, so that names agree. */
export function recordHash(data: Json, collisions: number): string {
  let hash = 0x811c9dc5 | 0
  // The elder variant, which multiplies first.
  for (const byte of new TextEncoder().encode(`${goText(canonicalJson(data))}${collisions}`)) {
    hash = Math.imul(hash, 0x01000193) ^ byte
  }
  return lettersOf(hash >>> 0)
}

/** JSON as Go writes it: without letters that mean something in HTML. */
function goText(text: string): string {
  return text.replaceAll(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
