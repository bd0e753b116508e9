// Times and lengths of time in CEL, without a clock: text in, nanoseconds out.
import { timeOf, timeText } from '../../schema/time.ts'
import { Span, Timestamp } from './value.ts'

const SECOND = 1_000_000_000n

/** RFC 3339, or null. */
export function readTimestamp(text: string): Timestamp | null {
  const found = /^(.*T\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text)
  if (found === null) return null
  const ms = timeOf(`${found[1]}${found[3]}`)
  if (ms === null) return null
  return new Timestamp(BigInt(ms) * 1_000_000n + BigInt((found[2] ?? '').padEnd(9, '0')))
}

/** `2024-01-01T00:00:00.5Z`. */
export function timestampText({ nanos }: Timestamp): string {
  const fraction = ((nanos % SECOND) + SECOND) % SECOND
  const seconds = (nanos - fraction) / SECOND
  const rest = fraction === 0n ? '' : `.${fraction.toString().padStart(9, '0').replace(/0+$/, '')}`
  return timeText(Number(seconds) * 1000).replace('Z', `${rest}Z`)
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
}

/** A duration as Go writes it (`1h30m`), or null. */
export function readDuration(text: string): Span | null {
  const found = /^([-+]?)(0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text)
  if (found === null) return null
  const parts = [...(found[2] ?? '').matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)]
  const total = parts.reduce((sum, [, whole = '', fraction = '', unit = '']) => {
    const size = UNITS[unit] ?? 0n
    const small = fraction === '' ? 0n : (BigInt(fraction) * size) / 10n ** BigInt(fraction.length)
    return sum + BigInt(whole === '' ? '0' : whole) * size + small
  }, 0n)
  return new Span(found[1] === '-' ? -total : total)
}

/** `5400s`, as CEL writes a duration. */
export function durationText({ nanos }: Span): string {
  const sign = nanos < 0n ? '-' : ''
  const size = nanos < 0n ? -nanos : nanos
  const fraction = size % SECOND
  const rest = fraction === 0n ? '' : `.${fraction.toString().padStart(9, '0').replace(/0+$/, '')}`
  return `${sign}${size / SECOND}${rest}s`
}

/** Parts of a time in UTC, or in a zone that is a fixed distance (`+02:00`); null for a zone by name. */
export function partsOf(at: Timestamp, zone: string): Readonly<Record<Part, bigint>> | null {
  const shift = zoneShift(zone)
  if (shift === null) return null
  const nanos = at.nanos + shift * 60n * SECOND
  const text = timestampText(new Timestamp(nanos))
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = text.split(/[-T:.Z]/).map(Number)
  const days = floorDiv(nanos, 86_400n * SECOND)
  const first = BigInt(timeOf(`${text.slice(0, 4)}-01-01T00:00:00Z`) ?? 0) / 86_400_000n
  return {
    year: BigInt(year),
    month: BigInt(month - 1),
    day: BigInt(day),
    hour: BigInt(hour),
    minute: BigInt(minute),
    second: BigInt(second),
    milli: (((nanos % SECOND) + SECOND) % SECOND) / 1_000_000n,
    weekday: (((days + 4n) % 7n) + 7n) % 7n,
    yearday: days - first,
  }
}

/** A part of a time. Months, days of the week and of the year count from zero. */
export type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'milli' | 'weekday' | 'yearday'

function zoneShift(zone: string): bigint | null {
  if (zone === '' || zone === 'UTC' || zone === 'Z') return 0n
  const found = /^([+-]?)(\d\d):(\d\d)$/.exec(zone)
  if (found === null) return null
  const minutes = BigInt(found[2] ?? '0') * 60n + BigInt(found[3] ?? '0')
  return found[1] === '-' ? -minutes : minutes
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b < 0n ? quotient - 1n : quotient
}
