// Semantic versions and ranges over tags, with the meaning that Masterminds/semver (and so Argo CD) gives them.

/** A version as a tag writes it; a leading `v` and missing parts are allowed (`v1`, `1.2`). */
export interface Version {
  /** As written. */
  readonly text: string
  readonly numbers: readonly [bigint, bigint, bigint]
  /** Empty for a release. */
  readonly pre: readonly string[]
}

const PART = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*'
const VERSION = new RegExp(`^v?([0-9]+)(?:\\.([0-9]+))?(?:\\.([0-9]+))?(?:-(${PART}))?(?:\\+${PART})?$`)
const UINT64_MAX = 2n ** 64n - 1n

/** Parses a version, or null where the text is none. */
export function parseVersion(text: string): Version | null {
  const match = VERSION.exec(text)
  if (match === null) return null
  const numbers = [BigInt(match[1] ?? 0), BigInt(match[2] ?? 0), BigInt(match[3] ?? 0)] as const
  const pre = match[4]?.split('.') ?? []
  if (numbers.some((part) => part > UINT64_MAX) || pre.some((part) => /^0[0-9]+$/.test(part))) return null
  return { text, numbers, pre }
}

/** Order of precedence: negative where `a` is the lower version. Build metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  for (const index of [0, 1, 2] as const) {
    if (a.numbers[index] !== b.numbers[index]) return a.numbers[index] < b.numbers[index] ? -1 : 1
  }
  return comparePre(a.pre, b.pre)
}

function comparePre(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return (a.length === 0 ? 1 : 0) - (b.length === 0 ? 1 : 0)
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = comparePart(a[index], b[index])
    if (order !== 0) return order
  }
  return 0
}

function comparePart(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return -1
  if (b === undefined) return 1
  const numericA = /^[0-9]+$/.test(a)
  const numericB = /^[0-9]+$/.test(b)
  if (numericA && numericB) return BigInt(a) < BigInt(b) ? -1 : 1
  if (numericA !== numericB) return numericA ? -1 : 1
  return a < b ? -1 : 1
}

/** A range such as `^1.2`, `>=1 <2`, `1.x || 3.0.0`, `1.2 - 1.4`. */
export interface Range {
  /** Alternatives; each is a list of comparators that must all hold. */
  readonly alternatives: readonly Alternative[]
}

interface Alternative {
  readonly comparators: readonly Comparator[]
  /** True where one comparator names a pre-release: only then are pre-releases considered. */
  readonly allowPre: boolean
}

interface Comparator {
  readonly operator: string
  readonly version: Version
  /** How many of major, minor, patch were written; the rest stands for any number. */
  readonly written: 0 | 1 | 2 | 3
}

const OPERATOR = '=|!=|>=|=>|<=|=<|>|<|~>|~|\\^|'
const WILD = '[0-9xX*|]+'
const PARTIAL = `v?(?:${WILD})(?:\\.(?:${WILD}))?(?:\\.(?:${WILD}))?(?:-${PART})?(?:\\+${PART})?`
// White space is at most one blank by now, so that no pattern can be made to try every way of dividing it.
const SEGMENT = new RegExp(`^ ?(?:${OPERATOR}) ?(?:${PARTIAL}) ?(?:(?: |, ?)(?:${OPERATOR}) ?(?:${PARTIAL}) ?)*$`)
const COMPARATORS = new RegExp(`(?:${OPERATOR}) ?(?:${PARTIAL})`, 'g')
const COMPARATOR = new RegExp(
  `^(${OPERATOR}) ?v?(${WILD})(?:\\.(${WILD}))?(?:\\.(${WILD}))?(-${PART})?(?:\\+${PART})?$`,
)
const HYPHEN = new RegExp(` ?(${PARTIAL}) - (${PARTIAL}) ?`, 'g')
const MAX_LENGTH = 512
const MAX_ALTERNATIVES = 32

/** Parses a range, or null where the text is none (a branch name, a commit). An exact version is a range as well. */
export function parseRange(text: string): Range | null {
  if (text.length > MAX_LENGTH) return null
  const segments = text
    .replace(/[\t\n\f\r ]+/g, ' ')
    .replace(HYPHEN, '>= $1, <= $2 ')
    .split('||')
  if (segments.length > MAX_ALTERNATIVES) return null
  const alternatives: Alternative[] = []
  for (const segment of segments) {
    if (!SEGMENT.test(segment)) return null
    const comparators: Comparator[] = []
    for (const one of segment.match(COMPARATORS) ?? []) {
      const comparator = parseComparator(one)
      if (comparator === null) return null
      comparators.push(comparator)
    }
    alternatives.push({ comparators, allowPre: comparators.some(({ version }) => version.pre.length > 0) })
  }
  return { alternatives }
}

