// Makes the private folder of a tree all that a tool sees: with the programs it needs, under the paths they have outside.
import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Jail } from './isolation.ts'

/** What is wanted of a jail. */
export interface JailWish {
  /** The private folder that becomes the root. Its own path leads to itself in there, so that all paths go on being right. */
  readonly folder: string
  /** Folder below it to begin in. */
  readonly workFolder: string
  /** Absolute paths of the programs that are run in it. */
  readonly programs: readonly string[]
}

/** Builds a jail; null where a program needs other files of the machine (it is not linked statically). */
export async function buildJail({ folder, workFolder, programs }: JailWish): Promise<Jail | null> {
  for (const program of programs) if (!(await isStatic(program))) return null
  await mkdir(join(folder, dirname(folder)), { recursive: true })
  await unlessThere(symlink('/', join(folder, folder)))
  await mkdir(join(folder, 'dev'), { recursive: true })
  // Go programs give it to what they start; that it is a file here makes no difference to who reads nothing from it.
  await unlessThere(writeFile(join(folder, 'dev/null'), '', { flag: 'wx' }))
  for (const program of programs) await place(program, folder)
  return { folder, workFolder: `/${relative(folder, workFolder)}` }
}

/** A link where it can be one: programs are large. */
async function place(program: string, folder: string): Promise<void> {
  if (program.startsWith(`${folder}/`)) return
  const inside = join(folder, program)
  await mkdir(dirname(inside), { recursive: true })
  try {
    await unlessThere(link(program, inside))
  } catch {
    // Another disk, or somebody else's file.
    await unlessThere(copyFile(program, inside, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE))
  }
}

async function unlessThere(made: Promise<void>): Promise<void> {
  try {
    await made
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

/** Offsets in the header of a 64-bit ELF file, in its own words: where the program headers are, how large, how many. */
const ELF = { class: 4, data: 5, offset: 32, size: 54, count: 56, headerBytes: 64 } as const
const INTERPRETER = 3

/** Whether a file is a program that needs no loader and so no libraries: ELF, 64 bits, little endian, without PT_INTERP. */
export async function isStatic(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const header = Buffer.alloc(ELF.headerBytes)
    await file.read(header, 0, ELF.headerBytes, 0)
    if (header.toString('latin1', 0, 4) !== '\x7fELF' || header[ELF.class] !== 2 || header[ELF.data] !== 1) return false
    const size = header.readUInt16LE(ELF.size)
    const all = Buffer.alloc(size * header.readUInt16LE(ELF.count))
    await file.read(all, 0, all.length, Number(header.readBigUInt64LE(ELF.offset)))
    for (let at = 0; at < all.length; at += size) if (all.readUInt32LE(at) === INTERPRETER) return false
    return true
  } finally {
    await file.close()
  }
}
