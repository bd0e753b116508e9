// The difference of two texts line by line, as the server shows it below a refusal: equal runs by the longest first, a
// few lines around each change (Ratcliff and Obershelp's way, as Python's difflib has it).

/** A run of lines that both texts have. */
interface Run {
  readonly a: number
  readonly b: number
  readonly size: number
}

/** What becomes of some lines of the first text. */
interface Step {
  readonly equal: boolean
  readonly a: readonly [from: number, to: number]
  readonly b: readonly [from: number, to: number]
}

const AROUND = 3

/** The changes from one text to another, each with the lines around it; empty where there are none. */
export function differenceText(before: string, after: string): string {
  const a = before.split('\n')
  const b = after.split('\n')
  const groups = grouped(stepsOf(runsOf(a, b), a.length, b.length))
  return groups.map((steps) => groupText(steps, a, b)).join('')
}

function groupText(steps: readonly Step[], a: readonly string[], b: readonly string[]): string {
  const range = (side: 'a' | 'b'): string => rangeText(steps[0]?.[side][0] ?? 0, steps.at(-1)?.[side][1] ?? 0)
  const lines = steps.flatMap((step) => {
    const own = a.slice(...step.a)
    if (step.equal) return own.map((line) => ` ${line}`)
    return [...own.map((line) => `-${line}`), ...b.slice(...step.b).map((line) => `+${line}`)]
  })
  return `@@ -${range('a')} +${range('b')} @@\n${lines.map((line) => `${line}\n`).join('')}`
}

function rangeText(from: number, to: number): string {
  const size = to - from
  if (size === 1) return String(from + 1)
  return `${size === 0 ? from : from + 1},${size}`
}

/** Lines that stand in the second text very often say nothing about where they belong. */
function placesOf(b: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>()
  for (const [at, line] of b.entries()) {
    const known = places.get(line)
    if (known === undefined) places.set(line, [at])
    else known.push(at)
  }
  if (b.length < 200) return places
  const most = Math.floor(b.length / 100) + 1
  for (const [line, all] of places) if (all.length > most) places.delete(line)
  return places
}

/** All runs, in order. */
function runsOf(a: readonly string[], b: readonly string[]): readonly Run[] {
  const places = placesOf(b)
  const find = (fromA: number, toA: number, fromB: number, toB: number): readonly Run[] => {
    const run = longest(a, b, places, fromA, toA, fromB, toB)
    if (run.size === 0) return []
    const left = fromA < run.a && fromB < run.b ? find(fromA, run.a, fromB, run.b) : []
    const [endA, endB] = [run.a + run.size, run.b + run.size]
    const right = endA < toA && endB < toB ? find(endA, toA, endB, toB) : []
    return [...left, run, ...right]
  }
  return find(0, a.length, 0, b.length)
}

function longest(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  fromA: number,
  toA: number,
  fromB: number,
  toB: number,
): Run {
  let best: Run = { a: fromA, b: fromB, size: 0 }
  let sizes = new Map<number, number>()
  for (let i = fromA; i < toA; i += 1) {
    const next = new Map<number, number>()
    for (const j of places.get(a[i] ?? '') ?? []) {
      if (j < fromB || j >= toB) continue
      const size = (sizes.get(j - 1) ?? 0) + 1
      next.set(j, size)
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size }
    }
    sizes = next
  }
  return extended(best, a, b, [fromA, toA, fromB, toB])
}

/** With the equal lines on both sides that were too frequent to begin with. */
function extended(
  run: Run,
  a: readonly string[],
  b: readonly string[],
  [fromA, toA, fromB, toB]: readonly [number, number, number, number],
): Run {
  let { a: i, b: j, size } = run
  while (i > fromA && j > fromB && a[i - 1] === b[j - 1]) {
    i -= 1
    j -= 1
    size += 1
  }
  while (i + size < toA && j + size < toB && a[i + size] === b[j + size]) size += 1
  return { a: i, b: j, size }
}

function stepsOf(runs: readonly Run[], sizeA: number, sizeB: number): readonly Step[] {
  const steps: Step[] = []
  let [i, j] = [0, 0]
  for (const run of [...runs, { a: sizeA, b: sizeB, size: 0 }]) {
    if (i < run.a || j < run.b) steps.push({ equal: false, a: [i, run.a], b: [j, run.b] })
    i = run.a + run.size
    j = run.b + run.size
    if (run.size > 0) steps.push({ equal: true, a: [run.a, i], b: [run.b, j] })
  }
  return steps
}

/** Changes that are near each other stand together. */
function grouped(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups: Step[][] = []
  let group: Step[] = []
  for (const [at, step] of steps.entries()) {
    const [first, last] = [at === 0, at === steps.length - 1]
    if (!step.equal) group.push(step)
    else if (first) group.push(tail(step))
    else if (last) group.push(head(step))
    else if (step.a[1] - step.a[0] > 2 * AROUND) {
      groups.push([...group, head(step)])
      group = [tail(step)]
    } else group.push(step)
  }
  groups.push(group)
  return groups.filter((each) => each.some((step) => !step.equal))
}

function head({ equal, a, b }: Step): Step {
  return { equal, a: [a[0], Math.min(a[1], a[0] + AROUND)], b: [b[0], Math.min(b[1], b[0] + AROUND)] }
}

function tail({ equal, a, b }: Step): Step {
  return { equal, a: [Math.max(a[0], a[1] - AROUND), a[1]], b: [Math.max(b[0], b[1] - AROUND), b[1]] }
}
