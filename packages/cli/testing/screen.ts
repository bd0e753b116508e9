// What a terminal shows after a text was written to it: the few escapes that the progress view uses.

// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what it reads
const TOKENS = /\u001b\[\d*[A-Za-z]|[\r\n]|[^\u001b\r\n]+/g

/** The lines on the screen. Knows line breaks, cursor up and clear to the end; anything else throws. */
export function screenOf(text: string): readonly string[] {
  const lines: string[] = ['']
  let row = 0
  for (const token of text.match(TOKENS) ?? []) {
    if (token === '\n') {
      row++
      if (lines[row] === undefined) lines.push('')
    } else if (token === '\u001b[J') lines.splice(row, lines.length, '')
    else if (token.startsWith('\u001b')) row -= rowsUp(token)
    else if (token !== '\r') lines[row] = (lines[row] ?? '') + token
  }
  return lines.slice(0, -1)
}

function rowsUp(token: string): number {
  if (!token.endsWith('A')) throw new TypeError(`the screen does not know ${JSON.stringify(token)}`)
  return Number(token.slice(2, -1))
}
