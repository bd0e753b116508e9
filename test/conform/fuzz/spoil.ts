// Spoils and varies values: what is half right tells more than what is right.

import { isList, isObject, type Json, type JsonObject } from '@mainstay/core/object/json.ts'
import type { Lot } from './lot.ts'

const odd: readonly Json[] = [
  '',
  'A_b',
  'x'.repeat(64),
  'a b',
  'a.b',
  '../x',
  '-1',
  '10%',
  -1,
  0,
  70_000,
  1.5,
  true,
  [],
  {},
  ['a'],
  { a: '1' },
]

/** Mostly the same value; sometimes something in it is odd, null, empty, unknown, twice or missing. */
export function spoiled(lot: Lot, value: JsonObject): JsonObject {
  if (lot.chance(0.75)) return value
  const change = lot.weighted<(here: Json) => Json | undefined>([
    [3, () => lot.of(odd)],
    [3, () => null],
    [2, (here) => (isList(here) ? [] : isObject(here) ? {} : '')],
    [2, () => undefined],
    [2, (here) => (isObject(here) ? { ...here, unknown: lot.one<Json>(1, 'x', {}) } : here)],
    [1, (here) => (isList(here) && here.length > 0 ? [...here, here[0] ?? null] : here)],
    [1, (here) => (isList(here) ? [...here].reverse() : typeof here === 'number' ? String(here) : here)],
  ])
  return objectOf(changedSomewhere(lot, value, change))
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function changedSomewhere(lot: Lot, value: Json, change: (here: Json) => Json | undefined): Json | undefined {
  const keys = isList(value) ? value.map((_, index) => index) : isObject(value) ? Object.keys(value) : []
  if (keys.length === 0 || lot.chance(0.15)) return change(value)
  return replaced(value, lot.of<string | number>(keys), (inner) => changedSomewhere(lot, inner, change))
}

/** A value with one member changed; undefined takes it away. */
export function replaced(value: Json, key: string | number, change: (here: Json) => Json | undefined): Json {
  if (isList(value)) {
    const made = change(value[Number(key)] ?? null)
    return value.flatMap((item, index) => (index !== key ? [item] : made === undefined ? [] : [made]))
  }
  if (!isObject(value)) return value
  const { [String(key)]: here, ...rest } = value
  const made = change(here ?? null)
  return made === undefined ? rest : { ...value, [String(key)]: made }
}

/** Some parts of a wish, as a patch has them. */
export function thin(lot: Lot, value: Json, depth = 0): Json {
  if (!isObject(value) || depth > 3) return value
  const keys = Object.keys(value)
  const kept = lot.some(keys, Math.min(keys.length, 2), Math.min(keys.length, 1))
  const entries = kept.map((key) => [key, lot.chance(0.07) ? null : thin(lot, value[key] ?? null, depth + 1)] as const)
  return Object.fromEntries(entries)
}

/** An old wish with a part of a fresh one in place of its own. */
export function varied(lot: Lot, old: Json, fresh: Json): Json {
  if (isList(old) && isList(fresh)) return variedList(lot, old, fresh)
  if (!isObject(old) || !isObject(fresh)) return fresh
  const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
  if (keys.length === 0) return old
  const key = lot.of(keys)
  const { [key]: before, ...rest } = old
  const after = fresh[key]
  if (after === undefined) return rest
  return { ...old, [key]: before === undefined || lot.chance(0.3) ? after : varied(lot, before, after) }
}

function variedList(lot: Lot, old: readonly Json[], fresh: readonly Json[]): Json {
  const at = lot.below(old.length + 1)
  const other = fresh[lot.below(fresh.length)]
  return lot.weighted<() => Json>([
    [2, () => old.map((item, index) => (index === at ? varied(lot, item, other ?? item) : item))],
    [2, () => old.filter((_, index) => index !== at)],
    [2, () => (other === undefined ? old : [...old.slice(0, at), other, ...old.slice(at)])],
    [2, () => fresh],
    [1, () => [...old].reverse()],
  ])()
}
