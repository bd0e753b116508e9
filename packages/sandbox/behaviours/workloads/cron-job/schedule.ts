// When a schedule comes round: the five fields of cron in UTC, the names for common ones, and `@every`.

/** The next time after a given one, in milliseconds since the epoch; null where there is none within some years. */
export type Schedule = (after: number) => number | null

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000
/** February 29 comes at least every eight years. */
const LONGEST_DAYS = 8 * 366

const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const MONTHS = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const UNITS: Readonly<Record<string, number>> = { h: HOUR, m: MINUTE, s: 1000, ms: 1 }

/** Reads a schedule that the API server let pass. */
export function readSchedule(text: string): Schedule {
  const plain = text.replace(/^(CRON_)?TZ=\S+\s*/, '').trim()
  if (plain.startsWith('@every ')) return every(plain.slice('@every '.length))
  return fields(NAMED[plain] ?? plain)
}

function every(text: string): Schedule {
  let span = 0
  for (const [, count, unit = ''] of text.matchAll(/(\d+(?:\.\d*)?)(h|ms|m|s)/g))
    span += Number(count) * (UNITS[unit] ?? 0)
  const step = Math.max(1000, Math.floor(span / 1000) * 1000)
  return (after) => Math.floor(after / 1000) * 1000 + step
}

interface Field {
  readonly values: ReadonlySet<number>
  /** It says nothing. */
  readonly open: boolean
}

function fields(text: string): Schedule {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = text.split(/\s+/)
  const minutes = field(minute, 0, 59, [])
  const hours = field(hour, 0, 23, [])
  const days = field(day, 1, 31, [])
  const months = field(month, 1, 12, MONTHS)
  const weekdays = field(weekday, 0, 6, WEEKDAYS)
  const isDay = (at: number): boolean => {
    const date = dateOf(at)
    if (!months.values.has(date.month)) return false
    const [first, second] = [days.values.has(date.day), weekdays.values.has(date.weekday)]
    // Two days that are both said: either will do.
    return days.open || weekdays.open ? first && second : first || second
  }
  return (after) => {
    const start = (Math.floor(after / MINUTE) + 1) * MINUTE
    const today = Math.floor(start / DAY) * DAY
    for (let count = 0, from = start; count < LONGEST_DAYS; count++, from = today + count * DAY) {
      const time = isDay(from) ? timeIn(from, hours.values, minutes.values) : null
      if (time !== null) return time
    }
    return null
  }
}

/** The first time of a day that fits, from a given one on. */
function timeIn(from: number, hours: ReadonlySet<number>, minutes: ReadonlySet<number>): number | null {
  const end = (Math.floor(from / DAY) + 1) * DAY
  for (let at = from; at < end; ) {
    if (!hours.has(Math.floor((at % DAY) / HOUR))) at = (Math.floor(at / HOUR) + 1) * HOUR
    else if (minutes.has(Math.floor((at % HOUR) / MINUTE))) return at
    else at += MINUTE
  }
  return null
}

function field(text: string, low: number, high: number, names: readonly string[]): Field {
  const values = new Set<number>()
  let open = false
  for (const part of text.split(',')) {
    const [range = '', stride] = part.split('/')
    const star = range === '*' || range === '?'
    if (star && (stride === undefined || stride === '1')) open = true
    const [from = '', to] = range.split('-')
    const first = star ? low : numberOf(from, names)
    const last =
      star || (to === undefined && stride !== undefined) ? high : to === undefined ? first : numberOf(to, names)
    for (let value = first; value <= last; value += Number(stride ?? 1)) values.add(value)
  }
  return { values, open }
}

function numberOf(text: string, names: readonly string[]): number {
  const named = names.indexOf(text.toLowerCase())
  return text !== '' && named >= 0 ? named : Number(text)
}

/** Month, day and weekday of a time in UTC. */
function dateOf(ms: number): { readonly month: number; readonly day: number; readonly weekday: number } {
  const days = Math.floor(ms / DAY)
  // Counted from the first of March of the year 0, so that leap days come last.
  const z = days + 719_468
  const ofEra = z - Math.floor(z / 146_097) * 146_097
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const at = Math.floor((5 * ofYear + 2) / 153)
  const day = ofYear - Math.floor((153 * at + 2) / 5) + 1
  return { month: at < 10 ? at + 3 : at - 9, day, weekday: (days + 4) % 7 }
}
