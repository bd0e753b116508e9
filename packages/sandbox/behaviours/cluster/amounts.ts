// Amounts by the names of resources: `requests.cpu` and `500m`, added up as the real server does.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { formatQuantity, parseQuantity, type Quantity } from '../../kinds/quantity.ts'

/** Amounts by name. */
export type Amounts = ReadonlyMap<string, Quantity>

export const ZERO: Quantity = { nano: 0n, format: 'DecimalSI' }

/** A whole number as an amount. */
export function whole(count: number): Quantity {
  return { nano: BigInt(count) * 1_000_000_000n, format: 'DecimalSI' }
}

/** The amounts of a map of texts. */
export function amountsOf(texts: JsonObject): Amounts {
  return new Map(Object.entries(texts).map(([name, text]) => [name, parseQuantity(String(text)) ?? ZERO]))
}

/** Two amounts together; nothing has no way of writing of its own. */
export function plus(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format }
}

/** What the first is more than the second. */
export function minus(a: Quantity, b: Quantity): Quantity {
  return { nano: a.nano - b.nano, format: a.format }
}

/** Amounts added name by name. */
export function sum(all: readonly Amounts[]): Amounts {
  const total = new Map<string, Quantity>()
  for (const amounts of all) {
    for (const [name, amount] of amounts) total.set(name, plus(total.get(name) ?? ZERO, amount))
  }
  return total
}

/** The larger of each name. */
export function most(a: Amounts, b: Amounts): Amounts {
  const larger = new Map(a)
  for (const [name, amount] of b) {
    const known = larger.get(name)
    if (known === undefined || known.nano < amount.nano) larger.set(name, amount)
  }
  return larger
}

/** Amounts as a map of texts, in the order of their names. */
export function textsOf(amounts: Amounts): Readonly<Record<string, string>> {
  const sorted = [...amounts].sort(([a], [b]) => compareText(a, b))
  return Object.fromEntries(sorted.map(([name, amount]) => [name, formatQuantity(amount)]))
}

/** `configmaps=1,pods=2`. */
export function listOf(amounts: Amounts): string {
  return Object.entries(textsOf(amounts))
    .map(([name, text]) => `${name}=${text}`)
    .join(',')
}
