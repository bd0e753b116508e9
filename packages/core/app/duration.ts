// Durations as Applications write them: Go's `1h30m`, or a bare number of seconds.

/** Seconds in each unit of Go's duration syntax. Source: https://pkg.go.dev/time#ParseDuration */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-9],
  ['us', 1e-6],
  ['µs', 1e-6],
  ['μs', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
])

/**
 * A duration in seconds: `5s`, `1m30s`, `0.5h`, or bare digits, which are seconds (trap T10). Null where the text is
 * neither, and for negative durations: no wait is shorter than none.
 */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim()
  if (/^\+?\d+$/.test(trimmed)) return Number(trimmed)
  if (!/^\+?((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(trimmed)) return null
  let seconds = 0
  for (const [, amount, unit] of trimmed.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    seconds += Number(amount) * (UNITS.get(unit ?? '') ?? 0)
  }
  return seconds
}
