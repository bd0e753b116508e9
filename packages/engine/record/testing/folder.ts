// A fresh folder of records for each test, gone after it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder name that does not exist yet, in a folder that `remove` takes away. */
export async function recordFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), 'records-'))
  return { folder: join(parent, 'home'), remove: () => rm(parent, { recursive: true, force: true }) }
}