function parseComparator(text: string): Comparator | null {
  const match = COMPARATOR.exec(text)
  if (match === null) return null
  const [, operator = '', major = '', minor = '', patch = '', pre = ''] = match
  const written = isWild(major) ? 0 : isWild(minor) ? 1 : isWild(patch) ? 2 : 3
  const numbers = [major, minor, patch].map((part, index) => (index < written ? part : '0'))
  const version = parseVersion(numbers.join('.') + pre)
  return version === null ? null : { operator, version, written }
}

function isWild(part: string): boolean {
  return part === '' || part === 'x' || part === 'X' || part === '*'
}

/** True where a version is in a range. Pre-releases are only where an alternative names one itself (`>=1.0.0-0`). */
export function inRange(version: Version, range: Range): boolean {
  return range.alternatives.some(
    ({ comparators, allowPre }) =>
      (allowPre || version.pre.length === 0) && comparators.every((comparator) => holds(version, comparator)),
  )
}

function holds(version: Version, comparator: Comparator): boolean {
  const order = compareVersions(version, comparator.version)
  switch (comparator.operator) {
    case '':
    case '=':
      return comparator.written === 3 ? order === 0 : isNear(version, comparator)
    case '!=':
      return !isEqual(version, comparator)
    case '>':
      return isAbove(version, comparator)
    case '<':
      return order < 0
    case '>=':
    case '=>':
      return order >= 0
    case '<=':
    case '=<':
      return isAtMost(version, comparator)
    case '~':
    case '~>':
      return isNear(version, comparator)
    default:
      return isCompatible(version, comparator)
  }
}

/** Index of the first of major, minor, patch in which two versions differ; 3 where they do not. */
function firstDifference(a: Version, b: Version): number {
  const index = a.numbers.findIndex((part, at) => part !== b.numbers[at])
  return index < 0 ? 3 : index
}

function isEqual(version: Version, { version: wanted, written }: Comparator): boolean {
  // `!= *` excludes version 0.0.0 only: that is how the original decides it.
  if (written === 3 || written === 0) return compareVersions(version, wanted) === 0
  if (firstDifference(version, wanted) < written) return false
  return (
    written === 1 || comparePre(version.pre, wanted.pre) === 0 || (version.pre.length === 0 && wanted.pre.length === 0)
  )
}

function isAbove(version: Version, { version: wanted, written }: Comparator): boolean {
  if (version.numbers[0] !== wanted.numbers[0]) return version.numbers[0] > wanted.numbers[0]
  if (written === 1) return false
  if (written === 2) return version.numbers[1] > wanted.numbers[1]
  return compareVersions(version, wanted) > 0
}

function isAtMost(version: Version, { version: wanted, written }: Comparator): boolean {
  if (written === 3) return compareVersions(version, wanted) <= 0
  if (version.numbers[0] > wanted.numbers[0]) return false
  return version.numbers[0] < wanted.numbers[0] || written === 1 || version.numbers[1] <= wanted.numbers[1]
}

/** `~1.2.3`: same minor version; `~1`: same major version; `~*`: any. */
function isNear(version: Version, { version: wanted, written }: Comparator): boolean {
  if (compareVersions(version, wanted) < 0) return false
  if (written !== 1 && written !== 2 && wanted.numbers.every((part) => part === 0n)) return true
  if (version.numbers[0] !== wanted.numbers[0]) return false
  return written === 1 || version.numbers[1] === wanted.numbers[1]
}

/** `^1.2.3`: no change in the leftmost part that is not zero. */
function isCompatible(version: Version, { version: wanted, written }: Comparator): boolean {
  if (compareVersions(version, wanted) < 0) return false
  if (version.numbers[0] !== wanted.numbers[0]) return false
  if (wanted.numbers[0] > 0n || written === 1) return true
  if (version.numbers[1] !== wanted.numbers[1]) return false
  return wanted.numbers[1] > 0n || written === 2 || version.numbers[2] === wanted.numbers[2]
}

/** The highest version of a list that is in a range, or null. Of equal ones the first wins. */
export function highestInRange(versions: readonly Version[], range: Range): Version | null {
  let highest: Version | null = null
  for (const version of versions) {
    if (inRange(version, range) && (highest === null || compareVersions(version, highest) > 0)) highest = version
  }
  return highest
}
