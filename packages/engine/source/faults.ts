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

/** What answers is no Git server, or one of a kind that cannot be read in parts. A page of a proxy is such an answer. */
export function notSmart(address: Address): FaultError {
  return new FaultError({
    kind: 'source-unreadable',
    what: 'what answers there is not a Git server',
    where: `repoURL: ${address.repoURL}`,
    why: 'the answer is not in the form of Git: a page, or a folder of files (the "dumb" protocol)',
    fix: [
      'check repoURL: it is the URL that `git clone` takes',
      'if the server is down for maintenance, try again later',
    ],
  })
}

/** An answer that is not whole, or not in the form of Git. It is never taken for a shorter one. */
export function strangeAnswer(address: Address, why: string): FaultError {
  return new FaultError({
    kind: 'source-unreadable',
    what: 'the answer of the Git server cannot be read',
    where: `repoURL: ${address.repoURL}`,
    why: why.replace(/\p{Cc}/gu, ' '),
    fix: ['try again', 'check repoURL, and the log of the server'],
  })
}

/** Credentials that everybody on the way could read. */
export function plainCredentials(address: Address, origin: string): FaultError {
  return new FaultError({
    kind: 'invalid-input',
    what: 'credentials are not sent over plain HTTP',
    where: `repoURL: ${address.repoURL}`,
    why: `everybody on the way could read them: ${origin}`,
    fix: [
      'use the https:// URL of the repository',
      'or, where the network is your own, say so: insecure: "true" for this repository',
    ],
  })
}

/** A fetch that failed although the repository answers and our copy is whole. */
export function fetchFault(address: Address, why: string): FaultError {
  return new FaultError({
    kind: 'source-unreadable',
    what: 'the repository answers, but could not be fetched',
    where: `repoURL: ${address.repoURL}`,
    why: why === '' ? null : why,
    fix: ['try again', 'look into the log of the server, and check that the disk of the cache has room'],
  })
}

/** A fetch that was stopped because it brought too much. */
export function tooLargeFetch(address: Address, bytes: number): FaultError {
  return new FaultError({
    kind: 'too-large',
    what: 'the repository is too large',
    where: `repoURL: ${address.repoURL}`,
    why: `a fetch brought more than ${bytes} bytes (commits and folders; file contents only where they are needed)`,
    fix: ['keep manifests in a repository of their own', 'or raise the limit for a fetch'],
  })
}
