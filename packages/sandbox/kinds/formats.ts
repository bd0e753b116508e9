// Forms of names and numbers, each with what the API server says of a text that does not have it.

const LABEL_1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL_1123}(\\.${LABEL_1123})*`
const WILDCARD = `\\*\\.${SUBDOMAIN}`
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const LABEL_VALUE = `(${QUALIFIED})?`
const CONFIG_KEY = '[-._a-zA-Z0-9]+'
const HEADER = '[-A-Za-z0-9]+'
const PERCENT = '[0-9]+%'
const C_IDENTIFIER = '[A-Za-z_][A-Za-z0-9_]*'

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
const WILDCARD_TEXT =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"
const LABEL_1035_TEXT =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
const QUALIFIED_TEXT =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
const LABEL_VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

/** What is wrong with a text; nothing where it has the form. */
export type Form = (value: string) => readonly string[]

const FINE: readonly string[] = []

/** `must be between 1 and 65535, inclusive`. */
export function betweenText(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`
}

/** `… (e.g. 'a',  or 'b', regex used for validation is '…')`. */
function regexText(text: string, regex: string, ...examples: readonly string[]): string {
  const shown = examples.length === 0 ? '' : `e.g. ${examples.map((each) => `'${each}', `).join(' or ')}`
  return `${text} (${shown}regex used for validation is '${regex}')`
}

const compiled = new Map<string, RegExp>()

function fits(regex: string, value: string): boolean {
  let whole = compiled.get(regex)
  if (whole === undefined) {
    whole = new RegExp(`^${regex}$`)
    compiled.set(regex, whole)
  }
  return whole.test(value)
}

