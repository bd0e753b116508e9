// Proves that the import table can be broken, and that what it allows passes.
import { describe, expect, it } from 'vitest'
import { checkImports } from './imports.ts'
import { shown, treeOf } from './testing/trees.ts'

const ref = { 'packages/core/object/ref.ts': '// Refs.\nexport const a = 1\n' }

describe('the import table of packages', () => {
  it('lets the engine import the core, its declared packages and Node', () => {
    const text =
      "// X.\nimport { a } from '@mainstay/core/object/ref.ts'\nimport 'undici'\nimport 'node:fs'\nexport { a }\n"
    expect(checkImports(treeOf({ ...ref, 'packages/engine/source/git.ts': text }))).toEqual([])
  })

  it.each([
    [
      'the core imports the engine',
      'packages/core/plan/x.ts',
      '@mainstay/engine/fault.ts',
      'core may not import engine',
    ],
    ['the core imports Node', 'packages/core/plan/x.ts', 'node:fs', 'core may not import node:fs'],
    ['the core imports a package', 'packages/core/plan/x.ts', 'undici', 'core may not import undici'],
    ['the engine imports the CLI', 'packages/engine/x/x.ts', '@mainstay/cli/exit.ts', 'engine may not import cli'],
    [
      'the sandbox imports planning',
      'packages/sandbox/x.ts',
      '@mainstay/core/plan/plan.ts',
      'sandbox may not import core',
    ],
    [
      'a package imports the tests',
      'packages/engine/x/x.ts',
      '../../../test/cluster/api.ts',
      'imports test/cluster/api.ts',
    ],
    [
      'a package reaches into another by path',
      'packages/engine/x/x.ts',
      '../../core/object/ref.ts',
      'reaches into packages/core by path',
    ],
    [
      'a package imports itself by name',
      'packages/engine/x/x.ts',
      '@mainstay/engine/fault.ts',
      'imports its own package by name',
    ],
    [
      'a file that does not exist is imported',
      'packages/engine/x/x.ts',
      './missing.ts',
      'imports packages/engine/x/missing.ts, which does not exist',
    ],
    [
      'a package is not declared',
      'packages/engine/x/x.ts',
      'left-pad/lib/x.js',
      'imports left-pad, which packages/engine/package.json does not declare',
    ],
    [
      'a test tool is imported by a file that ships',
      'packages/engine/x/x.ts',
      'vitest',
      'imports vitest, which packages/engine/package.json does not declare',
    ],
    [
      'test code is imported by a file that ships',
      'packages/engine/x/x.ts',
      './testing/world.ts',
      'imports test code (packages/engine/x/testing/world.ts)',
    ],
  ])('fails when %s', (_name, file, specifier, what) => {
    const others = {
      ...ref,
      'packages/core/plan/plan.ts': '// P.\n',
      'packages/engine/fault.ts': '// F.\n',
      'packages/engine/x/testing/world.ts': '// W.\n',
      'packages/cli/exit.ts': '// E.\n',
      'test/cluster/api.ts': '// A.\n',
    }
    const tree = treeOf({ ...others, [file]: `// X.\nimport '${specifier}'\n` })
    expect(shown(checkImports(tree))).toContain(`${file}:2 ${what}`)
  })

  it('sees every form of import: type, re-export, dynamic, import type', () => {
    const forms = [
      "import type { A } from '@mainstay/engine/fault.ts'",
      "export * from '@mainstay/engine/fault.ts'",
      "const a = await import('@mainstay/engine/fault.ts')",
      "type B = import('@mainstay/engine/fault.ts').A",
    ]
    const tree = treeOf({
      'packages/engine/fault.ts': '// F.\n',
      'packages/core/object/x.ts': ['// X.', ...forms].join('\n'),
    })
    expect(checkImports(tree).map((each) => each.line)).toEqual([2, 3, 4, 5])
  })

  it('lets tests of the core use Node and the test tools', () => {
    const text = "// T.\nimport 'node:fs'\nimport 'vitest'\nimport 'fast-check'\nimport 'js-yaml'\n"
    const tree = treeOf({ 'packages/core/plan/x.test.ts': text, 'packages/core/plan/testing/y.ts': text })
    expect(checkImports(tree)).toEqual([])
  })

  it('lets tests beside the code use the harness, and the harness the packages', () => {
    const tree = treeOf({
      ...ref,
      'test/cluster/api.ts': "// A.\nimport '../../packages/core/object/ref.ts'\n",
      'packages/engine/cluster/x.test.ts': "// T.\nimport '../../../test/cluster/api.ts'\n",
      'packages/engine/cluster/contract.ts': "// C.\nimport 'vitest'\n",
    })
    expect(checkImports(tree)).toEqual([])
  })

  it('fails for a package that nobody put into the table', () => {
    const tree = treeOf({ 'packages/extra/x.ts': '// X.\n' })
    expect(shown(checkImports(tree))).toEqual([
      'packages/extra/package.json:1 package extra is not in the import table',
    ])
  })
})

describe('the table of the core folders', () => {
  const files = {
    ...ref,
    'packages/core/plan/plan.ts': '// P.\n',
    'packages/core/run/run.ts': '// R.\n',
    'packages/core/policy/finding.ts': '// F.\n',
    'packages/core/policy/guards.ts': '// G.\n',
    'packages/core/compare/drift.ts': '// D.\n',
  }

  it.each([
    ['object knows nothing of planning', 'object/x.ts', '../plan/plan.ts'],
    ['comparing knows no rules', 'compare/x.ts', '../policy/finding.ts'],
    ['health knows objects only', 'health/x.ts', '../compare/drift.ts'],
    ['a rule does not know what a run did', 'policy/x.ts', '../run/run.ts'],
    ['reading an application makes findings, and runs no guards', 'app/x.ts', '../policy/guards.ts'],
  ])('%s', (_name, file, specifier) => {
    const tree = treeOf({ ...files, [`packages/core/${file}`]: `// X.\nimport '${specifier}'\n` })
    expect(checkImports(tree)).toHaveLength(1)
  })

  it('lets planning import rules, rules the plan, and everybody objects', () => {
    const tree = treeOf({
      ...files,
      'packages/core/plan/x.ts': "// X.\nimport '../policy/guards.ts'\nimport '../object/ref.ts'\n",
      'packages/core/policy/x.ts': "// X.\nimport '../plan/plan.ts'\nimport '../object/ref.ts'\n",
      'packages/core/app/x.ts': "// X.\nimport '../policy/finding.ts'\n",
    })
    expect(checkImports(tree)).toEqual([])
  })

  it('fails for a folder that nobody put into the table', () => {
    const tree = treeOf({ ...files, 'packages/core/extra/x.ts': "// X.\nimport '../object/ref.ts'\n" })
    expect(shown(checkImports(tree))).toEqual([
      'packages/core/extra/x.ts:2 packages/core/extra is not in the table of folders',
    ])
  })
})
