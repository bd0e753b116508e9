// Lines of styled text: what is said and how it weighs, before any terminal is involved. Lines of the core are such lines.
import type { Style as CoreStyle } from '@mainstay/core/plan/print.ts'

/** How a piece of text weighs. The words say the same: a style never carries meaning alone. */
export type Style = CoreStyle | 'good' | 'bad' | 'accent'

/** A piece of a line. */
export interface Span {
  readonly text: string
  readonly style: Style
}

/** One line, without its line break. */
export type Line = readonly Span[]

/** A span. */
export function span(text: string, style: Style = 'plain'): Span {
  return { text, style }
}

/** A line of one style. */
export function line(text: string, style: Style = 'plain'): Line {
  return [span(text, style)]
}
