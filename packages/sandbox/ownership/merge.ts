// Lays one object over another by their type. What does not change stays the same value.
import type { Json } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import { FREE_MAP } from './extract.ts'
import { elementOf } from './item.ts'
import { type ListShape, type MapShape, type Shape, SOLID } from './shape.ts'
import { equal, isBare } from './value.ts'

/** `over` laid over `base`. Null over something that has parts takes nothing away. */
export function merge(base: Json | undefined, over: Json, shape: Shape): Json {
  if (base === undefined) return over
  switch (shape.kind) {
    case 'scalar':
      return over === base ? base : over
    case 'map':
      return shape.atomic ? replaced(base, over) : mergeObject(base, over, shape)
    case 'list':
      return shape.by === 'atomic' ? replaced(base, over) : mergeList(base, over, shape)
    case 'free':
      if (shape.atomic || !(isObject(over) || over === null)) return replaced(base, over)
      return mergeObject(base, over, FREE_MAP)
  }
}

/** Something in one piece; what says the same stays the same value. */
function replaced(base: Json, over: Json): Json {
  return equal(base, over) ? base : over
}

function mergeObject(base: Json, over: Json, shape: MapShape): Json {
  if (!isObject(base)) return over
  if (isBare(base)) return isObject(over) && isBare(over) ? base : over
  if (!isObject(over)) return base
  let merged: Record<string, Json> | null = null
  for (const name in over) {
    const theirs = over[name]
    if (theirs === undefined) continue
    const ours = Object.hasOwn(base, name) ? base[name] : undefined
    const both = merge(ours, theirs, shape.declared(name)?.shape ?? shape.rest ?? SOLID)
    if (both === ours) continue
    merged ??= { ...base }
    merged[name] = both
  }
  return merged ?? base
}

function mergeList(base: Json, over: Json, shape: ListShape): Json {
  if (!isList(base) || base.length === 0) return over
  if (!isList(over) || over.length === 0) return base
  const merged = mergeInStep(base, over, shape) ?? new ListMerge(base, over, shape).run()
  return merged.length === base.length && merged.every((item, at) => item === base[at]) ? base : merged
}

/** The merged list where both have the same items in one order, which is mostly so; null where they have not. */
function mergeInStep(base: readonly Json[], over: readonly Json[], shape: ListShape): readonly Json[] | null {
  if (base.length !== over.length) return null
  const elements = new Set<string>()
  for (let at = 0; at < base.length; at++) {
    const element = elementOf(shape, base[at] ?? null)
    if (element === null || element !== elementOf(shape, over[at] ?? null)) return null
    elements.add(element)
  }
  // Items that cannot be told apart are another matter.
  return elements.size < base.length ? null : over.map((item, at) => merge(base[at], item, shape.items))
}

/** The order of `over` for what both have, and each side's own items where they stand between those. */
class ListMerge {
  readonly #shape: ListShape
  readonly #base: readonly Json[]
  readonly #baseElements: readonly string[]
  readonly #overElements: readonly string[]
  /** By element; null for items that cannot be told apart: those are not merged but replaced. */
  readonly #ours: ReadonlyMap<string, Json>
  readonly #theirs: ReadonlyMap<string, Json>
  readonly #shared: string[]
  readonly #out: Json[] = []
  readonly #done = new Set<string>()

  constructor(base: readonly Json[], over: readonly Json[], shape: ListShape) {
    this.#shape = shape
    this.#base = base
    this.#baseElements = base.map((item) => elementOf(shape, item) ?? '')
    this.#overElements = over.map((item) => elementOf(shape, item) ?? '')
    const ours = new Map<string, Json>()
    for (const [at, element] of this.#baseElements.entries()) {
      ours.set(element, ours.has(element) ? null : (base[at] ?? null))
    }
    this.#ours = ours
    this.#theirs = new Map(this.#overElements.map((element, at) => [element, over[at] ?? null]))
    this.#shared = this.#overElements.filter((element) => ours.has(element))
  }

  run(): readonly Json[] {
    let left = 0
    let right = 0
    let wanted = this.#shared.shift()
    while (left < this.#baseElements.length || right < this.#overElements.length) {
      const ours = this.#baseElements[left]
      const theirs = this.#overElements[right]
      if (ours !== undefined && ours === theirs) {
        this.#both(theirs)
        left++
        right++
        wanted = this.#shared.shift()
        continue
      }
      if (ours !== undefined && !this.#theirs.has(ours)) {
        this.#out.push(this.#base[left] ?? null)
        left++
        continue
      }
      // One of both, but another is wanted first: it comes when it is its turn.
      if (ours !== undefined && theirs !== undefined && wanted !== undefined && wanted !== ours) {
        left++
        continue
      }
      if (ours !== undefined && this.#done.has(ours)) left++
      if (theirs === undefined) continue
      this.#both(theirs)
      right++
      if (wanted === theirs) wanted = this.#shared.shift()
    }
    return this.#out
  }

  #both(element: string): void {
    this.#done.add(element)
    const over = this.#theirs.get(element) ?? null
    this.#out.push(merge(this.#ours.get(element), over, this.#shape.items))
  }
}
