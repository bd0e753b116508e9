// A unified diff by object, as git shows one by file: the live object on the left, what Git wants on the right.
import type { FieldChange } from '@mainstay/core/compare/drift.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import { authorText } from '@mainstay/core/plan/text-change.ts'
import type { ObjectDiff } from '@mainstay/engine/reconcile/session.ts'
import type { Line } from './line.ts'
import { line, span } from './line.ts'
import { type Edit, editLines } from './myers.ts'
import { objectYaml } from './yaml.ts'

/** Unchanged lines around a change. */
const CONTEXT = 3

/** The diff of one object; empty where both sides are the same. */
export function objectDiffLines(diff: ObjectDiff): readonly Line[] {
  const path = pathOf(diff.ref)
  const note = noteOf(diff)
  if (diff.kind === 'unseen') return [line(`diff ${path}`, 'bold'), line(note, 'warn')]
  const hunks = hunksOf(editLines(linesOf(diff.live), linesOf(diff.desired)))
  if (hunks.length === 0 && diff.kind !== 'missing' && diff.kind !== 'surplus') return []
  return [
    line(`diff ${path}`, 'bold'),
    ...(note === '' ? [] : [line(note, 'dim')]),
    ...diff.changes.filter((change) => change.handEdit).map(handEditLine),
    line(diff.live === null ? '--- /dev/null' : `--- live/${path}`, 'bold'),
    line(diff.desired === null ? '+++ /dev/null' : `+++ git/${path}`, 'bold'),
    ...hunks.flatMap(hunkLines),
  ]
}

/** Who changed a field by hand and when: what a sync would take back. */
function handEditLine(change: FieldChange): Line {
  return line(`hand edit: ${change.path} by ${authorText(change.by, {})}`, 'warn')
}

/** `apps/Deployment/shop/web`; the core group and cluster scope leave their place out. */
function pathOf(ref: ObjectRef): string {
  return [ref.group, ref.kind, ref.namespace ?? '', ref.name].filter((part) => part !== '').join('/')
}

function noteOf(diff: ObjectDiff): string {
  switch (diff.kind) {
    case 'missing':
      return 'in Git, not in the cluster'
    case 'surplus':
      return 'in the cluster, not in Git'
    case 'unseen':
      return 'could not be read from the cluster: nothing is known about it'
    case 'foreign':
      return 'in the cluster, not in Git, and not ours'
    case 'changed':
    case 'same':
      return ''
  }
}

function linesOf(object: ObjectDiff['live']): readonly string[] {
  return object === null ? [] : objectYaml(object).trimEnd().split('\n')
}

interface Hunk {
  /** 1-based line on each side where it begins, as unified diffs count (0 where the side is empty). */
  readonly before: number
  readonly after: number
  readonly edits: readonly Edit[]
}

/** Changes with their context, joined where the contexts touch. */
function hunksOf(edits: readonly Edit[]): readonly Hunk[] {
  const changed = edits.flatMap((edit, index) => (edit.kind === 'keep' ? [] : [index]))
  const ranges: { from: number; to: number }[] = []
  for (const index of changed) {
    const from = Math.max(0, index - CONTEXT)
    const to = Math.min(edits.length, index + CONTEXT + 1)
    const last = ranges.at(-1)
    if (last !== undefined && from <= last.to) last.to = to
    else ranges.push({ from, to })
  }
  return ranges.map(({ from, to }) => {
    const passed = edits.slice(0, from)
    return {
      before: passed.filter((edit) => edit.kind !== 'add').length,
      after: passed.filter((edit) => edit.kind !== 'remove').length,
      edits: edits.slice(from, to),
    }
  })
}

function hunkLines(hunk: Hunk): readonly Line[] {
  const removed = hunk.edits.filter((edit) => edit.kind !== 'add').length
  const added = hunk.edits.filter((edit) => edit.kind !== 'remove').length
  const head = `@@ -${rangeText(hunk.before, removed)} +${rangeText(hunk.after, added)} @@`
  return [line(head, 'accent'), ...hunk.edits.map(editLine)]
}

/** `start,count`, the count left out where it is 1, the start one less where nothing is there. */
function rangeText(passed: number, count: number): string {
  if (count === 1) return String(passed + 1)
  return `${count === 0 ? passed : passed + 1},${count}`
}

function editLine(edit: Edit): Line {
  switch (edit.kind) {
    case 'keep':
      return [span(` ${edit.text}`)]
    case 'remove':
      return [span(`-${edit.text}`, 'bad')]
    case 'add':
      return [span(`+${edit.text}`, 'good')]
  }
}
