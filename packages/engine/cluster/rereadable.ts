// A file whose content may be replaced while the process runs: rotating tokens, renewed certificates.
import { readFile, stat } from 'node:fs/promises'
import { FaultError } from '../fault.ts'
import type { Clock } from '../ports.ts'

/** Longest time for which the content is used without reading it again. */
const rereadMs = 60_000
/** Shortest time between two looks at the file's attributes. */
const lookMs = 1_000
/** Larger files hold no token and no certificate. */
const maxBytes = 1024 * 1024

/** The current content of a file. */
export interface Rereadable {
  /**
   * The content; the same string as long as the file did not change.
   * @throws FaultError `source-unreadable` when the file could never be read, or was refused and cannot be read again
   */
  current(): Promise<string>
  /** Reads the file now, whatever its attributes say. True when the content is another one than before. */
  reread(): Promise<boolean>
}

interface Content {
  readonly text: string
  readonly mark: string
  readonly readAt: number
  readonly lookedAt: number
}

/**
 * Follows a file. It is read again when its attributes changed and every minute at the latest. When that fails the last
 * content stays in use (a mount may be absent for a moment) until the server refuses it.
 *
 * @param where file and field that name it, for the fault
 */
export function rereadable(path: string, where: string, clock: Clock): Rereadable {
  let content: Content | null = null

  const read = async (): Promise<Content> => {
    const now = clock.now()
    try {
      const { mtimeMs, ino, size } = await stat(path)
      const mark = `${mtimeMs} ${ino} ${size}`
      if (content !== null && content.mark === mark && now - content.readAt < rereadMs)
        return { ...content, lookedAt: now }
      if (size > maxBytes) throw new FaultError({ kind: 'too-large', what: 'a credential file is too large', where })
      return { text: await readFile(path, 'utf8'), mark, readAt: now, lookedAt: now }
    } catch (error) {
      if (error instanceof FaultError) throw error
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
      throw new FaultError(
        { kind: 'source-unreadable', what: 'cannot read a credential file', where, why: `${path}: ${code}` },
        { cause: error },
      )
    }
  }

  return {
    current: async () => {
      if (content !== null && clock.now() - content.lookedAt < lookMs) return content.text
      try {
        content = await read()
      } catch (error) {
        if (content === null) throw error
        content = { ...content, lookedAt: clock.now() }
      }
      return content.text
    },
    reread: async () => {
      const before = content?.text
      content = null
      content = await read()
      return content.text !== before
    },
  }
}
