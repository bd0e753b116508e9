// Reads a small file that a flag names: a key, a certificate, host keys.
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { FaultError } from '@mainstay/engine/fault.ts'
import type { Call } from '../command.ts'

/** Larger than any key, certificate or list of hosts. */
export const MAX_INPUT_BYTES = 1024 * 1024

/** The file behind `--flag FILE` as text; null where the flag was not given. Its content is never part of an error. */
export async function fileOf(call: Call, flag: string): Promise<string | null> {
  const name = call.text(flag)
  if (name === null) return null
  const file = resolve(call.io.cwd, name)
  try {
    const handle = await open(file)
    try {
      const stat = await handle.stat()
      if (!stat.isFile()) throw unreadable(file, flag, 'it is not a file')
      if (stat.size > MAX_INPUT_BYTES) throw unreadable(file, flag, `it is larger than ${MAX_INPUT_BYTES} bytes`)
      return await handle.readFile('utf8')
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof FaultError || !(error instanceof Error) || !('code' in error)) throw error
    throw unreadable(file, flag, error.code === 'ENOENT' ? 'there is no such file' : String(error.code))
  }
}

function unreadable(file: string, flag: string, why: string): FaultError {
  return new FaultError({
    kind: 'invalid-input',
    what: 'cannot read the file',
    where: `--${flag} ${file}`,
    why,
    fix: ['name a file that your user can read'],
  })
}
