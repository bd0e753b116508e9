// Faults of syntax in the words of the server's parser, where ours says the same in others.

const TOKENS = ["'['", "'{'", "'('", "'.'", "'-'", "'!'", "'true'", "'false'", "'null'"]
const VALUES = ['NUM_FLOAT', 'NUM_INT', 'NUM_UINT', 'STRING', 'BYTES', 'IDENTIFIER']

/** What may begin an expression, with more at some places; in the order of the server's grammar. */
function beginnings(...more: readonly (readonly [after: string, token: string])[]): string {
  const tokens = TOKENS.flatMap((token) => [
    token,
    ...more.filter(([after]) => after === token).map(([, added]) => added),
  ])
  return `{${[...tokens, ...VALUES].join(', ')}}`
}

/** What the server says of a text that ends too early, by what is before its end. */
function endText(before: string): string {
  const called = /[\w)\]]\s*$/.test(before.slice(0, -1))
  switch (before.at(-1)) {
    case '[': {
      const optional = ["'!'", "'?'"] as const
      if (called) return `mismatched input '<EOF>' expecting ${beginnings(optional)}`
      return `mismatched input '<EOF>' expecting ${beginnings(["'['", "']'"], ["'.'", "','"], optional)}`
    }
    case '{':
      return `mismatched input '<EOF>' expecting ${beginnings(["'{'", "'}'"], ["'.'", "','"], ["'!'", "'?'"])}`
    case '(':
      return `mismatched input '<EOF>' expecting ${called ? beginnings(["'('", "')'"]) : beginnings()}`
    default:
      return `mismatched input '<EOF>' expecting ${beginnings()}`
  }
}

/** True where the last bracket that is still open began an index. */
function inIndex(text: string): boolean {
  const open: number[] = []
  for (const [at, sign] of [...text].entries()) {
    if (sign === '[') open.push(at)
    if (sign === ']') open.pop()
  }
  return /[\w)\]]$/.test(text.slice(0, open.at(-1) ?? 0).trimEnd())
}

/** A fault as the server words it. `message` is that of our parser. */
export function syntaxText(text: string, message: string, at: number): string {
  const missing = (token: string): string => `missing '${token}' at '<EOF>'`
  switch (message) {
    case 'Unexpected token: EOF':
      return endText(text.trimEnd())
    case 'Expected COLON, got EOF':
      return "mismatched input '<EOF>' expecting ':'"
    case 'Expected RPAREN, got EOF':
      return missing(')')
    case 'Expected RBRACKET, got EOF':
      return inIndex(text) ? missing(']') : "mismatched input '<EOF>' expecting {']', ','}"
    case 'Expected RBRACE, got EOF':
      return "mismatched input '<EOF>' expecting {'}', ','}"
    case 'Expected IDENTIFIER, got EOF':
      return "no viable alternative at input '.'"
    default:
      return restText(text, message, at)
  }
}

/** What stands after a whole expression. */
function restText(text: string, message: string, at: number): string {
  if (!message.startsWith("Unexpected character: '")) return message
  const token = /^(\w+|.)/.exec(text.slice(at))?.[0] ?? ''
  return `extraneous input '${token}' expecting <EOF>`
}
