// Decodes what Git writes: commits, trees, tags, and the list of a remote's refs.

import { MirrorDamage } from './objects.ts'
import type { Commit, Entry } from './source.ts'

/** One name in a tree. */
export interface TreeEntry {
  readonly name: string
  readonly kind: Entry['kind']
  readonly id: string
}

/** A ref of a remote. */
export interface RemoteRef {
  /** `refs/heads/main`, `HEAD`. */
  readonly name: string
  /** For an annotated tag: what it stands for in the end. */
  readonly id: string
  /** The ref that a symbolic one (`HEAD`) names; null for others. */
  readonly target: string | null
}

/** A commit object as a value; `tree` is the id of its root folder. */
export function parseCommit(id: string, bytes: Buffer): { readonly commit: Commit; readonly tree: string } {
  const { headers, body } = splitHeaders(bytes)
  const tree = headers.get('tree')?.toString('latin1')
  const author = headers.get('author')
  const committer = headers.get('committer')
  if (tree === undefined || author === undefined || committer === undefined) {
    throw new MirrorDamage(`commit ${id} has no tree, author or committer`)
  }
  const decode = decoder(headers.get('encoding')?.toString('latin1') ?? 'utf-8')
  const subject = decode(body).trimStart().split('\n', 1)[0]?.trim() ?? ''
  const who = /^(.*>)(?: |$)/.exec(decode(author))?.[1] ?? decode(author)
  const seconds = Number(/ (\d+) [-+]\d{4}$/.exec(committer.toString('latin1'))?.[1] ?? 0)
  const at = new Date(Math.min(seconds, 253_402_300_799) * 1000).toISOString().replace('.000Z', 'Z')
  return { commit: { commit: id, subject, author: who, committedAt: at }, tree }
}

/** Renames as `diff-tree -z --name-status` prints them: a letter with a score, the old path, the new one. */
export function parseRenames(bytes: Buffer): ReadonlyMap<string, string> {
  const words = bytes.toString('utf8').split('\0')
  const renames = new Map<string, string>()
  for (let at = 0; at + 2 < words.length; at += 3) {
    const [, from, to] = words.slice(at, at + 3)
    if (from !== undefined && to !== undefined) renames.set(from, to)
  }
  return renames
}

/** The object that an annotated tag names. */
export function parseTag(id: string, bytes: Buffer): string {
  const target = splitHeaders(bytes).headers.get('object')?.toString('latin1')
  if (target === undefined) throw new MirrorDamage(`tag ${id} names no object`)
  return target
}

/** The first of each header of a commit or tag, and the message. */
function splitHeaders(bytes: Buffer): { headers: ReadonlyMap<string, Buffer>; body: Buffer } {
  const headers = new Map<string, Buffer>()
  let at = 0
  for (;;) {
    const end = bytes.indexOf(10, at)
    if (end < 0 || end === at) return { headers, body: bytes.subarray(end < 0 ? bytes.length : end + 1) }
    const line = bytes.subarray(at, end)
    const space = line.indexOf(32)
    const name = line.toString('latin1', 0, Math.max(space, 0))
    if (space > 0 && !headers.has(name)) headers.set(name, line.subarray(space + 1))
    at = end + 1
  }
}

function decoder(encoding: string): (bytes: Buffer) => string {
  try {
    const decode = new TextDecoder(encoding)
    return (bytes) => decode.decode(bytes)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // A name of an encoding that nobody knows: show the ASCII part of the message.
    return (bytes) => bytes.toString('latin1')
  }
}

/** The entries of a tree object, in Git's order. */
export function parseTree(id: string, bytes: Buffer): readonly TreeEntry[] {
  const idBytes = id.length / 2
  const entries: TreeEntry[] = []
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at)
    const zero = bytes.indexOf(0, space)
    const end = zero + 1 + idBytes
    if (space < 0 || zero < 0 || end > bytes.length) throw new MirrorDamage(`tree ${id} ends too early`)
    entries.push({
      name: bytes.toString('utf8', space + 1, zero),
      kind: kindOf(bytes.toString('latin1', at, space)),
      id: bytes.toString('hex', zero + 1, end),
    })
    at = end
  }
  return entries
}

function kindOf(mode: string): TreeEntry['kind'] {
  switch (Number.parseInt(mode, 8) & 0o170000) {
    case 0o040000:
      return 'folder'
    case 0o120000:
      return 'symlink'
    case 0o160000:
      return 'submodule'
    default:
      return 'file'
  }
}

/** The output of `git ls-remote --symref`. A peeled entry (`^{}`) replaces the annotated tag it belongs to. */
export function parseRemoteRefs(output: string): readonly RemoteRef[] {
  const refs = new Map<string, RemoteRef>()
  const targets = new Map<string, string>()
  for (const line of output.split('\n')) {
    const [left = '', right] = line.split('\t')
    if (right === undefined) continue
    if (left.startsWith('ref: ')) targets.set(right, left.slice('ref: '.length))
    else if (/^[0-9a-f]+$/.test(left)) {
      const name = right.endsWith('^{}') ? right.slice(0, -'^{}'.length) : right
      refs.set(name, { name, id: left, target: targets.get(name) ?? null })
    }
  }
  return [...refs.values()]
}
