// What a tool complained of, as a person may read it: paths of the repository, no secrets, not too long.

/** Where a tool ran, and what must not be repeated of it. */
export interface ComplaintPlace {
  /** Folder that stands for the root of the repository. */
  readonly root: string
  /** The same as a tool sees it that sees no other files; null for one that sees this machine. */
  readonly rootInside: string | null
  /** Other folders of this run, which mean nothing to a person. */
  readonly private: readonly string[]
  readonly secrets: readonly string[]
}

const MAX_LENGTH = 1500
/** Shorter values are words of every text; nobody's password. */
const MIN_SECRET = 4

/** The tool's own words, cleaned; null where it said nothing. */
export function complaint(text: string, place: ComplaintPlace): string | null {
  let cleaned = text.replaceAll('\0', '')
  for (const folder of place.private) cleaned = cleaned.replaceAll(folder, '(temporary)')
  cleaned = cleaned.replaceAll(`${place.root}/`, '').replaceAll(place.root, '.')
  if (place.rootInside !== null) cleaned = withoutRoot(cleaned, place.rootInside)
  const secrets = place.secrets.filter((secret) => secret.length >= MIN_SECRET)
  // The longest first, so that a secret inside of another leaves nothing of it.
  for (const secret of secrets.toSorted((a, b) => b.length - a.length)) cleaned = cleaned.replaceAll(secret, '(secret)')
  cleaned = cleaned.trim()
  if (cleaned === '') return null
  return cleaned.length <= MAX_LENGTH ? cleaned : `${cleaned.slice(0, MAX_LENGTH)}…`
}

/** Leaves out a short root such as `/tree`, where it is one and not a part of another path. */
function withoutRoot(text: string, root: string): string {
  const parts = text.split(root)
  return parts.reduce((cleaned, part) => {
    if (/[\w.\-/]$/.test(cleaned) || /^[\w.-]/.test(part)) return `${cleaned}${root}${part}`
    return part.startsWith('/') && part.length > 1 ? `${cleaned}${part.slice(1)}` : `${cleaned}.${part}`
  })
}
