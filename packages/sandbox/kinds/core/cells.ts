// Forms of cells that several kinds share.
import type { JsonObject } from '@mainstay/core/object/json.ts'

/** A map of labels: `a=b,c=d`, in the order of the keys. */
export function labelsCell(labels: JsonObject): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`)
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',')
}

/** At most three of a list: `a,b,c + 2 more...`. */
export function listCell(all: readonly string[], empty: string): string {
  if (all.length === 0) return empty
  const shown = all.slice(0, 3).join(',')
  return all.length > 3 ? `${shown} + ${all.length - 3} more...` : shown
}
