// The edit script: it leads from one side to the other, and no shorter one exists.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Edit, editLines } from './myers.ts'

const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 14 })

function sideOf(edits: readonly Edit[], side: 'remove' | 'add'): readonly string[] {
  return edits.filter((edit) => edit.kind === 'keep' || edit.kind === side).map((edit) => edit.text)
}

/** Length of the longest common subsequence, by the textbook table: the oracle. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row: number[] = b.map(() => 0)
  for (const left of a) {
    const next: number[] = []
    for (const [index, right] of b.entries()) {
      const diagonal = index === 0 ? 0 : (row[index - 1] ?? 0)
      next.push(left === right ? diagonal + 1 : Math.max(row[index] ?? 0, next[index - 1] ?? 0))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

describe('editLines', () => {
  it('gives back both sides', () => {
    fc.assert(
      fc.property(letters, letters, (before, after) => {
        const edits = editLines(before, after)
        expect(sideOf(edits, 'remove')).toEqual(before)
        expect(sideOf(edits, 'add')).toEqual(after)
      }),
    )
  })

  it('keeps as many lines as can be kept', () => {
    fc.assert(
      fc.property(letters, letters, (before, after) => {
        const kept = editLines(before, after).filter((edit) => edit.kind === 'keep').length
        expect(kept).toBe(longestCommon(before, after))
      }),
    )
  })

  it('puts removals before additions in one changed place', () => {
    const kinds = editLines(['x', 'a', 'b', 'y'], ['x', 'c', 'd', 'y']).map((edit) => edit.kind)
    expect(kinds).toEqual(['keep', 'remove', 'remove', 'add', 'add', 'keep'])
  })

  it('stays quick where everything differs, and still gives back both sides', () => {
    const before = Array.from({ length: 5000 }, (_, index) => `old ${index}`)
    const after = Array.from({ length: 5000 }, (_, index) => `new ${index}`)
    const edits = editLines(before, after)
    expect(sideOf(edits, 'remove')).toEqual(before)
    expect(sideOf(edits, 'add')).toEqual(after)
  })
})
