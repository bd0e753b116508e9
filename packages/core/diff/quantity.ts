// Kubernetes quantities: one amount has many spellings (1000m, 1, 1e0), compared here in exact arithmetic.

/** Powers of ten below and above one that a suffix stands for. */
const DECIMAL: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
])

/** Powers of two that a binary suffix stands for. */
const BINARY: ReadonlyMap<string, bigint> = new Map([
  ['Ki', 10n],
  ['Mi', 20n],
  ['Gi', 30n],
  ['Ti', 40n],
  ['Pi', 50n],
  ['Ei', 60n],
])

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei)|[eE]([+-]?\d+)|([numkMGTPE]?))$/

/** Longer numbers mean nothing to Kubernetes (its range ends at 2^63) and would only cost time. */
const MAX_DIGITS = 64
const MAX_EXPONENT = 64

/**
 * The amount in billionths (the finest step Kubernetes keeps; anything finer is rounded away from zero as the API
 * server does), or null where the value is no quantity.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(value: string | number | bigint): bigint | null {
  const match = FORM.exec(String(value))
  if (match === null) return null
  const [, sign, whole = '', fraction = '', binary, exponent, suffix = ''] = match
  if (whole === '' && fraction === '') return null
  if (whole.length + fraction.length > MAX_DIGITS) return null
  const power = exponent === undefined ? (DECIMAL.get(suffix) ?? 0) : Number(exponent)
  if (Math.abs(power) > MAX_EXPONENT) return null
  const digits = BigInt(whole + fraction) << (binary === undefined ? 0n : (BINARY.get(binary) ?? 0n))
  const nanos = scale(digits, power - fraction.length + 9)
  return sign === '-' ? -nanos : nanos
}

/** True when both are quantities of one amount. */
export function sameQuantity(a: string | number | bigint, b: string | number | bigint): boolean {
  const left = parseQuantity(a)
  return left !== null && left === parseQuantity(b)
}

/** True for a spelling that only a quantity has: a number followed by a suffix (`100m`, `1Gi`). */
export function hasUnit(text: string): boolean {
  return /^[+-]?\d*\.?\d+(?:Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])$/.test(text)
}

/** Times a power of ten, rounded up. */
function scale(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power)
  const divisor = 10n ** BigInt(-power)
  return (digits + divisor - 1n) / divisor
}
