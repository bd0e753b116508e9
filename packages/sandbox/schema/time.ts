// Times as the API server writes them: RFC 3339 in UTC, to the second or to the microsecond. There is no Date here.

const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/
const DAY = 86_400_000

/** How most times come: in the one spelling already, and on a day that every month has. */
const USUAL = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/

/** One spelling of a time; a text that is no time stays as it is. */
export function normalTime(text: string, micro: boolean): string {
  if (!micro && USUAL.test(text)) return text
  const parts = readTime(text)
  if (parts === null) return text
  return micro
    ? `${dateText(parts.seconds)}.${parts.fraction.padEnd(6, '0').slice(0, 6)}Z`
    : `${dateText(parts.seconds)}Z`
}

/** Milliseconds since the epoch, or null where the text is no time. */
export function timeOf(text: string): number | null {
  const parts = readTime(text)
  return parts === null ? null : parts.seconds * 1000 + Number(parts.fraction.padEnd(3, '0').slice(0, 3))
}

/** A time of the API to the second: `2026-01-31T12:00:00Z`. */
export function timeText(ms: number): string {
  return `${dateText(Math.floor(ms / 1000))}Z`
}

function readTime(text: string): { readonly seconds: number; readonly fraction: string } | null {
  const found = FORM.exec(text)
  if (found === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number)
  const zone = found[8] ?? 'Z'
  const shift = zone === 'Z' ? 0 : (zone[0] === '-' ? 1 : -1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)))
  const seconds = daysOf(year, month, day) * 86_400 + hour * 3600 + (minute + shift) * 60 + second
  return { seconds, fraction: found[7] ?? '' }
}

/** Days from 1970-01-01 in the Gregorian calendar (years are counted from March, so that leap days come last). */
function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const ofEra = y - era * 400
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

function dateText(seconds: number): string {
  const days = Math.floor((seconds * 1000) / DAY)
  const rest = seconds - days * 86_400
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const ofEra = z - era * 146_097
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const at = Math.floor((5 * ofYear + 2) / 153)
  const day = ofYear - Math.floor((153 * at + 2) / 5) + 1
  const month = at < 10 ? at + 3 : at - 9
  const two = (value: number): string => String(value).padStart(2, '0')
  const date = `${String(year + era * 400 + (month <= 2 ? 1 : 0)).padStart(4, '0')}-${two(month)}-${two(day)}`
  return `${date}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`
}
