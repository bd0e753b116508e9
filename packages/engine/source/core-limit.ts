// Lets a program that is given a secret leave no image of its memory behind, where the system has a program for that.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

let found: string | null | undefined

/** What to put before a program: `prlimit --core=0` (Linux, util-linux); null where it is not on the PATH. */
export function withoutCore(): { readonly program: string; readonly args: readonly string[] } | null {
  found ??= (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, 'prlimit'))
    .find(isProgram)
  found ??= null
  return found === null ? null : { program: found, args: ['--core=0:0'] }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us: both mean that it cannot be used.
    return false
  }
}
