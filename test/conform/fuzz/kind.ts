// What the fuzzer knows of a kind.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Lot } from './lot.ts'
import { metadata } from './values.ts'

/** One kind. */
export interface FuzzKind {
  readonly kind: string
  readonly plural: string
  /** Served versions, as `apps/v1`; the first one is used most. */
  readonly versions: readonly string[]
  readonly namespaced: boolean
  /** A wish beside apiVersion, kind and name; mostly valid. */
  readonly wish: (lot: Lot, version: string) => JsonObject
  /** A wish of `status`, where that is a part of its own. */
  readonly status: ((lot: Lot) => JsonObject) | null
  readonly scale: boolean
  readonly custom: boolean
  /** Fields for field selectors beside the name. */
  readonly selectable: readonly string[]
}

/** What may be left out of a kind. */
export type KindChoice = Pick<FuzzKind, 'kind' | 'plural' | 'versions'> & Partial<FuzzKind>

/** A kind without anything special. */
export function fuzzKind(choice: KindChoice): FuzzKind {
  return {
    namespaced: true,
    wish: () => ({}),
    status: null,
    scale: false,
    custom: false,
    selectable: [],
    ...choice,
  }
}

/** A kind with a spec. */
export function specKind(choice: KindChoice & { readonly spec: (lot: Lot, version: string) => JsonObject }): FuzzKind {
  const { spec, ...rest } = choice
  return fuzzKind({ ...rest, wish: (lot, version) => ({ metadata: metadata(lot), spec: spec(lot, version) }) })
}
