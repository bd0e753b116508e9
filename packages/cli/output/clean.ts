// Makes text from outside safe to print: a manifest or a server's message must not steer the terminal.

/** Control characters of both sets, DEL, and the marks that reverse the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** One line: every control character (line breaks too) as a visible escape; a tab becomes spaces. */
export function cleanLine(text: string): string {
  return text.replace(CONTROL, (character) => (character === '\t' ? '    ' : escaped(character)))
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
