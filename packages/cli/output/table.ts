// Tables as kubectl and argocd print them: upper-case heads, columns two spaces apart, no frames.

import { cleanLine } from './clean.ts'
import type { Line, Span } from './line.ts'
import { span } from './line.ts'
import { cut, widthOf } from './width.ts'

/** One cell. */
export type Cell = Span | string

/**
 * Lays cells out in columns. The last column is cut to `width` columns where there is a limit; trailing blanks are
 * left out, so that the lines can be compared.
 */
export function table(
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: { readonly width: number | null },
): readonly Line[] {
  const all = [heads.map((head) => span(head, 'dim')), ...rows.map((row) => row.map(toSpan))]
  const widths = heads.map((_, column) =>
    all.reduce((most, row) => Math.max(most, widthOf(row[column]?.text ?? '')), 0),
  )
  return all.map((row) => layOut(row, widths, options.width))
}

function layOut(row: readonly Span[], widths: readonly number[], limit: number | null): Line {
  const spans: Span[] = []
  let used = 0
  const last = row.findLastIndex((cell) => cell.text !== '')
  for (const [column, cell] of row.slice(0, last + 1).entries()) {
    const room = limit === null || column < last ? cell.text : cut(cell.text, Math.max(8, limit - used))
    spans.push({ text: room, style: cell.style })
    const gap = (widths[column] ?? 0) - widthOf(room) + 2
    if (column < last) spans.push(span(' '.repeat(gap)))
    used += widthOf(room) + gap
  }
  return spans
}

function toSpan(cell: Cell): Span {
  return typeof cell === 'string' ? span(cleanLine(cell)) : { text: cleanLine(cell.text), style: cell.style }
}
