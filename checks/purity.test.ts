// Proves that clock, randomness, I/O and locale are found in the core, and that names of members are not mistaken for them.
import { describe, expect, it } from 'vitest'
import { checkPurity } from './purity.ts'
import { shown, treeOf } from './testing/trees.ts'

const core = (text: string): readonly string[] =>
  shown(checkPurity(treeOf({ 'packages/core/plan/x.ts': `// X.\n${text}\n` })))

describe('purity of the core', () => {
  it.each([
    ['new Date()', 'uses Date'],
    ['Date.now()', 'uses Date'],
    ['let at: Date', 'uses Date'],
    ['Math.random()', 'uses Math.random'],
    ["Math['random']()", 'uses Math.random'],
    ['const { random } = Math', 'uses Math.random'],
    ['crypto.randomUUID()', 'uses crypto'],
    ['process.env.HOME', 'uses process'],
    ['globalThis.x', 'uses globalThis'],
    ["fetch('x')", 'uses fetch'],
    ['setTimeout(f, 1)', 'uses setTimeout'],
    ['performance.now()', 'uses performance'],
    ["console.log('x')", 'uses console'],
    ["new Intl.Collator('de')", 'uses Intl'],
    ['a.localeCompare(b)', 'uses localeCompare, which depends on the locale'],
    ["a['localeCompare'](b)", 'uses localeCompare, which depends on the locale'],
    ['a.toLocaleString()', 'uses toLocaleString, which depends on the locale'],
    ['import.meta.url', 'uses import.meta'],
    ["const x = await import('./y.ts')", 'imports at run time'],
    ['const x = { Date }', 'uses Date'],
  ])('refuses %s', (text, what) => {
    expect(core(text)).toContain(`packages/core/plan/x.ts:2 ${what}`)
  })

  it('accepts members, keys and types that only share a name', () => {
    const text = [
      'const a = { process: 1, Date: 2 }',
      'a.process',
      'interface B { readonly fetch: string }',
      'Math.max(1, 2)',
    ]
    expect(core(text.join('\n'))).toEqual([])
  })

  it('leaves tests and other packages alone', () => {
    const tree = treeOf({
      'packages/core/plan/x.test.ts': '// T.\nnew Date()\n',
      'packages/engine/clock.ts': '// C.\nDate.now()\n',
    })
    expect(checkPurity(tree)).toEqual([])
  })
})
