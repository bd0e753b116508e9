// Time zones as the language's own tables have them.

/** How far local time is ahead of UTC at a time; both in milliseconds. */
export type Offset = (at: number) => number

const known = new Map<string, Offset | null>()

/** The offset of a zone of the IANA database; null where there is no such zone. */
export function zoneOffset(zone: string): Offset | null {
  const before = known.get(zone)
  if (before !== undefined) return before
  const made = offsetOf(zone)
  // Names come from clients: more than there are zones is somebody's game.
  if (known.size > 1000) known.clear()
  known.set(zone, made)
  return made
}

function offsetOf(zone: string): Offset | null {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    // A RangeError: there is no such zone.
    return null
  }
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)] as const))
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const day = Date.UTC(part('year'), part('month') - 1, part('day'))
    const local = day + ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1000
    return local - Math.floor(at / 1000) * 1000
  }
}
