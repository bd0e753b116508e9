// Times and durations for people.

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `2026-11-23 10:42:01Z`: seconds are enough for a list. */
export function momentText(at: string): string {
  const then = Date.parse(at)
  return Number.isNaN(then) ? at : `${new Date(then).toISOString().slice(0, 19).replace('T', ' ')}Z`
}
