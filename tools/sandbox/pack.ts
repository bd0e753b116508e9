// Packs documents that say the same sentences a thousand times into one text that compresses well.

import { gzipSync } from 'node:zlib'

/** Stands before and after the number of a repeated string; it never stands in JSON text as it is. */
const MARK = '\u0001'

/** Shorter strings are not worth a number. */
const WORTH = 24

/** Strings of JSON text, quotes and escapes included. */
const STRINGS = /"(?:[^"\\]|\\.)*"/g

/** Base64 of the gzip of `{strings, documents}`; packages/sandbox/schema/documents.ts unpacks it to the same bytes. */
export function pack(documents: ReadonlyMap<string, string>): string {
  const counts = new Map<string, number>()
  for (const text of documents.values()) {
    for (const found of text.match(STRINGS) ?? []) counts.set(found, (counts.get(found) ?? 0) + 1)
  }
  const numbers = new Map<string, number>()
  const numberOf = (found: string): number => {
    const known = numbers.get(found) ?? numbers.size
    numbers.set(found, known)
    return known
  }
  const packed = [...documents].map(([name, text]) => {
    const short = text.replace(STRINGS, (found) =>
      found.length < WORTH || counts.get(found) === 1 ? found : `${MARK}${numberOf(found).toString(36)}${MARK}`,
    )
    return [name, short] as const
  })
  const whole = JSON.stringify({ strings: [...numbers.keys()], documents: Object.fromEntries(packed) })
  return gzipSync(whole, { level: 9 }).toString('base64')
}