/** Lengths are counted in bytes of UTF-8. */
export function byteLength(text: string): number {
  let count = 0
  for (const each of text) {
    const code = each.codePointAt(0) ?? 0
    count += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return count
}

function longer(value: string, most: number, unit = 'characters'): readonly string[] {
  // No UTF-16 unit takes more than three bytes.
  if (value.length * 3 <= most) return FINE
  return byteLength(value) > most ? [`must be no more than ${most} ${unit}`] : []
}

/** A DNS label (RFC 1123). */
export const dnsLabel: Form = (value) => {
  const long = longer(value, 63)
  if (fits(LABEL_1123, value)) return long
  if (fits(SUBDOMAIN, value)) return [...long, 'must not contain dots']
  return [...long, regexText(LABEL_TEXT, LABEL_1123, 'my-name', '123-abc')]
}

/** A DNS subdomain (RFC 1123). */
export const dnsSubdomain: Form = (value) => subdomain(value, 'characters')

function subdomain(value: string, unit: string): readonly string[] {
  const long = longer(value, 253, unit)
  return fits(SUBDOMAIN, value) ? long : [...long, regexText(SUBDOMAIN_TEXT, SUBDOMAIN, 'example.com')]
}

/** A DNS subdomain below a star. */
export const wildcardSubdomain: Form = (value) => {
  const long = longer(value, 253)
  return fits(WILDCARD, value) ? long : [...long, regexText(WILDCARD_TEXT, WILDCARD, '*.example.com')]
}

/** A DNS label as RFC 1035 has it: it begins with a letter. */
export const dns1035Label: Form = (value) => {
  const long = longer(value, 63)
  return fits(LABEL_1035, value) ? long : [...long, regexText(LABEL_1035_TEXT, LABEL_1035, 'my-name', 'abc-123')]
}

/** The key of a label, of an annotation, of a finalizer: `example.com/name`. */
export const qualifiedName: Form = (value) => {
  const parts = value.split('/')
  const text = (): string => regexText(QUALIFIED_TEXT, QUALIFIED, 'MyName', 'my.name', '123-abc')
  if (parts.length > 2) {
    return [`a valid label key ${text()} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const name = parts.at(-1) ?? ''
  const prefix = parts.length === 2 ? (parts[0] ?? '') : null
  const long = longer(name, 63, 'bytes').map((each) => `name part ${each}`)
  return [
    ...(prefix === '' ? ['prefix part must be non-empty'] : []),
    ...(prefix === null || prefix === '' ? [] : subdomain(prefix, 'bytes').map((each) => `prefix part ${each}`)),
    ...(name === '' ? ['name part must be non-empty'] : long),
    ...(fits(QUALIFIED, name) ? FINE : [`name part ${text()}`]),
  ]
}

/** The value of a label. */
export const labelValue: Form = (value) => {
  const long = longer(value, 63, 'bytes')
  if (fits(LABEL_VALUE, value)) return long
  return [...long, regexText(LABEL_VALUE_TEXT, LABEL_VALUE, 'MyValue', 'my_value', '12345')]
}

/** A name that can stand in a path of a URL. */
export const pathSegment: Form = (value) => {
  if (value === '.' || value === '..') return [`may not be '${value}'`]
  return ['/', '%'].filter((each) => value.includes(each)).map((each) => `may not contain '${each}'`)
}

/** A key of a ConfigMap or a Secret. */
export const configKey: Form = (value) => [
  ...longer(value, 253),
  ...(fits(CONFIG_KEY, value)
    ? []
    : [
        regexText(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
          CONFIG_KEY,
          'key.name',
          'KEY_NAME',
          'key-name',
        ),
      ]),
  ...upwards(value),
]

function upwards(value: string): readonly string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`]
  return value.startsWith('..') ? ["must not start with '..'"] : []
}

/** The name of an environment variable: anything printable but `=`. */
export const variableName: Form = (value) => {
  if (value === '') return ['environment variable name must be non-empty']
  if (/^[\x20-\x3c\x3e-\x7e]*$/.test(value)) return []
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
}

/** The name of a port, as IANA has it. */
export const portName: Form = (value) => [
  ...longer(value, 15),
  ...(/^[-a-z0-9]+$/.test(value) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
  ...(/[a-z]/.test(value) ? [] : ['must contain at least one letter (a-z)']),
  ...(value.includes('--') ? ['must not contain consecutive hyphens'] : []),
  ...(value.startsWith('-') || value.endsWith('-') ? ['must not begin or end with a hyphen'] : []),
]

/** The number of a port. */
export function portNumber(value: number): readonly string[] {
  return value >= 1 && value <= 65_535 ? [] : [betweenText(1, 65_535)]
}

/** `25%`. */
export const percent: Form = (value) =>
  fits(PERCENT, value)
    ? []
    : [regexText("a valid percent string must be a numeric string followed by an ending '%'", PERCENT, '1%', '93%')]

/** The name of an HTTP header. */
export const headerName: Form = (value) =>
  fits(HEADER, value)
    ? []
    : [regexText("a valid HTTP header must consist of alphanumeric characters or '-'", HEADER, 'X-Header-Name')]

/** An identifier of C. */
export const cIdentifier: Form = (value) =>
  fits(C_IDENTIFIER, value)
    ? []
    : [
        regexText(
          "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
          C_IDENTIFIER,
          'my_name',
          'MY_NAME',
          'MyName',
        ),
      ]

/** For names that are generated: a dash at the end may be followed by letters. */
export function asPrefix(form: Form): Form {
  return (value) => form(value.length > 1 && value.endsWith('-') ? `${value.slice(0, -2)}a` : value)
}

const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"

/** A path below a domain: `example.com/name`. The answer names the part that is wrong. */
export function domainPathFaults(value: string): readonly (readonly [part: string, message: string])[] {
  const slash = value.indexOf('/')
  const [host, path] = [value.slice(0, slash), value.slice(slash + 1)]
  if (slash < 1 || path === '') return [[value, 'must be a domain-prefixed path (such as "acme.io/foo")']]
  const wrong = dnsSubdomain(host).map((message) => [host, message] as const)
  return fits(HTTP_PATH, path) ? wrong : [...wrong, [path, regexText('Invalid path', HTTP_PATH)]]
}
