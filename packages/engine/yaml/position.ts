// Turns offsets into a text into lines and columns that a person can look up.

/** A place in a text; both numbers are 1-based, columns count UTF-16 code units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Finds places in one text. The text is scanned once, at the first question. */
export function positionsIn(text: string): (offset: number) => Position {
  let starts: readonly number[] | null = null
  return (offset) => {
    starts ??= lineStarts(text)
    const wanted = Math.min(Math.max(offset, 0), text.length)
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= wanted) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: wanted - (starts[low] ?? 0) + 1 }
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
    return starts
  }
  for (let at = nextLine(text, 0); at !== -1; at = nextLine(text, at)) starts.push(at)
  return starts
}

/** Offset of the first character after the next line break, or -1. A lone CR breaks lines as well, as in YAML. */
export function nextLine(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10) return at + 1
    if (code === 13) return text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1
  }
  return -1
}
