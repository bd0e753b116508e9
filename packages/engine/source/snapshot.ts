// The files of one commit, read without a checkout. Nothing outside of the commit can be reached.
import { FaultError } from '../fault.ts'
import { missingPath } from './faults.ts'
import type { Mirror } from './mirror.ts'
import type { TreeEntry } from './parse.ts'
import { nearest } from './revision.ts'
import type { Entry, FileContent, ReadLimits, Revision, Snapshot, Target } from './source.ts'

const MIB = 1024 * 1024
const MAX_LINKS = 40
const MAX_LINK_BYTES = 4096
const MAX_ENTRIES = 200_000

/** A place in the tree: the folders passed on the way, by name and id. */
interface Place {
  readonly kind: TreeEntry['kind']
  readonly id: string
  readonly path: string
}

/** Where the folders and files of a revision are kept by id: a mirror, or an unpacked archive. */
export type Contents = Pick<Mirror, 'tree' | 'blobs'>

/** The files of one commit of a mirror, or of anything that keeps them in the same way. */
export class GitSnapshot implements Snapshot {
  readonly revision: Revision
  readonly #mirror: Contents
  readonly #root: string
  readonly #trees = new Map<string, Promise<readonly TreeEntry[]>>()

  constructor(mirror: Contents, revision: Revision, rootTree: string) {
    this.#mirror = mirror
    this.revision = revision
    this.#root = rootTree
  }

  async treeId(path: string): Promise<string> {
    return (await this.#folder(path)).id
  }

  async list(path: string, options: { readonly recurse?: boolean } = {}): Promise<readonly Entry[]> {
    const folder = await this.#folder(path)
    const entries: Entry[] = []
    await this.#collect(folder.id, cleanPath(path).join('/'), options.recurse === true, entries)
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
    const fileBytes = limits.fileBytes ?? 10 * MIB
    const totalBytes = limits.totalBytes ?? 100 * MIB
    const check = (sizes: readonly number[]) => {
      let total = 0
      for (const [index, size] of sizes.entries()) {
        const path = paths[index] ?? ''
        total += size
        if (size > fileBytes) throw tooLarge(path, `the file has ${size} bytes, ${fileBytes} are allowed`)
        if (total > totalBytes) throw tooLarge(path, `the files together have more than ${totalBytes} bytes`)
      }
    }
    const ids = places.map(({ id }) => id)
    const contents = await this.#mirror.blobs(this.revision.commit, ids, check)
    return contents.map((bytes, index) => {
      const path = paths[index] ?? ''
      const { path: realPath = path, id = '' } = places[index] ?? {}
      if (isPointer(bytes)) throw lfsPointer(path)
      return { path, realPath, id, bytes }
    })
  }

  async #collect(tree: string, prefix: string, recurse: boolean, into: Entry[]): Promise<void> {
    const sorted = (await this.#tree(tree)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    for (const { name, kind, id } of sorted) {
      const path = prefix === '' ? name : `${prefix}/${name}`
      into.push({ path, kind, id })
      if (into.length > MAX_ENTRIES) throw tooLarge(prefix, `the folder has more than ${MAX_ENTRIES} entries`)
      if (recurse && kind === 'folder') await this.#collect(id, path, recurse, into)
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
    const names = (await this.#tree(place.id)).map(({ name }) => name)
    const shown =
      names.length > 20 ? `${names.slice(0, 20).join(', ')} and ${names.length - 20} more` : names.join(', ')
    const folder = place.path === '' ? 'the root of the repository' : `the folder "${place.path}"`
    const near = nearest(missing, names).map((name) => (place.path === '' ? name : `${place.path}/${name}`))
    throw missingPath(path, this.#at(), `${folder} holds: ${shown === '' ? 'nothing' : shown}`, near)
  }

  /** Follows a path and every symlink in it. `missing` is the name that its last folder does not have, or null. */
  async #walk(path: string): Promise<{ readonly place: Place; readonly missing: string | null }> {
    const todo = [...cleanPath(path)]
    const trail: Place[] = [{ kind: 'folder', id: this.#root, path: '' }]
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
    const entry = (await this.#tree(folder.id)).find((one) => one.name === name)
    if (entry === undefined) return null
    return { kind: entry.kind, id: entry.id, path: folder.path === '' ? name : `${folder.path}/${name}` }
  }

  /** The parts of a symlink's target, relative to the folder it is in. */
  async #target(link: Place): Promise<readonly string[]> {
    const check = ([size = 0]: readonly number[]) => {
      if (size > MAX_LINK_BYTES) throw badLink(link.path, `its target has ${size} bytes`)
    }
    const [bytes] = await this.#mirror.blobs(this.revision.commit, [link.id], check)
    const target = bytes?.toString('utf8') ?? ''
    if (target.startsWith('/')) throw escapes(link.path)
    return target.split('/').filter((part) => part !== '' && part !== '.')
  }

  #tree(id: string): Promise<readonly TreeEntry[]> {
    const known = this.#trees.get(id)
    if (known !== undefined) return known
    const read = this.#mirror.tree(this.revision.commit, id)
    this.#trees.set(id, read)
    // A failed read is not remembered: the next caller may find a mended copy.
    read.catch(() => this.#trees.delete(id))
    return read
  }

  #at(): string {
    const { commit, ref } = this.revision
    return ref === null ? commit.slice(0, 12) : `${ref} (${commit.slice(0, 12)})`
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
    what: 'files of Git submodules cannot be read yet',
    where: path,
    why: `"${at}" is a submodule: another repository`,
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
