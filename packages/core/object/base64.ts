// Base64 and UTF-8 without a platform: the core has neither Buffer nor TextEncoder.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Standard base64 with padding (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const first = bytes[at] ?? 0
    const second = bytes[at + 1]
    const third = bytes[at + 2]
    text += letter(first >> 2)
    text += letter(((first & 3) << 4) | ((second ?? 0) >> 4))
    text += second === undefined ? '=' : letter(((second & 15) << 2) | ((third ?? 0) >> 6))
    text += third === undefined ? '=' : letter(third & 63)
  }
  return text
}

/**
 * The bytes of standard base64 with padding, or null where the text is not base64. Line breaks are skipped, as the
 * API server does, because people wrap long values in YAML.
 */
export function decodeBase64(text: string): Uint8Array | null {
  const compact = text.replaceAll(/[\r\n]/g, '')
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return null
  const padding = compact.endsWith('==') ? 2 : compact.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((compact.length / 4) * 3 - padding)
  let out = 0
  for (let at = 0; at < compact.length; at += 4) {
    const word = (digit(compact, at) << 18) | (digit(compact, at + 1) << 12)
    const whole = word | (digit(compact, at + 2) << 6) | digit(compact, at + 3)
    for (const byte of [whole >> 16, whole >> 8, whole]) if (out < bytes.length) bytes[out++] = byte & 255
  }
  return bytes
}

/** The UTF-8 bytes of a text; a surrogate without its partner becomes U+FFFD, as in every platform's encoder. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code >> 6), tail(code))
    else bytes.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code))
  }
  return Uint8Array.from(bytes)
}

/** Base64 of the UTF-8 bytes of a text: what the API server makes of a `stringData` value. */
export function base64OfText(text: string): string {
  return encodeBase64(encodeUtf8(text))
}

/** The text of UTF-8 bytes; null where they are not UTF-8 (overlong forms and halves of surrogates among them). */
export function decodeUtf8(bytes: Uint8Array): string | null {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0)
    const code = length === 0 ? null : codePoint(bytes.subarray(at, at + length), length)
    if (code === null) return null
    text += String.fromCodePoint(code)
    at += length
  }
  return text
}

/** How many bytes a character has by its first; 0 where none begins so. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2) return 0
  if (first < 0xe0) return 2
  if (first < 0xf0) return 3
  return first < 0xf5 ? 4 : 0
}

/** The smallest character of each length: what fits into fewer bytes must be written so. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000]

function codePoint(bytes: Uint8Array, length: number): number | null {
  const [first = 0, ...tails] = bytes
  if (length === 1) return first
  if (bytes.length < length || tails.some((each) => (each & 0xc0) !== 0x80)) return null
  const code = tails.reduce((sum, each) => (sum << 6) | (each & 0x3f), first & (0x7f >> length))
  const isHalf = code >= 0xd800 && code <= 0xdfff
  return code < (LEAST[length] ?? 0) || code > 0x10ffff || isHalf ? null : code
}

function letter(value: number): string {
  return ALPHABET.charAt(value)
}

/** Padding counts as zero bits; everything else was checked to be in the alphabet. */
function digit(text: string, at: number): number {
  return Math.max(0, ALPHABET.indexOf(text.charAt(at)))
}

function tail(code: number): number {
  return 0x80 | (code & 0x3f)
}
