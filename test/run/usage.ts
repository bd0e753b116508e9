// Notes which real counterparts a run of the tests really used, so that the run can say so truthfully.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Environment variable with the folder that holds one empty file for each counterpart used. */
export const usageVariable = 'MAINSTAY_TEST_USAGE'

/** Notes that these were used. Outside of a run (no variable) there is nobody to tell. */
export function noteUse(names: readonly string[]): void {
  const folder = process.env[usageVariable]
  if (folder === undefined) return
  mkdirSync(folder, { recursive: true })
  for (const name of names) writeFileSync(join(folder, name), '')
}

/** What was noted in a folder. */
export function notedUses(folder: string): ReadonlySet<string> {
  return new Set(readdirSync(folder))
}
