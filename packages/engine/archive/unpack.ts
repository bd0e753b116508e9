// Unpacks an archive into memory: plain files and links with tidy relative names, nothing else, and no more than allowed.
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Parser, type ReadEntry } from 'tar'
import { FaultError } from '../fault.ts'

/** One member of an archive. Folders are not among them: their files say that they are there. */
export interface Member {
  /** From the archive's root, without `./`. */
  readonly path: string
  readonly kind: 'file' | 'symlink'
  /** The file's bytes, or the text of the link. */
  readonly bytes: Buffer
}

/** Bounds of one archive. */
export interface UnpackLimits {
  /** Bytes of the archive once it is no longer compressed. Argo CD allows 1G by default. */
  readonly totalBytes: number
  readonly members: number
}

/** Charts and manifests are small; whatever is larger is a mistake or an attack. */
export const UNPACK_LIMITS: UnpackLimits = { totalBytes: 200_000_000, members: 20_000 }

const MAX_PATH = 1024
const zipped = promisify(gunzip)
/** How gzip and zstd begin: the parser of archives would go on to unpack these, without a limit. */
const COMPRESSED = [Buffer.from([0x1f, 0x8b]), Buffer.from([0x28, 0xb5, 0x2f, 0xfd])]

/**
 * The files of a `.tar` or `.tar.gz`, in the archive's order; of two members of one name the later one counts.
 * @throws FaultError `too-large`, and `source-unreadable` where it is no archive, is cut off, or has a member that leads
 *   out of it
 */
export async function unpack(
  archive: Uint8Array,
  form: 'tar' | 'tar.gz',
  where: string,
  limits: UnpackLimits = UNPACK_LIMITS,
): Promise<readonly Member[]> {
  const tar = form === 'tar' ? Buffer.from(archive) : await inflated(archive, where, limits.totalBytes)
  if (tar.length > limits.totalBytes) throw tooLarge(where, `it has more than ${limits.totalBytes} bytes`)
  if (COMPRESSED.some((mark) => tar.subarray(0, mark.length).equals(mark))) {
    throw unreadable(where, 'it is compressed once more than it should be', null)
  }
  const members = new Map<string, Member>()
  for (const { entry, bytes } of entriesOf(tar, where)) {
    const member = memberOf(entry, bytes, where)
    if (member === null) continue
    members.set(member.path, member)
    if (members.size > limits.members) throw tooLarge(where, `it has more than ${limits.members} files`)
  }
  return [...members.values()]
}

async function inflated(archive: Uint8Array, where: string, maxBytes: number): Promise<Buffer> {
  try {
    return await zipped(archive, { maxOutputLength: maxBytes })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(where, `it has more than ${maxBytes} bytes`)
    throw unreadable(where, 'it is not compressed with gzip, or it is cut off', error)
  }
}

interface Read {
  readonly entry: ReadEntry
  readonly bytes: Buffer
}

/** The parser gives what it has at once while it is fed, so when it has eaten everything there is no more to come. */
function entriesOf(tar: Buffer, where: string): readonly Read[] {
  const read: { entry: ReadEntry; chunks: Buffer[] }[] = []
  const problems: unknown[] = []
  let ended = false
  const parser = new Parser({ strict: true, brotli: false, zstd: false })
  parser.on('error', (error: unknown) => problems.push(error))
  parser.on('end', () => {
    ended = true
  })
  parser.on('entry', (entry: ReadEntry) => {
    const chunks: Buffer[] = []
    read.push({ entry, chunks })
    entry.on('data', (chunk) => chunks.push(chunk))
  })
  parser.end(tar)
  if (problems.length > 0) throw unreadable(where, 'it is no tar archive, or it is cut off', problems[0])
  if (!ended) throw unreadable(where, 'it is cut off', null)
  return read.map(({ entry, chunks }) => ({ entry, bytes: Buffer.concat(chunks) }))
}

function memberOf(entry: ReadEntry, bytes: Buffer, where: string): Member | null {
  switch (entry.type) {
    case 'File':
    case 'OldFile':
    case 'ContiguousFile':
      return { path: tidyPath(entry.path, where), kind: 'file', bytes }
    case 'SymbolicLink':
      return { path: tidyPath(entry.path, where), kind: 'symlink', bytes: Buffer.from(entry.linkpath ?? '') }
    case 'Directory':
    case 'GNUDumpDir':
      return null
    default:
      throw unreadable(where, `"${shown(entry.path)}" is neither a file nor a folder (${entry.type})`, null)
  }
}

/** A name as a path below the root. A name that leads out of the archive is never meant well. */
function tidyPath(path: string, where: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  const isBad = path.startsWith('/') || path.includes('\0') || path.includes('\\') || parts.includes('..')
  if (isBad || parts.length === 0 || path.length > MAX_PATH) {
    throw unreadable(where, `the name "${shown(path)}" does not stay inside the archive`, null)
  }
  return parts.join('/')
}

function shown(name: string): string {
  return name.slice(0, 100).replaceAll(/\p{Cc}/gu, '?')
}

function tooLarge(where: string, why: string): FaultError {
  return new FaultError({
    kind: 'too-large',
    what: 'the archive is too large',
    where,
    why,
    fix: ['use a smaller chart or artifact'],
  })
}

function unreadable(where: string, why: string, cause: unknown): FaultError {
  return new FaultError(
    {
      kind: 'source-unreadable',
      what: 'the archive cannot be unpacked',
      where,
      why,
      fix: ['publish it again: helm package, or oras push'],
    },
    { cause },
  )
}
