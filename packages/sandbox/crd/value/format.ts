// The string formats that the API server checks. Formats it does not know are ignored, there as here.

type Check = (text: string) => boolean

/** True for a format of texts that the server checks; dashes in its name do not matter. */
export function isKnownFormat(format: string): boolean {
  return FORMATS.has(plain(format))
}

/** The check of a format, or null where there is none. */
export function findFormat(format: string): Check | null {
  return FORMATS.get(plain(format)) ?? null
}

function plain(format: string): string {
  return format.replaceAll('-', '')
}

const HOSTNAME =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$/u

function isHostname(text: string): boolean {
  if (!HOSTNAME.test(text) || bytes(text) > 255) return false
  return text.split('.').every((label) => bytes(label) <= 63)
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length
}

/** A date of the calendar: `2024-02-29`. */
export function isDate(text: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (found === null) return false
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])]
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month)
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function isDateTime(text: string): boolean {
  const [date = '', time, ...rest] = text.toLowerCase().split('t')
  if (text.length < 4 || time === undefined || rest.length > 0 || !isDate(date)) return false
  const found = /^(\d{2}):(\d{2}):(\d{2})(.\d+)?(z|([+-]\d{2}:\d{2}))$/.exec(time)
  if (found === null) return false
  const [, hour = '', minute = '', second = ''] = found
  return hour <= '23' && minute <= '59' && second <= '59'
}

const GO_DURATION = /^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/
const UNITS = /^(ns|nano.*|us|µs|micro.*|ms|milli.*|s|sec.*|m|min.*|h|hr|hour.*|d|day.*|w|wk|week.*)$/i

function isDuration(text: string): boolean {
  if (GO_DURATION.test(text)) return true
  return [...text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)].some(([, , unit = '']) => UNITS.test(unit))
}

/** IPv4 in four decimals; leading zeros are let through, as the real server does here. */
function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

/** IPv6, perhaps with a v4 tail and `::`. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2 || !text.includes(':')) return false
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')))
  const all = groups.flat()
  const tail = all.at(-1) ?? ''
  const hasV4 = tail.includes('.')
  if (hasV4 && !(isIpv4(tail) && tail.split('.').every((part) => part === String(Number(part))))) return false
  if (!(hasV4 ? all.slice(0, -1) : all).every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false
  const size = all.length + (hasV4 ? 1 : 0)
  return halves.length === 2 ? size < 8 : size === 8
}

function isCidr(text: string): boolean {
  const [address = '', mask = '', ...rest] = text.split('/')
  if (rest.length > 0 || !/^\d{1,3}$/.test(mask)) return false
  return isIpv4(address) ? Number(mask) <= 32 : isIpv6(address) && Number(mask) <= 128
}

const MAC =
  /^([0-9a-f]{2}(([:-])[0-9a-f]{2})(\3[0-9a-f]{2}){4}((\3[0-9a-f]{2}){2}|(\3[0-9a-f]{2}){14})?|([0-9a-f]{4}\.){2}[0-9a-f]{4}|([0-9a-f]{4}\.){3}[0-9a-f]{4}|([0-9a-f]{4}\.){9}[0-9a-f]{4})$/i

function isIsbn(text: string, size: 10 | 13): boolean {
  const digits = text.replace(/[\s-]+/g, '')
  if (size === 10) {
    if (!/^(\d{9}X|\d{10})$/.test(digits)) return false
    const sum = [...digits].reduce((total, char, at) => total + (at + 1) * (char === 'X' ? 10 : Number(char)), 0)
    return sum % 11 === 0
  }
  if (!/^\d{13}$/.test(digits)) return false
  return [...digits].reduce((total, char, at) => total + Number(char) * (at % 2 === 0 ? 1 : 3), 0) % 10 === 0
}

const CARD =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/

function isCreditCard(text: string): boolean {
  const digits = text.replace(/[^0-9]+/g, '')
  if (!CARD.test(digits)) return false
  const sum = [...digits].reverse().reduce((total, char, at) => {
    const doubled = Number(char) * (at % 2 === 0 ? 1 : 2)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

const BYTE = '(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])'
const RGB = new RegExp(`^rgb\\(\\s*${BYTE}\\s*,\\s*${BYTE}\\s*,\\s*${BYTE}\\s*\\)$`)

/** An address as in a mail's header: `a@b`, `Ana <a@b>`. Comments and groups are not known here. */
function isEmail(text: string): boolean {
  const atom = "[A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~\\u0080-\\uffff]+"
  const address = `("([^"\\\\]|\\\\.)*"|${atom}(\\.${atom})*)@(${atom}(\\.${atom})*|\\[[^\\[\\]\\\\]*\\])`
  return new RegExp(`^\\s*(${address}|("[^"]*"|[^<>@",;:]*)\\s*<${address}>)\\s*$`, 'u').test(text)
}

