// Whether files and folders of the cache are there.
import { access } from 'node:fs/promises'

/** Whether a path is there. What cannot be looked at counts as there: Git will say what is wrong with it. */
export async function presence(path: string): Promise<'present' | 'missing'> {
  try {
    await access(path)
    return 'present'
  } catch (error) {
    return isMissing(error) ? 'missing' : 'present'
  }
}

/** For a `catch`: what is not there is no failure. */
export function ignoreMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined
  throw error
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
