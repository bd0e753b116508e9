// What differs between two revisions, by comparing folders by id: what is equal is not looked into.
import type { Entry, Snapshot } from './source.ts'

/** Paths that differ between two revisions. */
export interface Changes {
  /** Files, links and submodules that came, went or changed. */
  readonly leaves: ReadonlySet<string>
  /** Folders with any of them somewhere below; `''` is the root. */
  readonly folders: ReadonlySet<string>
}

/** Compares two revisions of one repository. Costs what changed, not what there is. */
export async function changesBetween(before: Snapshot, after: Snapshot): Promise<Changes> {
  const leaves = new Set<string>()
  const folders = new Set<string>()
  const compare = async (path: string): Promise<void> => {
    folders.add(path)
    const [old, now] = await Promise.all([entriesOf(before, path), entriesOf(after, path)])
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const [was, is] = [old.get(name), now.get(name)]
      if (was?.kind === is?.kind && was?.id === is?.id) continue
      if (was?.kind === 'folder' || is?.kind === 'folder') await compare(name)
      // A file in the place of a folder is a change of its own.
      if ([was, is].some((entry) => entry !== undefined && entry.kind !== 'folder')) leaves.add(name)
    }
  }
  if ((await before.treeId('')) !== (await after.treeId(''))) await compare('')
  return { leaves, folders }
}

/** The entries of a folder by path; none where there is no folder. */
async function entriesOf(snapshot: Snapshot, path: string): Promise<ReadonlyMap<string, Entry>> {
  // Links are not followed: what they lead to has a path of its own.
  if (path !== '' && !(await isFolder(snapshot, path))) return new Map()
  return new Map((await snapshot.list(path)).map((entry) => [entry.path, entry]))
}

async function isFolder(snapshot: Snapshot, path: string): Promise<boolean> {
  const target = await snapshot.lookup(path)
  return target?.kind === 'folder' && target.realPath === path
}
