// RFC 3339 times: the same instant may be written with another offset or with more digits.

const FORM = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,18}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * Nanoseconds since 1970-01-01T00:00:00Z, or null where the text is no RFC 3339 time. Digits beyond nanoseconds are
 * cut off, as Go does. Source: https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function parseTime(text: string): bigint | null {
  const match = FORM.exec(text)
  if (match === null) return null
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match
  const y = Number(year)
  const m = Number(month)
  const d = Number(day)
  if (m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) return null
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === '-' ? -1 : 1)
  const minutes = daysSinceEpoch(y, m, d) * 1440 + Number(hour) * 60 + Number(minute) - offset
  const seconds = BigInt(minutes) * 60n + BigInt(Number(second))
  return seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9))
}

/** True when both are times and name one instant. */
export function sameTime(a: string, b: string): boolean {
  const left = parseTime(a)
  return left !== null && left === parseTime(b)
}

/**
 * Order of two times as the API server writes them. A text that is no time counts as the earliest of all, so that an
 * entry without a time never looks like the latest word.
 */
export function compareTimes(a: string | null, b: string | null): number {
  if (a === b) return 0
  const left = a === null ? null : parseTime(a)
  const right = b === null ? null : parseTime(b)
  if (left === right) return 0
  if (left === null) return -1
  if (right === null) return 1
  return left < right ? -1 : 1
}

function daysIn(year: number, month: number): number {
  if (month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) return 29
  return MONTH_DAYS[month - 1] ?? 0
}

/** Days from 1970-01-01 in the Gregorian calendar, by whole years, leap days and months before the date. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const leapDaysBefore = (y: number): number => Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  let days = (year - 1970) * 365 + leapDaysBefore(year - 1) - leapDaysBefore(1969) + day - 1
  for (let each = 1; each < month; each++) days += daysIn(year, each)
  return days
}
