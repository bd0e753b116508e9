// The files of archives that were read lately, as snapshots.
import { GitSnapshot } from '../source/snapshot.ts'
import type { Revision, Snapshot } from '../source/source.ts'
import { ArchiveTree } from './tree.ts'
import type { Member } from './unpack.ts'

/** Archives kept unpacked; each is small. */
const KEPT = 16

/** Unpacked archives by a key that names their content. */
export class RevisionFiles {
  readonly #trees = new Map<string, Promise<ArchiveTree>>()

  /** The files of a revision; `read` is asked where they are not at hand. */
  async snapshot(key: string, revision: Revision, read: () => Promise<readonly Member[]>): Promise<Snapshot> {
    const known = this.#trees.get(key)
    const tree = known ?? read().then((members) => new ArchiveTree(members, key))
    // The last one asked for is the last one to go.
    this.#trees.delete(key)
    this.#trees.set(key, tree)
    if (known === undefined) tree.catch(() => this.#trees.delete(key))
    for (const oldest of this.#trees.keys()) {
      if (this.#trees.size <= KEPT) break
      this.#trees.delete(oldest)
    }
    const found = await tree
    return new GitSnapshot(found, revision, found.root)
  }
}
