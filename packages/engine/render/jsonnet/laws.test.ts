// For any Jsonnet text: every file that jsonnet opens was found before, so that a render of what was found is a render of
// the whole checkout.
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeTool } from '../../../../test/run/tool.ts'
import { wholeVariable } from '../../../../test/run/whole.ts'
import { isFault } from '../../fault.ts'
import { type Files, RenderBench } from '../testing/bench.ts'

/** Mostly files that are there, found in every way there is. */
const target = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.constantFrom(
      'one.libsonnet',
      'sub/two.libsonnet',
      'text.txt',
      '../shared/three.libsonnet',
      'inlib.libsonnet',
    ),
  },
  { weight: 1, arbitrary: fc.constant('none') },
)

/** What stands between an import and its path. */
const gap = fc.constantFrom(' ', '\n', '/* a "b" */', ' // import "x"\n', "# '\n", '\t/* ||| */ ')
const quoted = target.chain((path) =>
  fc.constantFrom(
    `'${path}'`,
    `"${path}"`,
    `@'${path}'`,
    `@"${path}"`,
    `"${path.replace('/', '\\/')}"`,
    `'\\u${path.charCodeAt(0).toString(16).padStart(4, '0')}${path.slice(1)}'`,
  ),
)
const importing = fc
  .tuple(fc.constantFrom('import', 'importstr', 'importbin'), gap, quoted)
  .map(([word, between, path]) => `std.toString(${word}${between}${path})`)

/** Texts that could make a reader lose its place. */
const distracting = fc.constantFrom(
  `"import 'none'"`,
  `'it\\'s import "none"'`,
  `@'it''s \\'`,
  `@"\\"`,
  `"\\\\"`,
  `"//" + '/*' + "#"`,
  `|||\n  import 'none'\n    |||\n  '\n|||`,
  `|||-\n\t"\n\n\t\t/*\n  |||`,
  `|||\n\n   a |||\n   b\n |||`,
  `{ 'import': 1, "importstr": 2 }.import`.replace('.import', `['import']`),
  `/* import 'none' */ "a" // import "none"\n`,
  `local important = "'"; important`,
)
const expression = fc.oneof({ weight: 2, arbitrary: importing }, { weight: 3, arbitrary: distracting })
const joined = (all: readonly string[]) => all.map((each) => `std.toString((${each}))`).join(', ')
const body = fc.array(expression, { minLength: 1, maxLength: 6 }).map(joined)
/** Without a way back to itself. */
const libraryBody = fc
  .array(distracting, { minLength: 1, maxLength: 3 })
  .map((all) => joined([...all, "import 'sub/two.libsonnet'"]))

describeTool('jsonnet', 'jsonnet', (program) => {
  let bench: RenderBench
  beforeAll(() => {
    bench = new RenderBench({ jsonnet: program })
  })
  afterAll(() => bench.close())

  const byHand = (checkout: string): string | null => {
    try {
      const args = ['-J', 'app', '-J', 'lib', 'app/m.jsonnet']
      return execFileSync(program, args, { cwd: checkout, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    } catch {
      return null
    }
  }

  it('opens no file that was not found before it ran', async () => {
    let rendered = 0
    const property = fc.asyncProperty(body, libraryBody, async (main, library) => {
      const files: Files = {
        'app/m.jsonnet': `{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { all: std.join('', [${main}]) } }`,
        'app/one.libsonnet': `[${library}]`,
        'app/sub/two.libsonnet': '"two"',
        'app/text.txt': '"text"',
        'shared/three.libsonnet': '"three"',
        'lib/inlib.libsonnet': '"lib"',
        'lib/unrelated.libsonnet': '"unrelated"',
      }
      const repository = bench.repository(files)
      const jsonnet = { extVars: [], tlas: [], libs: ['lib'] }
      const directory = { recurse: false, include: null, exclude: null, disableExtensionFilter: false, jsonnet }
      const expected = byHand(repository.path)
      try {
        const { manifests, inputs } = await bench.render(repository, {
          path: 'app',
          tool: { kind: 'directory', directory },
        })
        expect(manifests.map(({ value }) => value)).toEqual([JSON.parse(expected ?? 'null')])
        expect(inputs.some(({ path }) => path.includes('unrelated'))).toBe(false)
        rendered++
      } catch (error) {
        if (!isFault(error, 'render-failed')) throw error
        expect(expected).toBeNull()
      }
    })
    const numRuns = process.env[wholeVariable] === '1' ? 60 : 8
    await fc.assert(property, { numRuns, seed: 20260102 })
    expect(rendered).toBeGreaterThan(numRuns / 3)
  }, 300_000)
})
