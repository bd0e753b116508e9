// The files of one commit, read without a checkout. Nothing outside of the commit can be reached.
import { FaultError, isFault } from '../fault.ts'
import { missingPath } from './faults.ts'
import type { Mirror } from './mirror.ts'
import type { TreeEntry } from './parse.ts'
import { nearest } from './revision.ts'
import type { Entry, FileContent, ReadLimits, Revision, Snapshot, Target } from './source.ts'

const MIB = 1024 * 1024
const MAX_LINKS = 40
const MAX_LINK_BYTES = 4096
const MAX_ENTRIES = 200_000

/** Where the folders and files of a revision are kept by id: a mirror, or an unpacked archive. */
export type Contents = Pick<Mirror, 'tree' | 'blobs'>

/** All files of one commit of one repository. */
export interface Tree {
  readonly contents: Contents
  readonly commit: string
  /** Id of the root folder. */
  readonly root: string
  /** How its submodules are read; null where they are named, not read. */
  readonly submodules: SubmoduleReader | null
}

/** Reads the repositories that submodules stand for. */
export interface SubmoduleReader {
  /** The files of the submodule at a path of the repository, at the commit that is recorded. */
  open(path: string, commit: string): Promise<Tree>
}

/** A place in the tree: the folders passed on the way, by name and id. */
interface Place {
  readonly kind: TreeEntry['kind']
  readonly id: string
  readonly path: string
  readonly store: Store
}

/** One repository of a snapshot: its own, or that of a submodule. */
class Store {
  readonly tree: Tree
  /** Where it stands in the snapshot. */
  readonly path: string
  readonly #folders = new Map<string, Promise<readonly TreeEntry[]>>()
  readonly #inner = new Map<string, Promise<Store>>()

  constructor(tree: Tree, path: string) {
    this.tree = tree
    this.path = path
  }

