// Checks the architecture by machine: `npm run architecture`. Exit code 1 names each breach with file, line and remedy.
import { fileURLToPath } from 'node:url'
import { checkCycles } from './cycles.ts'
import { checkImports } from './imports.ts'
import { checkPurity } from './purity.ts'
import { registryHosts } from './registry-hosts.ts'
import { checkStyle } from './style.ts'
import type { Tree } from './tree.ts'
import { readTree, sources } from './tree.ts'
import type { Violation } from './violation.ts'
import { formatViolation, inOrder } from './violation.ts'
import { checkWrites } from './writes.ts'

/** All rules over one tree, in order of file and line. */
export function checkAll(tree: Tree, env: Readonly<Record<string, string | undefined>>): readonly Violation[] {
  return inOrder([
    ...checkImports(tree),
    ...checkCycles(tree),
    ...checkPurity(tree),
    ...checkWrites(tree),
    ...checkStyle(tree, { registryHosts: registryHosts(env) }),
  ])
}

function main(): void {
  const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))
  const tree = readTree(root)
  const violations = checkAll(tree, process.env)
  for (const violation of violations) console.error(formatViolation(violation))
  const files = `${sources(tree).length} source files`
  if (violations.length === 0) {
    console.log(`architecture: ${files}, every rule holds`)
    return
  }
  console.error(`architecture: ${files}, ${violations.length} broken rules`)
  process.exitCode = 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
