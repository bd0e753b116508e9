// Imports of Jsonnet texts, found as go-jsonnet's lexer would find them.
import { describe, expect, it } from 'vitest'
import { importsOf, possibleImportsOf } from './imports.ts'

const paths = (text: string) => importsOf(text).map(({ path }) => path)

describe('imports', () => {
  it.each<[string, readonly string[]]>([
    [`local a = import 'a.libsonnet'; a`, ['a.libsonnet']],
    [`(import "b.libsonnet") + importstr 'c.txt' + importbin "d.bin"`, ['b.libsonnet', 'c.txt', 'd.bin']],
    [`import @'e''f.libsonnet'`, [`e'f.libsonnet`]],
    [`import @"e\\f"`, ['e\\f']],
    [`import "\\u0061\\/b\\"c"`, ['a/b"c']],
    [`import // why\n /* where */ # how\n 'x'`, ['x']],
    [`import/**/'x'`, ['x']],
    [`// import 'no'\n# import 'no'\n/* import 'no' */ 1`, []],
    [`"import 'no'" + 'import "no"' + @"import 'no'"`, []],
    [`"\\"" + import 'yes'`, ['yes']],
    [`@"\\" + import 'yes'`, ['yes']],
    [`{ important: 'no', importer: 1, reimport: 'no' }`, []],
    [`{ 'import': 'no' }`, []],
    [`|||\n  import 'no'\n||| + import 'yes'`, ['yes']],
    [`|||-\n  text\n    |||\n  import 'no'\n ||| + import 'yes'`, ['yes']],
    [`|||   \n\n  a\n\n  b\n||| + import 'yes'`, ['yes']],
    [`|||\n\ta\n  ||| + import 'yes'`, ['yes']],
    [`import |||\n  x\n|||`, ['|||\n  x\n|||']],
    [`'open import "no"`, []],
  ])('of %j are %j', (text, expected) => {
    expect(paths(text)).toEqual(expected)
  })

  it('know their lines', () => {
    expect(importsOf(`|||\n  a\n|||\n+\nimport 'x'\n+ "\n" + importstr 'y'`)).toEqual([
      { kind: 'import', path: 'x', line: 5 },
      { kind: 'importstr', path: 'y', line: 7 },
    ])
  })

  it('that could be are among them, wherever they stand', () => {
    const text = `// import 'a'\n'import "b"' |||\nimportstr @'c'`
    expect(possibleImportsOf(text).map(({ path, line }) => [path, line])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
  })

  it('are found in time that grows with the text, whatever is in it', () => {
    const started = performance.now()
    for (const text of ['import "'.repeat(20_000), '|||\n a\n'.repeat(20_000), '/*'.repeat(50_000)]) {
      importsOf(text)
      possibleImportsOf(text)
    }
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
