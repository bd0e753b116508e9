// Decides what a target revision names: one function over the remote's refs, the same order as Argo CD's.
import type { RemoteRef } from './parse.ts'
import { highestInRange, parseRange, parseVersion, type Version } from './semver.ts'

/** What a target revision names. */
export type Named =
  | { readonly kind: 'ref'; readonly ref: string; readonly id: string }
  /** A full commit id, or the beginning of one: to be looked up among the commits. */
  | { readonly kind: 'commit'; readonly id: string; readonly whole: boolean }
  | { readonly kind: 'nothing'; readonly why: string; readonly near: readonly string[] }

const FULL = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/
/** Argo CD takes no fewer digits for a commit. */
const SHORT = /^[0-9a-f]{7,63}$/

/** A full commit id in lower case, or null. Such a revision needs no list of refs. */
export function fullCommit(targetRevision: string): string | null {
  const lower = targetRevision.toLowerCase()
  return FULL.test(lower) ? lower : null
}

/**
 * What a target revision names. Order: a full commit; a range of versions (the highest tag in it); `HEAD` or a full
 * ref name; a branch; a tag; any other ref (`pull/1/head`); a shortened commit. So a branch wins over a tag of the same
 * name, and a range wins over a branch whose name reads like one (`1.x`).
 */
export function nameRevision(targetRevision: string, refs: readonly RemoteRef[], tagPrefix: string): Named {
  const whole = fullCommit(targetRevision)
  if (whole !== null) return { kind: 'commit', id: whole, whole: true }
  if (refs.length === 0) return { kind: 'nothing', why: 'the repository has no commits', near: [] }
  const wanted = targetRevision === '' ? 'HEAD' : targetRevision
  const tag = tagFor(wanted, refs, tagPrefix)
  const found = refNamed(tag ?? wanted, refs)
  if (found !== null) return { kind: 'ref', ref: found.target ?? found.name, id: found.id }
  const lower = wanted.toLowerCase()
  if (SHORT.test(lower)) return { kind: 'commit', id: lower, whole: false }
  return nothing(wanted, refs, tagPrefix)
}

/** The tag that a version, a range or a prefixed name asks for; null where the revision is to be taken as it is. */
function tagFor(wanted: string, refs: readonly RemoteRef[], tagPrefix: string): string | null {
  if (parseVersion(wanted) !== null) return tagPrefix + wanted
  const tags = tagNames(refs, tagPrefix)
  const range = parseRange(wanted)
  if (range === null) return tags.includes(wanted) ? tagPrefix + wanted : null
  const highest = highestInRange(versionsOf(tags), range)
  return highest === null ? null : tagPrefix + highest.text
}

function tagNames(refs: readonly RemoteRef[], tagPrefix: string): readonly string[] {
  const start = `refs/tags/${tagPrefix}`
  return refs.filter(({ name }) => name.startsWith(start)).map(({ name }) => name.slice(start.length))
}

function versionsOf(tags: readonly string[]): readonly Version[] {
  return tags.map(parseVersion).filter((version) => version !== null)
}

function refNamed(wanted: string, refs: readonly RemoteRef[]): RemoteRef | null {
  for (const name of [wanted, `refs/heads/${wanted}`, `refs/tags/${wanted}`, `refs/${wanted}`]) {
    const ref = refs.find((one) => one.name === name)
    if (ref !== undefined && (name !== wanted || wanted === 'HEAD' || wanted.startsWith('refs/'))) return ref
  }
  return null
}

function nothing(wanted: string, refs: readonly RemoteRef[], tagPrefix: string): Named {
  const tags = tagNames(refs, tagPrefix)
  if (parseVersion(wanted) === null && parseRange(wanted) !== null) {
    const versions = versionsOf(tags)
    const why = `none of ${versions.length} tags that are versions is in the range`
    return { kind: 'nothing', why, near: versions.map(({ text }) => tagPrefix + text).slice(-5) }
  }
  const branches = refs.filter(({ name }) => name.startsWith('refs/heads/')).map(({ name }) => name.slice(11))
  const why = `there is no branch, tag or commit of this name (${branches.length} branches, ${tags.length} tags)`
  return { kind: 'nothing', why, near: nearest(wanted, [...branches, ...tags.map((tag) => tagPrefix + tag)]) }
}

/** The names most like a wanted one, best first, at most three. */
export function nearest(wanted: string, names: readonly string[]): readonly string[] {
  const limit = Math.max(2, Math.floor(wanted.length / 3))
  return names
    .slice(0, 2000)
    .map((name) => ({ name, distance: distance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter((one) => one.distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name)
}

/** How many characters must be added, removed or replaced to make one word of the other. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1
      line.push(Math.min((above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1, (above[column - 1] ?? 0) + same))
    }
    above = line
  }
  return above[b.length] ?? 0
}
