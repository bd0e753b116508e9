// Where manifests come from: revisions of a repository, and the files of one revision. Every kind of source gives these.
import type { Revision as CoreRevision } from '@mainstay/core/desired/desired.ts'

/** A commit: id, first line of the message, `Name <email>`, time of the commit (RFC 3339, UTC). */
export type Commit = CoreRevision

/** What a target revision stands for right now. The commit never changes its meaning; the ref may. */
export interface Revision extends Commit {
  readonly repoURL: string
  /** The project on whose behalf it was found (its credentials); null or left out: none in particular. */
  readonly project?: string | null
  /** The chart of a Helm repository; null or left out where the repository itself holds the files. */
  readonly chart?: ChartRef | null
  /** `refs/heads/main`, `refs/tags/v1`: what the target revision named; null where it was a commit. */
  readonly ref: string | null
}

/** A chart of a Helm repository (`spec.source.chart`). */
export interface ChartRef {
  readonly name: string
  /** `helm.passCredentials`: the repository's credentials go to other hosts too that its index names. */
  readonly passCredentials: boolean
}

/** How a target revision is read. */
export interface ResolveOptions {
  /** Whose credentials are used, beside those that are for everybody. */
  readonly project?: string | null
  readonly chart?: ChartRef | null
  /** Only tags with this prefix count for versions and ranges (`spec.source.tagPrefix`). */
  readonly tagPrefix?: string | null
  /**
   * How old the server's answer may be, in milliseconds, so that many who ask about one repository share one question.
   * Default 0: it is asked now. A folder on this machine is always asked now.
   */
  readonly maxAgeMs?: number
  readonly signal?: AbortSignal
}

/** One name in a folder of a revision. */
export interface Entry {
  /** From the root of the repository, without a leading slash. */
  readonly path: string
  readonly kind: 'file' | 'folder' | 'symlink' | 'submodule'
  /** Git's id of the content. */
  readonly id: string
}

/** What a path leads to once symlinks are followed. */
export interface Target {
  readonly kind: 'file' | 'folder' | 'submodule'
  /** Where it really is in the repository. */
  readonly realPath: string
  readonly id: string
}

/** A file's bytes. */
export interface FileContent {
  /** As it was asked for. */
  readonly path: string
  /** Where it really is, symlinks followed. */
  readonly realPath: string
  readonly id: string
  readonly bytes: Uint8Array
}

/** How much may be read. */
export interface ReadLimits {
  /** Bytes of one file. Default 10 MiB. */
  readonly fileBytes?: number
  /** Bytes of all files together. Default 100 MiB. */
  readonly totalBytes?: number
}

/**
 * The files of one revision: immutable, read without a checkout. Paths are relative to the root of the repository;
 * `''` and `.` are the root. A path that leaves the repository, also through a symlink, is a fault.
 */
export interface Snapshot {
  readonly revision: Revision
  /** Git's id of the folder's whole content: equal ids, equal files. */
  treeId(path: string): Promise<string>
  /**
   * The folder's entries in the order of their names; symlinks are named, not followed. A submodule is a folder
   * where it can be read; one that cannot is named as `submodule`, and reading from it is the fault that says why.
   */
  list(path: string, options?: { readonly recurse?: boolean }): Promise<readonly Entry[]>
  /** What a path leads to; null where nothing is there. */
  lookup(path: string): Promise<Target | null>
  /** A file's bytes. A Git LFS pointer is a fault: what it stands for is not in Git. */
  read(path: string, limits?: ReadLimits): Promise<FileContent>
  /** Several files at once, in the order asked for. All or a fault. */
  readAll(paths: readonly string[], limits?: ReadLimits): Promise<readonly FileContent[]>
}

/** A place that revisions come from. */
export interface Source {
  /**
   * What a target revision (branch, tag, commit, `HEAD`, range of versions) means now.
   * @throws FaultError `not-found`, `unsupported`, `invalid-input`, `source-unreadable`, `timeout`, `cancelled`
   */
  resolve(repoURL: string, targetRevision: string, options?: ResolveOptions): Promise<Revision>
  /** The files of a revision. */
  snapshot(revision: Revision): Promise<Snapshot>
  /**
   * The commit between two that removed a file, or null where none did: the file is still there, never was there, or
   * vanished because the second commit is not a descendant of the first.
   */
  removedIn(
    repoURL: string,
    path: string,
    fromCommit: string,
    toCommit: string,
    project?: string | null,
  ): Promise<Commit | null>
  /**
   * Files of the first commit that stand at another path in the second one with the same content, and nowhere else
   * before: old path to new. A file that changed while it moved is not among them.
   */
  moved(
    repoURL: string,
    fromCommit: string,
    toCommit: string,
    project?: string | null,
  ): Promise<ReadonlyMap<string, string>>
  /** Commits between two that changed a file or folder, newest first, at most 100. */
  changedSince(
    repoURL: string,
    path: string,
    fromCommit: string,
    toCommit: string,
    project?: string | null,
  ): Promise<readonly Commit[]>
  /** Ends every process. Whatever is still asked for afterwards is a `cancelled` fault. */
  close(): Promise<void>
}