  folder(id: string): Promise<readonly TreeEntry[]> {
    return remembered(this.#folders, id, () => this.tree.contents.tree(this.tree.commit, id))
  }

  /** The repository of a submodule; null where they are not read. */
  inner(path: string, commit: string): Promise<Store> | null {
    const { submodules } = this.tree
    if (submodules === null) return null
    const own = this.path === '' ? path : path.slice(this.path.length + 1)
    return remembered(this.#inner, path, async () => new Store(await submodules.open(own, commit), path))
  }
}

/** The files of one commit of a mirror, or of anything that keeps them in the same way. */
export class GitSnapshot implements Snapshot {
  readonly revision: Revision
  readonly #store: Store

  constructor(contents: Contents, revision: Revision, root: string, submodules: SubmoduleReader | null = null) {
    this.revision = revision
    this.#store = new Store({ contents, commit: revision.commit, root, submodules }, '')
  }

  async treeId(path: string): Promise<string> {
    return (await this.#folder(path)).id
  }

  async list(path: string, options: { readonly recurse?: boolean } = {}): Promise<readonly Entry[]> {
    const folder = await this.#folder(path)
    const entries: Entry[] = []
    await this.#collect(folder, cleanPath(path).join('/'), options.recurse === true, entries)
    return entries
  }

  async lookup(path: string): Promise<Target | null> {
    const found = await this.#walk(path)
    if (found.missing !== null || found.place.kind === 'symlink') return null
    return { kind: found.place.kind, realPath: found.place.path, id: found.place.id }
  }

  async read(path: string, limits: ReadLimits = {}): Promise<FileContent> {
    const [file] = await this.readAll([path], limits)
    if (file === undefined) throw new Error('one path gives one file')
    return file
  }

  async readAll(paths: readonly string[], limits: ReadLimits = {}): Promise<readonly FileContent[]> {
    const places = await Promise.all(paths.map((path) => this.#file(path)))
    const files = places.map((place, at) => ({ place, asked: paths[at] ?? place.path }))
    const contents = new Map<Place, Buffer>()
    let read = 0
    for (const store of new Set(places.map((place) => place.store))) {
      const some = files.filter(({ place }) => place.store === store)
      const check = (sizes: readonly number[]) =>
        checkSizes(
          some.map(({ asked }) => asked),
          sizes,
          read,
          limits,
        )
      const ids = some.map(({ place }) => place.id)
      const blobs = await store.tree.contents.blobs(store.tree.commit, ids, check)
      for (const [at, { place }] of some.entries()) contents.set(place, blobs[at] ?? Buffer.alloc(0))
      read += blobs.reduce((sum, { length }) => sum + length, 0)
    }
    return files.map(({ place, asked }) => {
      const bytes = contents.get(place) ?? Buffer.alloc(0)
      if (isPointer(bytes)) throw lfsPointer(asked)
      return { path: asked, realPath: place.path, id: place.id, bytes }
    })
  }

  async #collect(folder: Place, prefix: string, recurse: boolean, into: Entry[]): Promise<void> {
    const sorted = (await folder.store.folder(folder.id)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of sorted) {
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`
      const inner = recurse && entry.kind === 'submodule' ? await openOrName(folder, entry) : null
      const isFolder = inner !== null || (!recurse && isReadable(folder, entry))
      const kind = isFolder ? 'folder' : entry.kind
      into.push({ path, kind, id: entry.id })
      if (into.length > MAX_ENTRIES) throw tooLarge(prefix, `the folder has more than ${MAX_ENTRIES} entries`)
      if (recurse && kind === 'folder')
        await this.#collect(inner ?? (await placeOf(folder, entry)), path, recurse, into)
    }
  }

  async #folder(path: string): Promise<Place> {
    const place = await this.#existing(path)
    if (place.kind === 'folder') return place
    if (place.kind === 'submodule') throw submodule(path, place.path)
    throw missingPath(path, this.#at(), 'it is a file, not a folder', [parentOf(place.path)])
  }

  async #file(path: string): Promise<Place> {
    const place = await this.#existing(path)
    if (place.kind === 'file') return place
    if (place.kind === 'submodule') throw submodule(path, place.path)
    throw missingPath(path, this.#at(), 'it is a folder, not a file', [])
  }

  async #existing(path: string): Promise<Place> {
    const { place, missing } = await this.#walk(path)
    if (missing === null) return place
    const names = (await place.store.folder(place.id)).map(({ name }) => name)
    const shown =
      names.length > 20 ? `${names.slice(0, 20).join(', ')} and ${names.length - 20} more` : names.join(', ')
    const folder = place.path === '' ? 'the root of the repository' : `the folder "${place.path}"`
    const near = nearest(missing, names).map((name) => (place.path === '' ? name : `${place.path}/${name}`))
    throw missingPath(path, this.#at(), `${folder} holds: ${shown === '' ? 'nothing' : shown}`, near)
  }

  /** Follows a path and every symlink in it. `missing` is the name that its last folder does not have, or null. */
  async #walk(path: string): Promise<{ readonly place: Place; readonly missing: string | null }> {
    const todo = [...cleanPath(path)]
    const trail: Place[] = [{ kind: 'folder', id: this.#store.tree.root, path: '', store: this.#store }]
    let links = 0
    for (let name = todo.shift(); name !== undefined; name = todo.shift()) {
      if (name === '..') {
        trail.pop()
        continue
      }
      const here = last(trail, path)
      const place = await this.#child(here, name, path)
      if (place === null) return { place: here, missing: name }
      if (place.kind !== 'symlink') trail.push(place)
      else if (++links > MAX_LINKS) throw badLink(path, 'symlinks lead to each other without end')
      else todo.unshift(...(await this.#target(place)))
    }
    return { place: last(trail, path), missing: null }
  }

  async #child(folder: Place, name: string, path: string): Promise<Place | null> {
    if (folder.kind === 'submodule') throw submodule(path, folder.path)
    if (folder.kind !== 'folder') throw missingPath(path, this.#at(), `"${folder.path}" is a file, not a folder`, [])
    const entry = (await folder.store.folder(folder.id)).find((one) => one.name === name)
    return entry === undefined ? null : placeOf(folder, entry)
  }

  /** The parts of a symlink's target, relative to the folder it is in. */
  async #target(link: Place): Promise<readonly string[]> {
    const check = ([size = 0]: readonly number[]) => {
      if (size > MAX_LINK_BYTES) throw badLink(link.path, `its target has ${size} bytes`)
    }
    const { contents, commit } = link.store.tree
    const [bytes] = await contents.blobs(commit, [link.id], check)
    const target = bytes?.toString('utf8') ?? ''
    if (target.startsWith('/')) throw escapes(link.path)
    return target.split('/').filter((part) => part !== '' && part !== '.')
  }

  #at(): string {
    const { commit, ref } = this.revision
    return ref === null ? commit.slice(0, 12) : `${ref} (${commit.slice(0, 12)})`
  }
}

/** What stands in a folder under a name; a submodule that is read is the root folder of its repository. */
async function placeOf(folder: Place, { kind, id, name }: TreeEntry): Promise<Place> {
  const path = folder.path === '' ? name : `${folder.path}/${name}`
  const inner = kind === 'submodule' ? await folder.store.inner(path, id) : null
  return inner === null
    ? { kind, id, path, store: folder.store }
    : { kind: 'folder', id: inner.tree.root, path, store: inner }
}

function isReadable({ store }: Place, { kind }: TreeEntry): boolean {
  return kind === 'submodule' && store.tree.submodules !== null
}

/** A submodule's root folder; null where it cannot be read: a list names it, and whoever needs it gets the fault. */
async function openOrName(folder: Place, entry: TreeEntry): Promise<Place | null> {
  if (!isReadable(folder, entry)) return null
  try {
    return await placeOf(folder, entry)
  } catch (error) {
    if (isFault(error) && error.fault.kind !== 'cancelled') return null
    throw error
  }
}

/** A value that is made once; a failure is not remembered, so that the next caller may find things mended. */
function remembered<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const old = known.get(key)
  if (old !== undefined) return old
  const made = make()
  known.set(key, made)
  made.catch(() => known.delete(key))
  return made
}

/** `read` bytes were read before. */
function checkSizes(paths: readonly string[], sizes: readonly number[], read: number, limits: ReadLimits): void {
  const { fileBytes = 10 * MIB, totalBytes = 100 * MIB } = limits
  let total = read
  for (const [index, size] of sizes.entries()) {
    const path = paths[index] ?? ''
    total += size
    if (size > fileBytes) throw tooLarge(path, `the file has ${size} bytes, ${fileBytes} are allowed`)
    if (total > totalBytes) throw tooLarge(path, `the files together have more than ${totalBytes} bytes`)
  }
}

function last(trail: readonly Place[], path: string): Place {
  const place = trail.at(-1)
  if (place === undefined) throw escapes(path)
  return place
}

/** The parts of a path. `..` may stay inside the repository only. */
function cleanPath(path: string): readonly string[] {
  if (path.startsWith('/') || path.includes('\0')) {
    throw new FaultError({
      kind: 'invalid-input',
      what: 'a path must be relative to the root of the repository',
      where: `path: ${path.replaceAll('\0', '?')}`,
      fix: ['leave out the leading slash'],
    })
  }
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) throw escapes(path)
  }
  return parts
}

function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'
}

function escapes(path: string): FaultError {
  return badLink(path, 'it leads out of the repository')
}

function badLink(path: string, why: string): FaultError {
  return new FaultError({
    kind: 'invalid-input',
    what: `the path "${path}" cannot be followed`,
    where: path,
    why,
    fix: ['put the file into the repository, or leave the link out (directory.exclude)'],
  })
}

function submodule(path: string, at: string): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: 'files of Git submodules are not read here',
    where: path,
    why: `"${at}" is a submodule: another repository, and reading those is switched off`,
    fix: ['use the other repository as a source of its own', 'or copy its files into this repository'],
  })
}

function tooLarge(path: string, why: string): FaultError {
  return new FaultError({
    kind: 'too-large',
    what: 'the source is too large',
    where: path,
    why,
    fix: ['leave out files that are no manifests (directory.exclude)', 'or split the application'],
  })
}

/** A Git LFS pointer: a short text that stands for content which is not in Git. */
function isPointer(bytes: Uint8Array): boolean {
  if (bytes.length > 1024) return false
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return /^version https?:\/\/[^\s]*(?:git-lfs|hawser)[^\s]*\r?\n(?:[a-z0-9.-]+ .*\r?\n)*oid [a-z0-9]+:[0-9a-f]+/.test(
    text,
  )
}

function lfsPointer(path: string): FaultError {
  return new FaultError({
    kind: 'unsupported',
    what: 'the file is a Git LFS pointer, which is never deployed',
    where: path,
    why: 'its content is not in Git, and Git LFS cannot be read yet',
    fix: ['keep manifests in Git itself: git lfs untrack, then commit the file'],
  })
}
