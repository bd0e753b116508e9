// The key of the records: 32 random bytes in a file of its own, readable by its owner alone.
import { randomBytes, randomUUID } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { recordFault } from './fault.ts'

/** Name of the key file in the folder of the records. */
export const KEY_FILE = 'records.key'

const KEY_BYTES = 32

/**
 * The key of a folder; made on first use.
 *
 * @param sealedRows how many records are encrypted: with a missing key they would be lost by making a new one
 * @throws FaultError `record-failed` where the file is missing though needed, readable by others, a link or malformed
 */
export function openKey(folder: string, sealedRows: () => number): Buffer {
  const file = join(folder, KEY_FILE)
  const found = readKey(file)
  if (found !== null) return found
  const rows = sealedRows()
  if (rows > 0) {
    throw recordFault(file, {
      what: 'the key of the records is missing',
      why: `${rows} records are encrypted with it`,
      fix: [
        `Put ${KEY_FILE} back from where you keep a copy (mode 0600).`,
        'Without it the trash cannot be read. To begin anew, move the whole folder aside.',
      ],
    })
  }
  makeKey(folder, file)
  const made = readKey(file)
  if (made === null) throw recordFault(file, { what: 'the key of the records vanished', fix: ['Try again.'] })
  return made
}

/** Null where there is no such file. */
function readKey(file: string): Buffer | null {
  const descriptor = openIfThere(file)
  if (descriptor === null) return null
  try {
    const stat = fstatSync(descriptor)
    if (!stat.isFile()) throw recordFault(file, { what: 'the key of the records is not a file', fix: ['Remove it.'] })
    // Windows has no such modes; there the folder's own access list protects the file.
    if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) throw tooOpen(file, stat.mode)
    const text = readFileSync(descriptor, 'utf8')
    if (/^[0-9a-f]{64}\n?$/.test(text)) return Buffer.from(text.trim(), 'hex')
    throw recordFault(file, {
      what: 'the key of the records is malformed',
      why: `it must be one line of ${KEY_BYTES * 2} hex digits`,
      fix: ['Put the file back from where you keep a copy (mode 0600).'],
    })
  } finally {
    closeSync(descriptor)
  }
}

function openIfThere(file: string): number | null {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOENT') return null
    const why = code === 'ELOOP' ? 'it is a link' : `the system answered ${String(code)}`
    throw recordFault(
      file,
      { what: 'cannot read the key of the records', why, fix: ['Make it a plain file of your user, mode 0600.'] },
      error,
    )
  }
}

function tooOpen(file: string, mode: number): ReturnType<typeof recordFault> {
  return recordFault(file, {
    what: 'others can read the key of the records',
    why: `its mode is 0${(mode & 0o777).toString(8)}`,
    fix: [`chmod 600 ${file}`, 'Who could read it could read the trash: if that matters, begin a new folder.'],
  })
}

/** Made beside its place and linked there, so that it appears whole; of two processes, one wins and both read its key. */
function makeKey(folder: string, file: string): void {
  const draft = join(folder, `${KEY_FILE}.${randomUUID()}`)
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    writeSync(descriptor, `${randomBytes(KEY_BYTES).toString('hex')}\n`)
    fsyncSync(descriptor)
    linkSync(draft, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    closeSync(descriptor)
    unlinkSync(draft)
  }
}
