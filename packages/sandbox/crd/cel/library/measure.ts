// Quantities, semantic versions and named formats.
import { dns1035Label, dnsLabel, dnsSubdomain, labelValue, qualifiedName } from '../../../kinds/formats.ts'
import type { Quantity } from '../../../kinds/quantity.ts'
import { formatQuantity, parseQuantity } from '../../../kinds/quantity.ts'
import { findFormat } from '../../value/format.ts'
import type { Row } from '../function.ts'
import { CelFault, List, Opaque, Optional } from '../value.ts'

const BILLION = 1_000_000_000n
const MOST = (1n << 63n) - 1n

function quantity(text: string): Opaque {
  const read = parseQuantity(text)
  if (read === null)
    throw new CelFault("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
  return toQuantity(read)
}

/** Equal quantities are equal, whatever their suffix: the value is their text. */
const toQuantity = (value: Quantity): Opaque => new Opaque('kubernetes.Quantity', String(value.nano), value)
const quantityOf = (value: Opaque): Quantity => value.data as Quantity // Made by toQuantity.
const nano = (value: Opaque): bigint => quantityOf(value).nano
const sign = (value: bigint): bigint => (value < 0n ? -1n : value > 0n ? 1n : 0n)
const isWhole = (value: Opaque): boolean => nano(value) % BILLION === 0n && nano(value) / BILLION <= MOST

function plus(a: Opaque, added: bigint): Opaque {
  return toQuantity({ ...quantityOf(a), nano: nano(a) + added })
}

function asInteger(value: Opaque): bigint {
  if (!isWhole(value)) throw new CelFault('cannot convert value to integer')
  return nano(value) / BILLION
}

const QUANTITIES: readonly Row[] = [
  ['quantity(string)quantity', quantity],
  ['isQuantity(string)bool', (text: string) => parseQuantity(text) !== null],
  ['string(quantity)string', (a: Opaque) => formatQuantity(quantityOf(a))],
  ['sign(quantity)int', (a: Opaque) => sign(nano(a))],
  ['quantity~isInteger()bool', isWhole],
  ['quantity~asInteger()int', asInteger],
  ['quantity~asApproximateFloat()double', (a: Opaque) => Number(nano(a)) / 1e9],
  ['quantity~add(quantity)quantity', (a: Opaque, b: Opaque) => plus(a, nano(b))],
  ['quantity~add(int)quantity', (a: Opaque, b: bigint) => plus(a, b * BILLION)],
  ['quantity~sub(quantity)quantity', (a: Opaque, b: Opaque) => plus(a, -nano(b))],
  ['quantity~sub(int)quantity', (a: Opaque, b: bigint) => plus(a, -b * BILLION)],
  ['quantity~compareTo(quantity)int', (a: Opaque, b: Opaque) => sign(nano(a) - nano(b))],
  ['quantity~isGreaterThan(quantity)bool', (a: Opaque, b: Opaque) => nano(a) > nano(b)],
  ['quantity~isLessThan(quantity)bool', (a: Opaque, b: Opaque) => nano(a) < nano(b)],
]

interface Semver {
  readonly numbers: readonly [bigint, bigint, bigint]
  readonly pre: readonly string[]
}

const STRICT = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/

function readSemver(text: string, lenient: boolean): Semver | null {
  const found = STRICT.exec(lenient ? normalized(text) : text)
  if (found === null) return null
  const [, major = '', minor = '', patch = '', pre] = found
  const parts = pre === undefined ? [] : pre.split('.')
  if (parts.some((part) => part === '' || /^0\d+$/.test(part))) return null
  return { numbers: [BigInt(major), BigInt(minor), BigInt(patch)], pre: parts }
}

/** `v1.02` → `1.2.0`. */
function normalized(text: string): string {
  const [, core = '', rest = ''] = /^v?([0-9.]*)(.*)$/s.exec(text) ?? []
  const numbers = core.split('.').map((part) => part.replace(/^0+(?=\d)/, ''))
  return [...numbers, ...Array.from({ length: Math.max(0, 3 - numbers.length) }, () => '0')].join('.') + rest
}

function semver(text: string, lenient = false): Opaque {
  const read = readSemver(text, lenient)
  if (read === null) throw new CelFault(`semver ${JSON.stringify(text)} parse error`)
  return new Opaque('kubernetes.Semver', `${read.numbers.join('.')}-${read.pre.join('.')}`, read)
}

const semverOf = (value: Opaque): Semver => value.data as Semver // Made by semver.

function compareSemver(a: Opaque, b: Opaque): bigint {
  const left = semverOf(a)
  const right = semverOf(b)
  for (const at of [0, 1, 2] as const) {
    if (left.numbers[at] !== right.numbers[at]) return sign(left.numbers[at] - right.numbers[at])
  }
  if (left.pre.length === 0 || right.pre.length === 0) return sign(BigInt(right.pre.length - left.pre.length))
  for (let at = 0; at < Math.max(left.pre.length, right.pre.length); at++) {
    const one = left.pre[at]
    const two = right.pre[at]
    if (one === undefined || two === undefined) return one === undefined ? -1n : 1n
    if (one !== two) return comparePre(one, two)
  }
  return 0n
}

function comparePre(a: string, b: string): bigint {
  const numbers = [a, b].map((part) => /^\d+$/.test(part))
  if (numbers[0] === true && numbers[1] === true) return sign(BigInt(a) - BigInt(b))
  if (numbers[0] !== numbers[1]) return numbers[0] === true ? -1n : 1n
  return a < b ? -1n : 1n
}

const SEMVERS: readonly Row[] = [
  ['semver(string)semver', (text: string) => semver(text)],
  ['semver(string,bool)semver', semver],
  ['isSemver(string)bool', (text: string) => readSemver(text, false) !== null],
  ['isSemver(string,bool)bool', (text: string, lenient: boolean) => readSemver(text, lenient) !== null],
  ['semver~major()int', (a: Opaque) => semverOf(a).numbers[0]],
  ['semver~minor()int', (a: Opaque) => semverOf(a).numbers[1]],
  ['semver~patch()int', (a: Opaque) => semverOf(a).numbers[2]],
  ['semver~compareTo(semver)int', compareSemver],
  ['semver~isGreaterThan(semver)bool', (a: Opaque, b: Opaque) => compareSemver(a, b) > 0n],
  ['semver~isLessThan(semver)bool', (a: Opaque, b: Opaque) => compareSemver(a, b) < 0n],
]

type Check = (text: string) => readonly string[]

function byFormat(name: string): Check {
  const holds = findFormat(name)
  return (text) => (holds?.(text) === true ? [] : [`invalid ${name}`])
}

/** A name that ends where a generated part is added may end with a dash. */
const prefix =
  (check: Check): Check =>
  (text) =>
    check(text.endsWith('-') ? `${text.slice(0, -1)}a` : text)

const FORMATS: Readonly<Record<string, Check>> = {
  dns1123Label: dnsLabel,
  dns1123Subdomain: dnsSubdomain,
  dns1035Label,
  dns1123LabelPrefix: prefix(dnsLabel),
  dns1123SubdomainPrefix: prefix(dnsSubdomain),
  dns1035LabelPrefix: prefix(dns1035Label),
  qualifiedName,
  labelValue,
  uri: byFormat('uri'),
  uuid: byFormat('uuid'),
  byte: byFormat('byte'),
  date: byFormat('date'),
  datetime: byFormat('datetime'),
}

const toFormat = (name: string): Opaque => new Opaque('kubernetes.NamedFormat', name, FORMATS[name])
const formatOf = (value: Opaque): Check => value.data as Check // Made by toFormat.

function validate(format: Opaque, text: string): Optional {
  const faults = formatOf(format)(text)
  return new Optional(faults.length === 0 ? undefined : new List(faults))
}

const NAMED: readonly Row[] = [
  ...Object.keys(FORMATS).map((name): Row => [`format.${name}()format`, () => toFormat(name)]),
  [
    'format.named(string)optional(format)',
    (name: string) => new Optional(Object.hasOwn(FORMATS, name) ? toFormat(name) : undefined),
  ],
  ['format~validate(string)optional(list(string))', validate],
]

/** The table. */
export const MEASURES: readonly Row[] = [...QUANTITIES, ...SEMVERS, ...NAMED]
