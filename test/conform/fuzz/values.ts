// Values that objects of every kind are made of: few words, so that wishes overlap.

import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { Lot } from './lot.ts'

/** Makes a value. */
export type Make = (lot: Lot) => Json | undefined

/** An object: what is required, and each of the others in `part` of all cases. */
export function record(
  lot: Lot,
  required: Readonly<Record<string, Make>>,
  optional: Readonly<Record<string, Make>> = {},
  part = 0.35,
): JsonObject {
  const made: Record<string, Json> = {}
  const put = (key: string, make: Make): void => {
    const value = make(lot)
    if (value !== undefined) made[key] = value
  }
  for (const [key, make] of Object.entries(required)) put(key, make)
  for (const [key, make] of Object.entries(optional)) if (lot.chance(part)) put(key, make)
  return made
}

/** Items that differ in a key, mostly. */
export function items(lot: Lot, make: (lot: Lot) => JsonObject, key: string, max = 3, min = 0): readonly JsonObject[] {
  const count = min + lot.below(max - min + 1)
  const made = Array.from({ length: count }, () => make(lot))
  if (lot.chance(0.04)) return made
  const seen = new Set<Json | undefined>()
  return made.filter((each) => {
    const value = each[key]
    if (seen.has(value)) return false
    seen.add(value)
    return true
  })
}

/** A short word. */
export const word: Make = (lot) => lot.one('a', 'b', 'c')

/** A map of few words. */
export function words(lot: Lot): JsonObject {
  return Object.fromEntries(lot.some(['a', 'b', 'c', 'd'], 3).map((key) => [key, lot.one('1', '2', 'x', '')]))
}

/** Some of these texts, as a list. */
export const texts =
  (...all: readonly string[]): Make =>
  (lot) =>
    lot.some(all, 3)

/** One of these. */
export const oneOf =
  (...all: readonly Json[]): Make =>
  (lot) =>
    lot.of(all)

/** Metadata beside the name. */
export function metadata(lot: Lot): JsonObject {
  return record(
    lot,
    {},
    {
      labels: words,
      annotations: words,
      finalizers: (own) => (own.chance(0.25) ? own.some(['x.example.com/a', 'x.example.com/b'], 2) : undefined),
      ownerReferences: (own) => (own.chance(0.12) ? owners(own) : undefined),
    },
    0.4,
  )
}

function owners(lot: Lot): readonly JsonObject[] {
  const owner = (own: Lot): JsonObject =>
    record(
      own,
      {
        apiVersion: oneOf('v1', 'apps/v1'),
        kind: oneOf('ConfigMap', 'Deployment'),
        name: word,
        uid: oneOf('11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'),
      },
      { controller: oneOf(true, false), blockOwnerDeletion: oneOf(true, false) },
    )
  return items(lot, owner, 'uid', 2)
}

/** Labels that selectors fit. */
export const appLabels = (lot: Lot): JsonObject => ({ app: 'web', ...(lot.chance(0.3) ? words(lot) : {}) })

/** A selector of labels. */
export function selector(lot: Lot): JsonObject {
  return record(
    lot,
    { matchLabels: words },
    {
      matchExpressions: (own) => [
        own.one<JsonObject>(
          { key: 'a', operator: 'In', values: ['1', '2'] },
          { key: 'b', operator: 'Exists' },
          { key: 'c', operator: 'NotIn', values: ['x'] },
        ),
      ],
    },
  )
}

/** An amount of something. */
export const quantity: Make = oneOf('1', '500m', '1000m', '2', 1, '0.5', '1Gi', '1024Mi', '1e3', '100k')

/** Conditions of a status. */
export function conditions(...types: readonly string[]): Make {
  return (lot) =>
    items(
      lot,
      (own) =>
        record(
          own,
          { type: oneOf(...types), status: oneOf('True', 'False', 'Unknown') },
          { reason: oneOf('Why', 'Other'), message: oneOf('said', ''), lastTransitionTime: oneOf(someTime) },
        ),
      'type',
      2,
    )
}

/** A moment. */
export const someTime = '2026-01-02T03:04:05Z'
