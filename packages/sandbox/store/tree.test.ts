// The persistent map against the platform's own, and the promise that old roots stay as they were.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countPrefix, emptyTree, entriesFrom, getFrom, putInto, rank, removeFrom, type Tree } from './tree.ts'

const key = fc.integer({ min: 0, max: 300 }).map((number) => `${number % 7}/${number}`)
const step = fc.record({ key, remove: fc.boolean() })

it('holds what a sorted map holds, whatever is put and removed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
      let tree: Tree<number> = emptyTree()
      const model = new Map<string, number>()
      steps.forEach((each, value) => {
        if (each.remove) model.delete(each.key)
        else model.set(each.key, value)
        tree = each.remove ? removeFrom(tree, each.key) : putInto(tree, each.key, value)
      })
      const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1))
      expect([...entriesFrom(tree)]).toEqual(sorted)
      expect(tree.size).toBe(model.size)
      for (const [each, value] of sorted.slice(0, 20)) expect(getFrom(tree, each)).toBe(value)
    }),
  )
})

it('counts by prefix and finds places without walking', () => {
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 200 }), key, (keys, from) => {
      const tree = keys.reduce((all, each) => putInto(all, each, 1), emptyTree<number>())
      expect(countPrefix(tree, '3/')).toBe(keys.filter((each) => each.startsWith('3/')).length)
      expect(rank(tree, from)).toBe(keys.filter((each) => each < from).length)
      expect([...entriesFrom(tree, from)].map(([each]) => each)).toEqual(keys.filter((each) => each >= from).sort())
    }),
  )
})

it('leaves every older root as it was', () => {
  const roots: Tree<number>[] = [emptyTree()]
  for (let at = 0; at < 2000; at++) roots.push(putInto(roots[at] ?? emptyTree(), `k${(at * 7919) % 2000}`, at))
  expect(roots.map(({ size }) => size)).toEqual(roots.map((_, at) => at))
  expect([...entriesFrom(roots[3] ?? emptyTree())].map(([, value]) => value).sort()).toEqual([0, 1, 2])
})

it('copies for a write the way to one leaf, however many entries there are', () => {
  let tree = emptyTree<number>()
  for (let at = 0; at < 10_000; at++) tree = putInto(tree, `ns-${at % 40}/name-${at}`, at)
  for (const change of ['ns-7/name-7', 'ns-39/name-9999', 'ns-7/new']) {
    const depth = Math.ceil(Math.log(tree.size) / Math.log(16))
    expect(copiedNodes(tree, putInto(tree, change, -1))).toBeLessThanOrEqual(depth + 1)
    expect(copiedNodes(tree, removeFrom(tree, change))).toBeLessThanOrEqual(depth)
  }
})

/** Nodes of `after` that are not in `before`. */
function copiedNodes(before: Tree<number>, after: Tree<number>): number {
  const old = new Set(nodesOf(before.root))
  return [...nodesOf(after.root)].filter((node) => !old.has(node)).length
}

type AnyNode = Tree<number>['root']

function* nodesOf(node: AnyNode): Generator<AnyNode> {
  yield node
  for (const child of node?.children ?? []) yield* nodesOf(child)
}