/** What Go takes for the address of a request: absolute, or a path that begins with a slash. */
function isRequestUri(text: string): boolean {
  if (text === '' || [...text].some((char) => char < ' ' || char === '\u007f')) return false
  if (/%(?![0-9a-fA-F]{2})/.test(text.split('?')[0] ?? '')) return false
  if (text.startsWith('/') || text === '*') return true
  const scheme = /^([A-Za-z][A-Za-z0-9+\-.]*):(.*)$/s.exec(text)
  if (scheme === null) return false
  const rest = scheme[2] ?? ''
  if (!rest.startsWith('//')) return true
  const host = rest.slice(2).split(/[/?#]/)[0] ?? ''
  return isHostPart(host.slice(host.lastIndexOf('@') + 1))
}

function isHostPart(host: string): boolean {
  if (host.startsWith('[')) return /^\[[^\]]*\](:\d*)?$/.test(host)
  return /^[^\s<>"\\^`{|}]*$/.test(host) && (!host.includes(':') || /:\d*$/.test(host))
}

const uuid = (third: string, fourth: string): RegExp =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${third}-?${fourth}-?[0-9a-f]{12}$`, 'i')
const SHORT = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'

function byPattern(pattern: RegExp, most = Number.POSITIVE_INFINITY): Check {
  return (text) => text.length <= most && pattern.test(text)
}

const FORMATS: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['bsonobjectid', byPattern(/^[0-9a-fA-F]{24}$/)],
  ['uri', isRequestUri],
  ['email', isEmail],
  ['hostname', isHostname],
  ['ipv4', (text) => (isIpv4(text) || isIpv6(text)) && text.includes('.')],
  ['ipv6', isIpv6],
  ['cidr', isCidr],
  ['mac', byPattern(MAC)],
  ['uuid', byPattern(uuid('[0-9a-f]{4}', '[0-9a-f]{4}'))],
  ['uuid3', byPattern(uuid('3[0-9a-f]{3}', '[0-9a-f]{4}'))],
  ['uuid4', byPattern(uuid('4[0-9a-f]{3}', '[89ab][0-9a-f]{3}'))],
  ['uuid5', byPattern(uuid('5[0-9a-f]{3}', '[89ab][0-9a-f]{3}'))],
  ['isbn', (text) => isIsbn(text, 10) || isIsbn(text, 13)],
  ['isbn10', (text) => isIsbn(text, 10)],
  ['isbn13', (text) => isIsbn(text, 13)],
  ['creditcard', isCreditCard],
  ['ssn', (text) => text.length === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text)],
  ['hexcolor', byPattern(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/)],
  ['rgbcolor', byPattern(RGB)],
  ['byte', byPattern(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/)],
  ['password', () => true],
  ['date', isDate],
  ['duration', isDuration],
  ['datetime', isDateTime],
  ['k8sshortname', byPattern(new RegExp(`^${SHORT}$`), 63)],
  ['k8slongname', byPattern(new RegExp(`^${SHORT}(\\.${SHORT})*$`), 253)],
])
