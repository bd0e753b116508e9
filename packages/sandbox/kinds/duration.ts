// Spans of time as `kubectl` shows them: two units at most, the smaller the less it matters.
import { timeOf } from '../schema/time.ts'

/** `5m`, `3h20m`, `2d`, `<invalid>`: how long something lasts, in milliseconds. */
export function spanText(ms: number): string {
  const seconds = Math.trunc(ms / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (hours < 192) return two(Math.floor(hours / 24), 'd', hours % 24, 'h')
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24)}d`
  if (hours < 24 * 365 * 8) return two(Math.floor(hours / 24 / 365), 'y', Math.floor(hours / 24) % 365, 'd')
  return `${Math.floor(hours / 24 / 365)}y`
}

function two(large: number, unit: string, small: number, part: string): string {
  return small === 0 ? `${large}${unit}` : `${large}${unit}${small}${part}`
}

/** How long ago a time of the API was; `<unknown>` where there is none. */
export function sinceText(time: string, now: number): string {
  const at = time === '' ? null : timeOf(time)
  return at === null ? '<unknown>' : spanText(now - at)
}
