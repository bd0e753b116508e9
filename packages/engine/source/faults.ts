// The faults of reading a repository: each says which repository, what was asked, and what to do.
import { FaultError } from '../fault.ts'
import type { Address } from './address.ts'

/** The repository itself cannot be read. `why` is what Git or the system said, only to be shown. */
export function sourceFault(
  address: Address,
  kind: 'not-found' | 'source-unreadable',
  what: string,
  why: string | null,
): FaultError {
  return new FaultError({
    kind,
    what,
    where: `repoURL: ${address.repoURL}`,
    why: why === '' ? null : why,
    fix: ['check repoURL, and that this process may read it: git ls-remote <repoURL>'],
  })
}

/** Our own copy cannot be kept. */
export function cacheFault(folder: string, why: string): FaultError {
  return new FaultError({
    kind: 'source-unreadable',
    what: 'the copy of the repository cannot be written',
    where: folder,
    why,
    fix: ['make the cache folder writable, or free space on its disk'],
  })
}

/** A commit that is not (or no longer) in the repository, or an id that is no commit. */
export function missingCommit(address: Address, id: string, why: string): FaultError {
  return new FaultError({
    kind: 'not-found',
    what: `there is no commit ${id}`,
    where: `targetRevision in ${address.repoURL}`,
    why,
    fix: ['use a branch, a tag, or a commit that the repository has'],
  })
}

/** A target revision that names nothing. */
export function unknownRevision(address: Address, wanted: string, why: string, near: readonly string[]): FaultError {
  return new FaultError({
    kind: 'not-found',
    what: `the revision "${wanted}" does not exist`,
    where: `targetRevision in ${address.repoURL}`,
    why,
    fix: [
      near.length === 0 ? 'set targetRevision to a branch, a tag or a commit' : `did you mean ${near.join(', ')}?`,
      `list what there is: git ls-remote ${address.repoURL}`,
    ],
  })
}

/** A path that is not in a revision. */
export function missingPath(path: string, revision: string, why: string, near: readonly string[]): FaultError {
  return new FaultError({
    kind: 'not-found',
    what: `the path "${path}" does not exist in the repository`,
    where: `path: ${path} at ${revision}`,
    why,
    fix: [near.length === 0 ? 'set path to a folder that the revision has' : `did you mean ${near.join(', ')}?`],
  })
}
