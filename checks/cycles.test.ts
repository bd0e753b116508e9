// Proves that an import cycle is found, and named by a shortest way round.
import { expect, it } from 'vitest'
import { checkCycles } from './cycles.ts'
import { shown, treeOf } from './testing/trees.ts'

it('finds a cycle of three files and names the way round once', () => {
  const tree = treeOf({
    'packages/core/a.ts': "// A.\nimport './b.ts'\n",
    'packages/core/b.ts': "// B.\nimport './c.ts'\n",
    'packages/core/c.ts': "// C.\nimport type { A } from './a.ts'\n",
    'packages/core/d.ts': "// D.\nimport './a.ts'\n",
  })
  expect(shown(checkCycles(tree))).toEqual([
    'packages/core/a.ts:2 import cycle: packages/core/a.ts → packages/core/b.ts → packages/core/c.ts → packages/core/a.ts',
  ])
})

it('finds a cycle that goes through another package, and a file that imports itself', () => {
  const tree = treeOf({
    'packages/core/a.ts': "// A.\nimport '@mainstay/engine/b.ts'\n",
    'packages/engine/b.ts': "// B.\nimport '@mainstay/core/a.ts'\n",
    'packages/engine/self.ts': "// S.\nimport './self.ts'\n",
  })
  expect(checkCycles(tree).map((each) => each.file)).toEqual(['packages/core/a.ts', 'packages/engine/self.ts'])
})

it('accepts two ways to one file', () => {
  const tree = treeOf({
    'packages/core/a.ts': "// A.\nimport './b.ts'\nimport './c.ts'\n",
    'packages/core/b.ts': "// B.\nimport './d.ts'\n",
    'packages/core/c.ts': "// C.\nimport './d.ts'\n",
    'packages/core/d.ts': '// D.\n',
  })
  expect(checkCycles(tree)).toEqual([])
})
