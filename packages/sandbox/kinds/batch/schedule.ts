// Schedules of cron, as far as telling what is wrong with one.

const NAMED = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'])
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

interface Bounds {
  readonly low: number
  readonly high: number
  readonly names: readonly string[]
}

const FIELDS: readonly Bounds[] = [
  { low: 0, high: 59, names: [] },
  { low: 0, high: 23, names: [] },
  { low: 1, high: 31, names: [] },
  { low: 1, high: 12, names: ['', ...MONTHS] },
  { low: 0, high: 6, names: DAYS },
]

/** What is wrong with a schedule, in the words of the server's parser; null for a good one. */
export function scheduleFault(schedule: string): string | null {
  const text = schedule.replace(/^(CRON_)?TZ=\S+\s*/, '')
  if (text.startsWith('@')) return namedFault(text)
  const fields = text.trim().split(/\s+/)
  if (fields.length !== 5) {
    return `expected exactly 5 fields, found ${text.trim() === '' ? 0 : fields.length}: [${fields.join(' ')}]`
  }
  for (const [at, bounds] of FIELDS.entries()) {
    for (const part of (fields[at] ?? '').split(',')) {
      const fault = part === '' ? null : rangeFault(part, bounds)
      if (fault !== null) return fault
    }
  }
  return null
}

function namedFault(text: string): string | null {
  if (NAMED.has(text)) return null
  if (!text.startsWith('@every ')) return `unrecognized descriptor: ${text}`
  const span = text.slice('@every '.length)
  if (/^[-+]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(span)) return null
  const unit = /^[-+]?[\d.]+(?<unit>[^\d.]+)/.exec(span)?.groups?.unit
  const why = unit === undefined ? 'invalid duration' : `unknown unit ${JSON.stringify(unit)} in duration`
  return `failed to parse duration ${text}: time: ${why} ${JSON.stringify(span)}`
}

function rangeFault(part: string, bounds: Bounds): string | null {
  const [range = '', step, ...more] = part.split('/')
  const ends = range.split('-')
  const star = ends[0] === '*' || ends[0] === '?'
  const low = star ? bounds.low : numberOf(ends[0] ?? '', bounds)
  if (typeof low === 'string') return low
  if (!star && ends.length > 2) return `too many hyphens: ${part}`
  let high: number | string = star ? bounds.high : low
  if (!star && ends.length === 2) high = numberOf(ends[1] ?? '', bounds)
  if (typeof high === 'string') return high
  if (more.length > 0) return `too many slashes: ${part}`
  const stride = step === undefined ? 1 : numberOf(step, { ...bounds, names: [] })
  if (typeof stride === 'string') return stride
  if (step !== undefined && ends.length === 1) high = bounds.high
  if (low < bounds.low) return `beginning of range (${low}) below minimum (${bounds.low}): ${part}`
  if (high > bounds.high) return `end of range (${high}) above maximum (${bounds.high}): ${part}`
  if (low > high) return `beginning of range (${low}) beyond end of range (${high}): ${part}`
  return stride === 0 ? `step of range should be a positive number: ${part}` : null
}

/** A number, or what is wrong with it. */
function numberOf(text: string, { names }: Bounds): number | string {
  const named = text === '' ? -1 : names.indexOf(text.toLowerCase())
  if (named >= 0) return named
  if (/^[+-]?\d+$/.test(text)) {
    const value = Number(text)
    return value < 0 ? `negative number (${value}) not allowed: ${text}` : value
  }
  return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`
}
