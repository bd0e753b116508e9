// Stories that nobody wrote: told ones with one thing changed by lot, always the same lot for the same seed.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { Story } from './story.ts'

/** A number in [0, 1), the next one each time. */
export function lot(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** `count` changes of stories, one change each. Names and versions stay, so that they are told at the same place. */
export function mutations(stories: readonly Story[], count: number, seed: number): readonly Story[] {
  const next = lot(seed)
  const changeable = stories.filter(isChangeable)
  return Array.from({ length: count }, (_, at) => {
    const object: JsonObject = changeable[Math.floor(next() * changeable.length)]?.object ?? {}
    const parts = partsOf(object)
    const key = parts[Math.floor(next() * parts.length)] ?? 'spec'
    return { name: `change ${at} of seed ${seed}`, object: { ...object, [key]: changed(object[key] ?? null, next) } }
  })
}

/** A story of an object that has anything beside its name. */
export function isChangeable({ object }: Story): boolean {
  return partsOf(object).length > 0
}

function partsOf(object: JsonObject): readonly string[] {
  return Object.keys(object).filter((key) => !['apiVersion', 'kind', 'metadata'].includes(key))
}

function changed(value: Json, next: () => number): Json {
  if (isObject(value) && Object.keys(value).length > 0) return changedObject(value, next)
  if (isList(value) && value.length > 0) {
    const at = Math.floor(next() * value.length)
    if (next() < 0.15) return [...value, value[at] ?? null]
    return value.map((each, index) => (index === at ? changed(each, next) : each))
  }
  return changedScalar(value, next)
}

function changedObject(value: JsonObject, next: () => number): JsonObject {
  const keys = Object.keys(value)
  const key = keys[Math.floor(next() * keys.length)] ?? ''
  if (next() < 0.12) return Object.fromEntries(Object.entries(value).filter(([each]) => each !== key))
  return { ...value, [key]: changed(value[key] ?? null, next) }
}

const TEXTS = ['', 'A_b', 'x'.repeat(64), 'a b', 'a.b', '../x', '-1', '10%']
const NUMBERS = [-1, 0, 1, 70_000]

function changedScalar(value: Json, next: () => number): Json {
  const pick = <T extends Json>(all: readonly T[]): Json => all[Math.floor(next() * all.length)] ?? null
  if (typeof value === 'string') return pick(TEXTS)
  if (typeof value === 'number') return pick(NUMBERS)
  return typeof value === 'boolean' ? !value : value
}
