// The shortest edit between two lists of lines (Myers, "An O(ND) Difference Algorithm and Its Variations", 1986).

/** One line of an edit, in order: kept, removed from the old side, or added on the new side. */
export interface Edit {
  readonly kind: 'keep' | 'remove' | 'add'
  readonly text: string
}

/** Beyond this many differing lines the middle is shown as removed and added whole: cost grows with its square. */
const LIMIT = 2_000

/** The edit that turns `before` into `after`; removals come before additions in each changed place. */
export function editLines(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const head = commonHead(before, after)
  const tail = commonTail(before.slice(head), after.slice(head))
  const edits: Edit[] = before.slice(0, head).map((text) => ({ kind: 'keep', text }))
  edits.push(...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)))
  edits.push(...before.slice(before.length - tail).map((text): Edit => ({ kind: 'keep', text })))
  return edits
}

function commonHead(before: readonly string[], after: readonly string[]): number {
  let count = 0
  while (count < before.length && count < after.length && before[count] === after[count]) count++
  return count
}

function commonTail(before: readonly string[], after: readonly string[]): number {
  let count = 0
  while (count < before.length && count < after.length && before.at(-1 - count) === after.at(-1 - count)) count++
  return count
}

function middle(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const path = shortestPath(before, after)
  if (path === null) {
    return [
      ...before.map((text): Edit => ({ kind: 'remove', text })),
      ...after.map((text): Edit => ({ kind: 'add', text })),
    ]
  }
  return removalsFirst(walkBack(path, before, after))
}

/** The furthest x reached on each diagonal k (at index k + offset) after d edits, for each d; null beyond the limit. */
function shortestPath(before: readonly string[], after: readonly string[]): readonly Int32Array[] | null {
  const most = Math.min(before.length + after.length, LIMIT)
  const reached: Int32Array[] = []
  let last = new Int32Array(2)
  for (let d = 0; d <= most; d++) {
    // Diagonals −d−1 … d+1, so that the neighbours of the outermost exist.
    const now = new Int32Array(2 * d + 3)
    for (let k = -d; k <= d; k += 2) {
      const x = slide(before, after, d === 0 ? 0 : stepFrom(last, k, d), k)
      now[k + d + 1] = x
      if (x >= before.length && x - k >= after.length) {
        reached.push(now)
        return reached
      }
    }
    reached.push(now)
    last = now
  }
  return null
}

/** Along diagonal k as far as the lines are the same. */
function slide(before: readonly string[], after: readonly string[], from: number, k: number): number {
  let x = from
  while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++
  return x
}

/** Where diagonal k begins after one more edit: down (an addition) from k + 1, or right (a removal) from k − 1. */
function stepFrom(last: Int32Array, k: number, d: number): number {
  return goesDown(last, k, d) ? at(last, k + 1, d - 1) : at(last, k - 1, d - 1) + 1
}

function goesDown(last: Int32Array, k: number, d: number): boolean {
  return k === -d || (k !== d && at(last, k - 1, d - 1) < at(last, k + 1, d - 1))
}

function at(reached: Int32Array, k: number, d: number): number {
  return reached[k + d + 1] ?? 0
}

function walkBack(path: readonly Int32Array[], before: readonly string[], after: readonly string[]): readonly Edit[] {
  const edits: Edit[] = []
  let x = before.length
  let k = before.length - after.length
  for (let d = path.length - 1; d > 0; d--) {
    const last = path[d - 1] ?? new Int32Array(0)
    const down = goesDown(last, k, d)
    const from = stepFrom(last, k, d)
    for (; x > from; x--) edits.push({ kind: 'keep', text: before[x - 1] ?? '' })
    edits.push(down ? { kind: 'add', text: after[x - k - 1] ?? '' } : { kind: 'remove', text: before[x - 1] ?? '' })
    x -= down ? 0 : 1
    k += down ? 1 : -1
  }
  for (; x > 0; x--) edits.push({ kind: 'keep', text: before[x - 1] ?? '' })
  return edits.reverse()
}

/** In each run of changes removals first, as people read a diff. */
function removalsFirst(edits: readonly Edit[]): readonly Edit[] {
  const ordered: Edit[] = []
  let added: Edit[] = []
  for (const edit of edits) {
    if (edit.kind === 'add') {
      added.push(edit)
      continue
    }
    if (edit.kind === 'keep') {
      ordered.push(...added)
      added = []
    }
    ordered.push(edit)
  }
  return [...ordered, ...added]
}
