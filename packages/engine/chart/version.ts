// Chooses the version of a chart or artifact that a target revision asks for.
import { FaultError } from '../fault.ts'
import { nearest } from '../source/revision.ts'
import { highestInRange, parseRange, parseVersion } from '../source/semver.ts'

/** What is asked for, and what there is. */
export interface VersionQuestion {
  readonly targetRevision: string
  readonly versions: readonly string[]
  /** `chart shop of https://charts.example.com`, for the fault. */
  readonly of: string
}

/** Where the spec is silent, the newest release is meant. */
const SILENT: ReadonlySet<string> = new Set(['', 'HEAD'])

/**
 * The version that a target revision names: the one that is called so, or else the highest of the range that it is.
 * `1.2` is a range too (any `1.2.x`), as Helm reads it.
 * @throws FaultError `not-found`, `invalid-input`
 */
export function chooseVersion({ targetRevision, versions, of }: VersionQuestion): string {
  const wanted = SILENT.has(targetRevision) ? '*' : targetRevision.trim()
  if (versions.includes(wanted)) return wanted
  const range = parseRange(wanted)
  if (range === null) {
    throw new FaultError({
      kind: 'invalid-input',
      what: `the revision "${wanted}" is neither a version nor a range of versions`,
      where: `targetRevision of ${of}`,
      fix: ['write a version such as 1.2.3, or a range such as ^1.2'],
    })
  }
  const known = versions.map(parseVersion).filter((version) => version !== null)
  const highest = highestInRange(known, range)
  if (highest !== null) return highest.text
  throw missing(wanted, of, `none of its ${versions.length} versions is in this range`, versions)
}

function missing(wanted: string, of: string, why: string, versions: readonly string[]): FaultError {
  const near = nearest(wanted, versions)
  return new FaultError({
    kind: 'not-found',
    what: `the version "${wanted}" does not exist`,
    where: `targetRevision of ${of}`,
    why,
    fix: [near.length === 0 ? `choose one of: ${versions.slice(0, 5).join(', ')}` : `did you mean ${near.join(', ')}?`],
  })
}
