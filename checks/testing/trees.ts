// Small repositories as values, for the tests of the checks.
import type { Tree } from '../tree.ts'
import type { Violation } from '../violation.ts'

/** package.json files that fit the import table, and the given files on top. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const core = { name: '@mainstay/core' }
  const engine = { name: '@mainstay/engine', dependencies: { '@mainstay/core': '0.1.0', undici: '8.12.4' } }
  const cli = { name: '@mainstay/cli', dependencies: { '@mainstay/core': '0.1.0', '@mainstay/engine': '0.1.0' } }
  return new Map(
    Object.entries({
      'package.json': JSON.stringify({ devDependencies: { vitest: '5.1.1' } }),
      'packages/core/package.json': JSON.stringify(core),
      'packages/engine/package.json': JSON.stringify(engine),
      'packages/cli/package.json': JSON.stringify(cli),
      ...files,
    }),
  )
}

/** `file:line what` of each violation: what the tests compare. */
export function shown(violations: readonly Violation[]): readonly string[] {
  return violations.map((violation) => `${violation.file}:${violation.line} ${violation.what}`)
}
