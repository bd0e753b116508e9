// Indents continuation lines of quoted scalars that stand too far left: Go accepts them there, the YAML parser does not.
import { nextLine } from './position.ts'

/**
 * The text with every continuation line of a quoted scalar indented to its opening quote. Leading white space of such
 * lines is no part of the value, so the meaning stays the same; lines keep their numbers. Only worth trying on a text
 * that the parser refused.
 */
export function indentQuoted(text: string): string {
  const scan: Scan = { text, at: 0, lineStart: 0, end: 0, parent: 0, fresh: true, flow: 0, block: null, inserts: [] }
  while (scan.at < text.length) {
    const indent = indentAt(text, scan.at)
    scan.end = lineEnd(text, scan.at)
    const blank = scan.at + indent >= scan.end
    if (scan.block === null || (!blank && indent <= scan.block)) scanLine(scan, indent)
    const next = nextLine(text, Math.max(scan.at, scan.end))
    scan.at = next === -1 ? text.length : next
    scan.lineStart = scan.at
  }
  return applyInserts(text, scan.inserts)
}

interface Scan {
  readonly text: string
  at: number
  lineStart: number
  /** End of the line, without its line break. */
  end: number
  /** Column of the mapping or list that the line belongs to, after its dashes. */
  parent: number
  /** True until the first key of the line: dashes still open lists. */
  fresh: boolean
  /** Open brackets and braces. */
  flow: number
  /** Indentation that the lines of a block scalar exceed; null outside of one. */
  block: number | null
  readonly inserts: { readonly offset: number; readonly spaces: number }[]
}

function indentAt(text: string, from: number): number {
  let at = from
  while (text.charAt(at) === ' ') at++
  return at - from
}

function lineEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && !'\r\n'.includes(text.charAt(at))) at++
  return at
}

/** Scans one line, or several where a quoted scalar runs on. */
function scanLine(scan: Scan, indent: number): void {
  scan.block = null
  scan.parent = indent
  scan.fresh = true
  scan.at += indent
  while (scan.at < scan.end) {
    const char = scan.text.charAt(scan.at)
    if (' \t'.includes(char)) scan.at++
    else if (char === '#') scan.at = scan.end
    else if ('\'"'.includes(char)) skipQuoted(scan, char)
    else if ('&!*'.includes(char)) skipWord(scan)
    else if ('|>'.includes(char) && scan.flow === 0) beginBlock(scan)
    else if (!skipDash(scan, char) && !skipFlow(scan, char) && skipPlain(scan)) scan.fresh = false
  }
}

function beginBlock(scan: Scan): void {
  scan.block = scan.fresh ? scan.parent - 1 : scan.parent
  scan.at = scan.end
}

function skipDash(scan: Scan, char: string): boolean {
  if (!scan.fresh || !'-?'.includes(char) || !' \t'.includes(scan.text.charAt(scan.at + 1))) return false
  scan.at += 2 + indentAt(scan.text, scan.at + 2)
  scan.parent = scan.at - scan.lineStart
  return true
}

function skipFlow(scan: Scan, char: string): boolean {
  if (char === '[' || char === '{') scan.flow++
  else if ((char === ']' || char === '}') && scan.flow > 0) scan.flow--
  else if (char !== ',' && char !== ':') return false
  else if (char === ',' && scan.flow === 0) return false
  scan.at++
  return true
}

function skipWord(scan: Scan): void {
  while (scan.at < scan.end && !' \t'.includes(scan.text.charAt(scan.at))) scan.at++
}

/** Skips a plain scalar. True where it was a key. */
function skipPlain(scan: Scan): boolean {
  const { text, end } = scan
  for (; scan.at < end; scan.at++) {
    const char = text.charAt(scan.at)
    const next = text.charAt(scan.at + 1)
    if (char === ':' && (scan.at + 1 >= end || ' \t'.includes(next))) {
      scan.at++
      return true
    }
    if ((char === ' ' || char === '\t') && next === '#') return false
    if (scan.flow > 0 && ',[]{}'.includes(char)) return false
  }
  return false
}

/** Skips a quoted scalar and notes the lines to indent; nothing is noted where it never ends. */
function skipQuoted(scan: Scan, quote: string): void {
  const { text } = scan
  const column = scan.at - scan.lineStart
  const inserts: { offset: number; spaces: number }[] = []
  let lineStart = scan.lineStart
  for (let at = scan.at + 1; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === quote && !(quote === "'" && text.charAt(at + 1) === "'")) {
      scan.inserts.push(...inserts)
      scan.at = at + 1
      scan.lineStart = lineStart
      scan.end = lineEnd(text, scan.at)
      return
    }
    if (char === quote) at++
    else if (char === '\\' && quote === '"' && !'\r\n'.includes(text.charAt(at + 1))) at++
    else if ('\r\n'.includes(char)) {
      lineStart = nextLine(text, at)
      if (/^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(lineStart, lineStart + 4))) break
      const indent = indentAt(text, lineStart)
      const blank = lineStart + indent >= lineEnd(text, lineStart)
      if (indent < column && !blank) inserts.push({ offset: lineStart, spaces: column - indent })
      at = lineStart - 1
    }
  }
  scan.at = text.length
  scan.end = text.length
}

function applyInserts(text: string, inserts: Scan['inserts']): string {
  let result = ''
  let from = 0
  for (const { offset, spaces } of inserts) {
    result += text.slice(from, offset) + ' '.repeat(spaces)
    from = offset
  }
  return result + text.slice(from)
}
