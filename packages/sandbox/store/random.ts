// Chance from a seed: one seed gives the same uids and generated names in every run.

/** A source of numbers in [0, 1). */
export interface Random {
  readonly next: () => number
  /** The same numbers from here on, independent of the original. */
  readonly fork: () => Random
}

/** A source whose numbers depend on the seed alone (sfc32). */
export function randomFrom(seed: string | number): Random {
  const random = withState(...hash(String(seed)), 1)
  // The first numbers still resemble the seed.
  for (let index = 0; index < 12; index++) random.next()
  return random
}

/** A v4-shaped uuid. */
export function uuidFrom(random: Random): string {
  const hex = Array.from({ length: 4 }, () => word(random)).join('')
  const variant = '89ab'.charAt(Math.floor(random.next() * 4))
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** No vowels and no digits that look like them, so that no word comes about. */
const NAME_LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

/** A prefix is cut so that the whole is a valid name. */
const LONGEST_PREFIX = 63 - 5

/** A name from `metadata.generateName`. */
export function nameFrom(prefix: string, random: Random): string {
  const suffix = Array.from({ length: 5 }, () => NAME_LETTERS.charAt(Math.floor(random.next() * NAME_LETTERS.length)))
  return `${prefix.slice(0, LONGEST_PREFIX)}${suffix.join('')}`
}

function withState(first: number, second: number, third: number, counter: number): Random {
  let [a, b, c, count] = [first, second, third, counter]
  return {
    next: () => {
      const sum = (((a + b) | 0) + count) | 0
      count = (count + 1) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (c << 21) | (c >>> 11)
      c = (c + sum) | 0
      return (sum >>> 0) / 0x1_0000_0000
    },
    fork: () => withState(a, b, c, count),
  }
}

/** Three words of a text (FNV-1a with three starting points). */
function hash(text: string): readonly [number, number, number] {
  const words = [0x811c9dc5, 0x9dc5811c, 0x1c9dc581].map((start) => {
    let word = start
    for (let at = 0; at < text.length; at++) word = Math.imul(word ^ text.charCodeAt(at), 0x01000193)
    return word | 0
  })
  return [words[0] ?? 0, words[1] ?? 0, words[2] ?? 0]
}

function word(random: Random): string {
  return Math.floor(random.next() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0')
}
