// Quantities (`500m`, `1Gi`) as the API server reads, compares and rewrites them.

/** A quantity: exact to a billionth, with the way of writing that it remembers. */
export interface Quantity {
  /** The value times 10^9, rounded away from zero. */
  readonly nano: bigint
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent'
}

const BILLION = 1_000_000_000n
const MAX = (1n << 63n) - 1n
const FORM = /^(?<sign>[+-]?)(?<whole>\d*)(?:\.(?<part>\d*))?(?<suffix>|[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)$/
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/** Reads a quantity; null where the text is none. */
export function parseQuantity(text: string): Quantity | null {
  const found = FORM.exec(text)?.groups
  if (found === undefined) return null
  const { sign = '', whole = '', part = '', suffix = '' } = found
  if (whole === '' && part === '') return null
  const power = BINARY.indexOf(suffix)
  const digits = BigInt(`${whole}${part}`)
  if (power > 0) return made(sign, digits << BigInt(10 * power), -part.length, 'BinarySI')
  if (DECIMAL.includes(suffix)) return made(sign, digits, (DECIMAL.indexOf(suffix) - 3) * 3 - part.length, 'DecimalSI')
  const exponent = Number(suffix.slice(1))
  return made(sign, digits, Math.max(-1000, Math.min(1000, exponent)) - part.length, 'DecimalExponent')
}

function made(sign: string, digits: bigint, exponent: number, format: Quantity['format']): Quantity {
  const shift = exponent + 9
  const nano = shift >= 0 ? digits * 10n ** BigInt(shift) : ceil(digits, 10n ** BigInt(-shift))
  const capped = nano > MAX * BILLION ? MAX * BILLION : nano
  return { nano: sign === '-' ? -capped : capped, format }
}

/** The quotient away from zero, of numbers that are not negative. */
function ceil(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by
}

/** The canonical text: no fraction, the largest suffix that loses nothing. */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0'
  const sign = nano < 0n ? '-' : ''
  const size = nano < 0n ? -nano : nano
  if (format === 'BinarySI' && size >= 1024n * BILLION) {
    const { mantissa, steps } = reduced(ceil(size, BILLION), 1024n, BINARY.length - 1)
    return `${sign}${mantissa}${BINARY[steps]}`
  }
  const { mantissa, steps } = reduced(size, 1000n, DECIMAL.length - 1)
  if (format !== 'DecimalExponent') return `${sign}${mantissa}${DECIMAL[steps]}`
  return `${sign}${mantissa}${steps === 3 ? '' : `e${(steps - 3) * 3}`}`
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
  const size = quantity.nano < 0n ? -quantity.nano : quantity.nano
  const rounded = ceil(size, 1_000_000n) * 1_000_000n
  return { ...quantity, nano: quantity.nano < 0n ? -rounded : rounded }
}

/** The value of a text times 10^9; 0 where it is no quantity. */
export function nanoOf(text: unknown): bigint {
  const quantity = typeof text === 'string' || typeof text === 'number' ? parseQuantity(String(text)) : null
  return quantity?.nano ?? 0n
}
