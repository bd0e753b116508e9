// Proves that breaches of form are found, and that ordinary text is not mistaken for one.
import { describe, expect, it } from 'vitest'
import { checkStyle, MAX_LINES } from './style.ts'
import { shown, treeOf } from './testing/trees.ts'

const at = (path: string, text: string): readonly string[] => shown(checkStyle(treeOf({ [path]: text })))

/** Paths and hosts are put together here, so that this file keeps the rule it tests. */
const path = (...parts: readonly string[]): string => `/${parts.join('/')}`
const host = (...parts: readonly string[]): string => parts.join('.')

describe('form of sources', () => {
  it('wants a comment first', () => {
    expect(at('packages/core/x.ts', 'export const a = 1\n')).toEqual([
      'packages/core/x.ts:1 does not begin with a comment',
    ])
    expect(at('packages/cli/x.ts', '#!/usr/bin/env node\n// X.\n')).toEqual([])
  })

  it('wants short files', () => {
    const lines = (count: number): string => `// X.\n${'const a = 1\n'.repeat(count - 1)}`
    expect(at('packages/core/x.ts', lines(MAX_LINES))).toEqual([])
    expect(at('packages/core/x.ts', lines(MAX_LINES + 1))).toEqual([`packages/core/x.ts:${MAX_LINES} has 401 lines`])
  })

  it.each(['class PlanManager {}', 'interface PlanHelper {}', 'type PlanUtils = 1', 'class PlanImpl {}'])(
    'refuses the empty name in %s',
    (text) => {
      expect(at('packages/core/x.ts', `// X.\n${text}\n`)).toHaveLength(1)
    },
  )

  it('refuses empty file names and knows the words of the field', () => {
    expect(at('packages/core/plan/utils.ts', '// X.\n')).toEqual(['packages/core/plan/utils.ts:1 is called utils'])
    expect(at('packages/core/plan/plan-helper.ts', '// X.\n')).toHaveLength(1)
    expect(at('packages/core/object/field-manager.ts', '// X.\ninterface FieldManager {}\n')).toEqual([])
  })

  it.each(['skip', 'only', 'todo'])('refuses it.%s and its kin', (word) => {
    const text = ['// X.', `it.${word}('a', f)`, `describe.${word}('b', f)`, `test.${word}.each([])('c', f)`]
    expect(checkStyle(treeOf({ 'packages/core/x.test.ts': text.join('\n') })).map((each) => each.line)).toEqual([
      2, 3, 4,
    ])
  })

  it('accepts it.skipIf, and other things called skip', () => {
    const text = "// X.\nit.skipIf(missing('etcd'))('a', f)\ncursor.skip(3)\n"
    expect(at('packages/core/x.test.ts', text)).toEqual([])
  })
})

describe('what never enters the repository', () => {
  it.each([
    path('work', 'main', 'x'),
    path('tmp', 'x.sock'),
    path('home', 'ann', '.kube'),
    path('Users', 'ann'),
    path('root', '.cache'),
  ])('refuses the path %s in any file', (text) => {
    expect(at('docs/x.md', `# X\nsee \`${text}\`\n`)).toHaveLength(1)
    expect(at('packages/core/x.ts', `// X.\nconst a = '${text}'\n`)).toHaveLength(1)
  })

  it('accepts addresses and relative paths that contain the same words', () => {
    const text = ['https://example.com/work/x', 'docs/home/x.md', './tmp/x', '../root/x', '$BASE/tmp/x', '~/work/x']
    expect(at('docs/x.md', text.join('\n'))).toEqual([])
  })

  it('refuses hosts of package registries: the known ones and those of this machine', () => {
    const npm = `https://${host('registry', 'npmjs', 'org')}/x`
    expect(at('docs/x.md', npm)).toHaveLength(1)
    const own = treeOf({ 'docs/x.md': 'see https://packages.example.net:8080/npm/' })
    expect(checkStyle(own)).toEqual([])
    expect(checkStyle(own, { registryHosts: ['packages.example.net:8080'] })).toHaveLength(1)
  })

  it('refuses download addresses in the lock file', () => {
    const lock = '{\n  "resolved": "https://packages.example.net/x.tgz"\n}\n'
    expect(at('package-lock.json', lock)).toEqual(['package-lock.json:2 holds a download address'])
  })
})
