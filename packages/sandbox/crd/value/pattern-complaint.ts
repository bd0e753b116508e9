// What RE2 refuses, and escapes that both halves of the translation read.

/** A refusal. Only `compilePattern` catches it. */
export class Complaint extends Error {}

/** Raises what RE2 says. */
export function complain(what: string, where: string): never {
  throw new Complaint(`${what}: \`${where}\``)
}

/** The code of `\x41`, `\x{1F600}` and `\101`; null for others. */
export function codeOf(text: string): number | null {
  const hex = /^\\x\{?([0-9a-fA-F]+)\}?$/.exec(text)?.[1]
  if (hex !== undefined) return Number.parseInt(hex, 16)
  return /^\\[0-7]+$/.test(text) ? Number.parseInt(text.slice(1), 8) : null
}
