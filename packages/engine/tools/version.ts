// Asks a program for its version.

import { execFile } from 'node:child_process'
import type { ToolRecipe } from './recipe.ts'

/** A program that hangs when asked for its version is no use; the slowest real one answers within a second. */
const patienceMs = 15_000

/** The version a program reports, or why it reports none. */
export type Reported =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'none'; readonly why: string }

/** Runs the program once and reads the version from what it prints (some print it on standard error). */
export function reportedVersion(path: string, recipe: ToolRecipe): Promise<Reported> {
  return new Promise((resolve) => {
    const options = { timeout: patienceMs, maxBuffer: 1 << 20, killSignal: 'SIGKILL' as const }
    execFile(path, [...recipe.versionArgs], options, (error, stdout, stderr) => {
      const version = recipe.versionPattern.exec(`${stdout}\n${stderr}`)?.[1]
      if (version !== undefined && error === null) resolve({ kind: 'version', version })
      else if (error?.killed === true) resolve({ kind: 'none', why: `gave no answer within ${patienceMs / 1000} s` })
      else if (error !== null)
        resolve({ kind: 'none', why: `cannot be run (${error.code ?? error.signal ?? 'failed'})` })
      else resolve({ kind: 'none', why: 'prints no version that we know how to read' })
    })
  })
}
