// Go durations as metav1.Duration fields carry them: 1h, 60m and 1h0m0s are one length of time.

/** Nanoseconds in each unit. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
])

const PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y
const MAX_LENGTH = 64

/**
 * Nanoseconds, or null where the text is no duration. A number without a unit is none, except 0.
 * Source: https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): bigint | null {
  if (text.length > MAX_LENGTH) return null
  const negative = text.startsWith('-')
  const body = negative || text.startsWith('+') ? text.slice(1) : text
  if (body === '0') return 0n
  let total = 0n
  PART.lastIndex = 0
  let at = 0
  while (at < body.length) {
    PART.lastIndex = at
    const match = PART.exec(body)
    if (match === null) return null
    const [all, whole = '', fraction = '', unit = ''] = match
    const size = UNITS.get(unit)
    if (size === undefined || (whole === '' && fraction === '')) return null
    total += BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length)
    at += all.length
  }
  if (at === 0) return null
  return negative ? -total : total
}

/** True when both are durations of one length. */
export function sameDuration(a: string, b: string): boolean {
  const left = parseDuration(a)
  return left !== null && left === parseDuration(b)
}
