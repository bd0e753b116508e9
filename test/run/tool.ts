// For tests that need a real program (helm, kustomize, jsonnet, kubectl, …): skipped, with a reason, where it is not there.

import { describe, inject } from 'vitest'
import { noteUse } from './usage.ts'

/** A program that is on this machine, or why it is not. */
export type ProvidedTool =
  | { readonly path: string; readonly version: string | null; readonly source: string }
  | { readonly missing: string }

/** What the run found of a tool that `npm run tools` knows. */
export function providedTool(name: string): ProvidedTool {
  return inject('tools')[name] ?? { missing: `there is no tool named ${name}` }
}

/** A `describe` for tests that run a real program; `path` is where it is. */
export function describeTool(tool: string, title: string, body: (path: string) => void): void {
  const provided = providedTool(tool)
  if ('missing' in provided) {
    describe.skipIf(true)(`${title} (skipped: ${provided.missing})`, () => body(tool))
    return
  }
  describe(title, () => {
    noteUse([tool])
    body(provided.path)
  })
}
