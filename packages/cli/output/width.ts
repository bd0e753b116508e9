// How many columns a text takes in a terminal, and cutting it to fit.

/** East Asian wide characters and pictographs take two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/** Marks that are drawn onto the character before them. */
const ZERO = /\p{Mn}|\p{Me}|\p{Cf}/u

/** Columns of a text without control characters. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

function columnsOf(character: string): number {
  if (ZERO.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

/** The text padded with spaces on the right to at least `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** The text cut at the end to at most `width` columns, the last being `…`. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let taken = ''
  let columns = 0
  for (const character of text) {
    const next = columnsOf(character)
    if (columns + next > width - 1) break
    taken += character
    columns += next
  }
  return width > 0 ? `${taken}…` : ''
}
