// The real programs behind the tests: which of them this run used, and which not and why.

import { execFile } from 'node:child_process'
import { findSshd } from '../../packages/engine/source/testing/sshd.ts'
import { processContext } from '../../packages/engine/tools/context.ts'
import { findTool } from '../../packages/engine/tools/find.ts'
import { recipes } from '../../packages/engine/tools/recipe.ts'
import { recipesFolder } from '../cluster/programs.ts'

/** One real program and what became of it in a run. */
export interface Counterpart {
  readonly name: string
  readonly purpose: string
  /** Version and place, or why it is not there. */
  readonly state: string
  readonly there: boolean
}

/** Looks for every counterpart; makes none. */
export async function findCounterparts(): Promise<readonly Counterpart[]> {
  const context = processContext(recipesFolder)
  const tools = await Promise.all(
    recipes.map(async (recipe): Promise<Counterpart> => {
      const { name, purpose } = recipe
      const found = await findTool(recipe, context)
      if (found.kind === 'missing') return { name, purpose, there: false, state: found.looked.join('; ') }
      return { name, purpose, there: true, state: `${found.version ?? 'unknown version'} from ${found.source}` }
    }),
  )
  return [await findGit(), findOpenSsh(), ...tools]
}

function findGit(): Promise<Counterpart> {
  return new Promise((resolve) => {
    execFile('git', ['--version'], (error, stdout) => {
      const version = /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0]
      const there = error === null && version !== undefined
      const state = there ? `${version} from path` : 'no git on PATH'
      resolve({ name: 'git', purpose: 'reads and serves repositories', there, state })
    })
  })
}

function findOpenSsh(): Counterpart {
  const found = findSshd()
  const there = 'path' in found
  const state = there ? `from ${found.path}` : `${found.missing}; a server in process takes its place`
  return { name: 'sshd', purpose: 'serves repositories over SSH', there, state }
}

/** What says which counterparts were used: what tests noted, and the test files that ran. */
export interface Evidence {
  readonly noted: ReadonlySet<string>
  /** Paths of test files with at least one test that ran, relative to the repository. */
  readonly ranFiles: readonly string[]
}

/** One line for each counterpart. */
export function counterpartLine(one: Counterpart, evidence: Evidence): string {
  const used = isUsed(one.name, evidence)
  const word = !one.there ? 'not used' : used ? 'used' : 'there, not needed by these tests'
  return `${one.name.padEnd(24)}${word}: ${one.state}`
}

function isUsed(name: string, evidence: Evidence): boolean {
  // Every test of these folders runs git, and notes nothing.
  const withGit = ['packages/engine/source/', 'test/scenarios/']
  if (name === 'git') return withGit.some((folder) => evidence.ranFiles.some((file) => file.startsWith(folder)))
  return evidence.noted.has(name)
}
