// The files of an unpacked archive as folders and files by id, so that they are read just like those of a commit.
import { createHash } from 'node:crypto'
import { FaultError } from '../fault.ts'
import type { TreeEntry } from '../source/parse.ts'
import type { Contents } from '../source/snapshot.ts'
import type { Member } from './unpack.ts'

interface Folder {
  readonly folders: Map<string, Folder>
  readonly leaves: Map<string, Member>
}

/** Folders and files by what is in them: equal ids, equal contents, in any archive. */
export class ArchiveTree implements Contents {
  /** Id of the root folder. */
  readonly root: string
  readonly #trees = new Map<string, readonly TreeEntry[]>()
  readonly #blobs = new Map<string, Buffer>()

  /** `where` names the archive in a fault. */
  constructor(members: readonly Member[], where: string) {
    const root: Folder = { folders: new Map(), leaves: new Map() }
    for (const member of members) place(root, member, where)
    this.root = this.#store(root)
  }

  async tree(_commit: string, id: string): Promise<readonly TreeEntry[]> {
    return known(this.#trees, id)
  }

  async blobs(
    _commit: string,
    ids: readonly string[],
    check: (sizes: readonly number[]) => void,
  ): Promise<readonly Buffer[]> {
    const found = ids.map((id) => known(this.#blobs, id))
    check(found.map(({ length }) => length))
    return found
  }

  #store(folder: Folder): string {
    const entries: TreeEntry[] = []
    for (const [name, inner] of folder.folders) entries.push({ name, kind: 'folder', id: this.#store(inner) })
    for (const [name, { kind, bytes }] of folder.leaves) {
      const id = digest(`${kind}\n`, bytes)
      this.#blobs.set(id, bytes)
      entries.push({ name, kind, id })
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    const id = digest('folder\n', JSON.stringify(entries))
    this.#trees.set(id, entries)
    return id
  }
}

function place(root: Folder, member: Member, where: string): void {
  const parts = member.path.split('/')
  const name = parts.pop() ?? ''
  let folder = root
  for (const part of parts) {
    if (folder.leaves.has(part)) throw twice(member.path, where)
    const next = folder.folders.get(part) ?? { folders: new Map(), leaves: new Map() }
    folder.folders.set(part, next)
    folder = next
  }
  if (folder.folders.has(name)) throw twice(member.path, where)
  folder.leaves.set(name, member)
}

function twice(path: string, where: string): FaultError {
  return new FaultError({
    kind: 'source-unreadable',
    what: 'the archive cannot be unpacked',
    where,
    why: `"${path}" goes through a name that is both a file and a folder`,
    fix: ['publish it again: helm package, or oras push'],
  })
}

function digest(kind: string, content: Buffer | string): string {
  return createHash('sha256').update(kind).update(content).digest('hex')
}

function known<T>(map: ReadonlyMap<string, T>, id: string): T {
  const found = map.get(id)
  if (found === undefined) throw new Error(`an archive was asked for ${id}, which it never named`)
  return found
}
