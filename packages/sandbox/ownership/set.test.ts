// The algebra of field sets, against sets of paths as texts.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareElements } from './element.ts'
import {
  difference,
  differenceBelow,
  EMPTY,
  type FieldSet,
  intersection,
  isEmpty,
  isSame,
  isSubset,
  paths,
  SetBuilder,
  setOf,
  union,
} from './set.ts'

const element = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:1')
const somePaths = fc.array(fc.array(element, { minLength: 1, maxLength: 3 }), { maxLength: 6 })

const texts = (set: FieldSet): readonly string[] =>
  [...paths(set, compareElements)].map((path) => path.join(' ')).sort()
const plain = (all: readonly (readonly string[])[]): Set<string> => new Set(all.map((path) => path.join(' ')))

describe('field sets', () => {
  it('are joined, met and subtracted as sets of paths', () => {
    fc.assert(
      fc.property(somePaths, somePaths, (left, right) => {
        const [ours, theirs] = [setOf(left), setOf(right)]
        const [a, b] = [plain(left), plain(right)]
        expect(texts(union(ours, theirs))).toEqual([...new Set([...a, ...b])].sort())
        expect(texts(intersection(ours, theirs))).toEqual([...a].filter((path) => b.has(path)).sort())
        expect(texts(difference(ours, theirs))).toEqual([...a].filter((path) => !b.has(path)).sort())
        const below = [...a].filter((path) => ![...b].some((gone) => path === gone || path.startsWith(`${gone} `)))
        expect(texts(differenceBelow(ours, theirs))).toEqual(below.sort())
        expect(isSubset(ours, theirs)).toBe([...a].every((path) => b.has(path)))
        expect(isSame(ours, theirs)).toBe(a.size === b.size && [...a].every((path) => b.has(path)))
        expect(isEmpty(ours)).toBe(a.size === 0)
      }),
    )
  })

  it('stay the same value where nothing changes, so that they are written once', () => {
    fc.assert(
      fc.property(somePaths, (all) => {
        const set = setOf(all)
        expect(union(set, setOf(all.slice(1)))).toBe(set)
        expect(difference(set, setOf([['f:other']]))).toBe(set)
      }),
    )
  })

  it('can be built path by path, and the whole object is no path', () => {
    fc.assert(
      fc.property(somePaths, (all) => {
        const builder = new SetBuilder()
        for (const path of [[], ...all]) builder.add(path)
        expect(texts(builder.done())).toEqual(texts(setOf(all)))
      }),
    )
    expect(new SetBuilder().done()).toBe(EMPTY)
  })
})
