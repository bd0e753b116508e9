// Quantities (`500m`, `1Gi`) as the API server reads, compares and rewrites them.

/** A quantity: exact to a billionth, with the way of writing that it remembers. */
export interface Quantity {
  /** The value times 10^9, rounded away from zero. */
  readonly nano: bigint
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent'
  /** How a client wrote it (`+1`, `01`, `1E3`), which stays where the server would write the same number and power. */
  readonly text?: string
}

const BILLION = 1_000_000_000n
const MAX = (1n << 63n) - 1n
const FORM = /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<part>\d*))?(?<suffix>|[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)$/
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

// The same few quantities come again and again.
const known = new Map<string, Quantity | null>()
const MOST_KNOWN = 1024

/** Reads a quantity; null where the text is none. A suffix without a number is nothing. */
export function parseQuantity(text: string): Quantity | null {
  let quantity = known.get(text)
  if (quantity === undefined) {
    quantity = readQuantity(text)
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(text, quantity)
  }
  return quantity
}

function readQuantity(text: string): Quantity | null {
  const found = text === '' ? undefined : FORM.exec(text)?.groups
  if (found === undefined) return null
  const { sign = '', whole = '', part = '', suffix = '' } = found
  const power = BINARY.indexOf(suffix)
  const digits = BigInt(`${whole}${part}`)
  const kept = part === '' ? text : null
  if (power > 0)
    return withText(made(sign, digits << BigInt(10 * power), -part.length, 'BinarySI'), digits, power, kept)
  const decimal = DECIMAL.indexOf(suffix)
  const exponent = decimal >= 0 ? (decimal - 3) * 3 : Math.max(-1000, Math.min(1000, Number(suffix.slice(1))))
  const format = decimal >= 0 ? 'DecimalSI' : 'DecimalExponent'
  return withText(made(sign, digits, exponent - part.length, format), digits, exponent, kept)
}

/** The text stays where its number and its power are those that the server would write. */
function withText(quantity: Quantity, digits: bigint, exponent: number, text: string | null): Quantity {
  if (text === null || digits === 0n) return quantity
  const { mantissa, steps } = canonical(quantity)
  const own = quantity.format === 'BinarySI' ? steps : (steps - 3) * 3
  return mantissa === digits && own === exponent ? { ...quantity, text } : quantity
}

function made(sign: string, digits: bigint, exponent: number, format: Quantity['format']): Quantity {
  const shift = exponent + 9
  const nano = shift >= 0 ? digits * 10n ** BigInt(shift) : ceil(digits, 10n ** BigInt(-shift))
  const capped = format === 'BinarySI' && nano > MAX * BILLION ? MAX * BILLION : nano
  return { nano: sign === '-' ? -capped : capped, format }
}

/** The quotient away from zero, of numbers that are not negative. */
function ceil(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by
}

/** The text of a quantity: as it was written where that says the same, else without a fraction and as short as it gets. */
export function formatQuantity(quantity: Quantity): string {
  const { nano, format, text } = quantity
  if (text !== undefined) return text
  if (nano === 0n) return '0'
  const sign = nano < 0n ? '-' : ''
  const { mantissa, steps } = canonical(quantity)
  if (isBinary(quantity)) return `${sign}${mantissa}${BINARY[steps]}`
  if (format !== 'DecimalExponent') return `${sign}${mantissa}${DECIMAL[steps]}`
  return `${sign}${mantissa}${steps === 3 ? '' : `e${(steps - 3) * 3}`}`
}

function sizeOf({ nano }: Quantity): bigint {
  return nano < 0n ? -nano : nano
}

/** Below 1024 there is nothing that a binary suffix could shorten. */
function isBinary(quantity: Quantity): boolean {
  return quantity.format === 'BinarySI' && sizeOf(quantity) >= 1024n * BILLION
}

function canonical(quantity: Quantity): { readonly mantissa: bigint; readonly steps: number } {
  const size = sizeOf(quantity)
  if (isBinary(quantity)) return reduced(ceil(size, BILLION), 1024n, BINARY.length - 1)
  return reduced(size, 1000n, DECIMAL.length - 1)
}

function reduced(value: bigint, by: bigint, most: number): { readonly mantissa: bigint; readonly steps: number } {
  let mantissa = value
  let steps = 0
  while (steps < most && mantissa % by === 0n) {
    mantissa /= by
    steps += 1
  }
  return { mantissa, steps }
}

/** Rounded away from zero to thousandths, as the server keeps resources. */
export function inMillis(quantity: Quantity): Quantity {
  const rounded = ceil(sizeOf(quantity), 1_000_000n) * 1_000_000n
  if (rounded === sizeOf(quantity)) return quantity
  return { nano: quantity.nano < 0n ? -rounded : rounded, format: quantity.format }
}

/** The value of a text times 10^9; 0 where it is no quantity. */
export function nanoOf(text: unknown): bigint {
  const quantity = typeof text === 'string' || typeof text === 'number' ? parseQuantity(String(text)) : null
  return quantity?.nano ?? 0n
}
