// Writes styled lines to a stream: with colours on a terminal that wants them, the same words without escapes elsewhere.
import type { Io, OutputStream } from '../io.ts'
import { cleanLine } from './clean.ts'
import type { Line, Style } from './line.ts'
import { line } from './line.ts'

/** What was asked about colours on the command line; null: nothing. */
export type ColorWish = 'always' | 'never' | null

const CODES: Readonly<Record<Style, string | null>> = {
  plain: null,
  bold: '1',
  dim: '2',
  add: '32',
  good: '32',
  change: '33',
  warn: '33',
  delete: '31',
  error: '31',
  bad: '31',
  accent: '36',
}

/** A stream with a taste. */
export interface Terminal {
  readonly stream: OutputStream
  readonly colors: boolean
  /** True where lines can be redrawn in place. */
  readonly live: boolean
  /** Columns to fit text into; null: no limit (a file, a pipe). */
  width(): number | null
  print(lines: readonly Line[]): void
  /** One unstyled line. */
  say(text: string): void
  /** Text of a line with its escapes, if any. */
  render(spans: Line): string
}

/** Decides about colours and redrawing once, and gives the terminal for it. */
export function terminalOf(stream: OutputStream, env: Io['env'], wish: ColorWish): Terminal {
  const able = stream.isTTY && env.TERM !== 'dumb'
  const colors = wish === null ? able && (env.NO_COLOR ?? '') === '' : wish === 'always'
  const render = (spans: Line): string => spans.map((each) => paint(cleanLine(each.text), each.style, colors)).join('')
  return {
    stream,
    colors,
    live: able,
    width: () => (stream.isTTY ? (stream.columns() ?? 80) : null),
    print: (lines) => {
      if (lines.length > 0) stream.write(lines.map((each) => `${render(each)}\n`).join(''))
    },
    say: (text) => stream.write(`${render(line(text))}\n`),
    render,
  }
}

function paint(text: string, style: Style, colors: boolean): string {
  const code = CODES[style]
  return !colors || code === null || text === '' ? text : `\u001b[${code}m${text}\u001b[0m`
}
