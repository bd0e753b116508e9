// JSONPath as printer columns write it.
import { expect, it } from 'vitest'
import { PathFault, readPath } from './jsonpath.ts'

const object = {
  a: { b: [1, 2, 3] },
  list: [
    { k: 'x', v: 1 },
    { k: 'y', v: 2 },
  ],
  'c.d': 'dotted',
  c: { d: 'deep' },
}

function find(text: string): readonly unknown[] | null {
  return readPath(text)?.(object) ?? null
}

it('follows fields, indexes, slices and wildcards', () => {
  expect(find('.a.b[1]')).toEqual([2])
  expect(find('.a.b[-1:]')).toEqual([3])
  expect(find('.a.b[0:3:2]')).toEqual([1, 3])
  expect(find('.list[*].k')).toEqual(['x', 'y'])
  expect(find('.list[0,1].v')).toEqual([1, 2])
})

it('filters lists', () => {
  expect(find('.list[?(@.k=="y")].v')).toEqual([2])
  expect(find('.list[?(@.v>1)].k')).toEqual(['y'])
  expect(find('.list[?(@.z)].k')).toEqual([])
})

it('takes dots in quoted keys for separators unless they are escaped', () => {
  expect(find(".['c.d']")).toEqual(['deep'])
  expect(find(".['c\\.d']")).toEqual(['dotted'])
})

it('cannot be evaluated outside a list, and cannot be read where it is no path', () => {
  expect(() => find('.a.b[9]')).toThrow(PathFault)
  expect(() => find('.a[0]')).toThrow(PathFault)
  expect(readPath('.a[')).toBeNull()
})
