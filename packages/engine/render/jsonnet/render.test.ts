// Jsonnet files of a folder by the real jsonnet: variables, libraries, and nothing from outside of the repository.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { DirectoryOptions, SourceTool } from '@mainstay/core/app/application.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeTool } from '../../../../test/run/tool.ts'
import { faultOf } from '../../source/contract.ts'
import type { RenderOptions } from '../render.ts'
import { DEFAULT_SETTINGS } from '../settings.ts'
import { type Files, RenderBench } from '../testing/bench.ts'

type Jsonnet = NonNullable<DirectoryOptions['jsonnet']>

const directory = (jsonnet: Partial<Jsonnet> | null, change: Partial<DirectoryOptions> = {}): SourceTool => ({
  kind: 'directory',
  directory: {
    recurse: false,
    include: null,
    exclude: null,
    disableExtensionFilter: false,
    jsonnet: jsonnet === null ? null : { extVars: [], tlas: [], libs: [], ...jsonnet },
    ...change,
  },
})
const map = (name: string, data = '{}') =>
  `{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '${name}' }, data: ${data} }`

describeTool('jsonnet', 'jsonnet', (program) => {
  let bench: RenderBench
  beforeAll(() => {
    bench = new RenderBench({ jsonnet: program })
  })
  afterAll(() => bench.close())

  const rendered = (files: Files, jsonnet: Partial<Jsonnet> | null = {}, options: RenderOptions = {}) =>
    bench.render(bench.repository(files), { path: 'app', tool: directory(jsonnet) }, options)
  const namesOf = ({ manifests }: Awaited<ReturnType<typeof rendered>>) =>
    manifests.map(({ value }) => (value.metadata as { name: string }).name)

  it('stands among the files of its folder, one object or a list of them', async () => {
    const result = await rendered({
      'app/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
      'app/b.jsonnet': map('b'),
      'app/c.jsonnet': `[${map('c1')}, ${map('c2', '{ big: 9007199254740993, s: "1" }')}]`,
      'app/d.json': '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "d"}}',
      'app/lib.libsonnet': 'error "never evaluated by itself"',
    })
    expect(namesOf(result)).toEqual(['a', 'b', 'c1', 'c2', 'd'])
    expect(result.manifests[3]?.origin).toEqual({ file: 'app/c.jsonnet', document: 2, line: null })
  })

  it('gives what jsonnet gives by hand', async () => {
    const files = {
      'app/m.jsonnet': `local l = import 'l.libsonnet'; std.mergePatch(${map('m')}, l)`,
      'app/l.libsonnet': '{ data: { a: std.format("%05d", 3), b: std.toString(1e100) } }',
    }
    const { digest: _, manifests } = await rendered(files)
    const checkout = bench.repository(files).path
    const expected = execFileSync(program, ['-J', 'app', 'app/m.jsonnet'], { cwd: checkout, encoding: 'utf8' })
    expect(manifests[0]?.value).toEqual(JSON.parse(expected))
  })

  it('knows the variables of the source, filled in with the build environment', async () => {
    const files = {
      'app/m.jsonnet': `function(name, size) ${map("' + name + '", `{ env: std.extVar('env'), size: std.toString(size * std.extVar('factor')) }`)}`,
    }
    const environment = {
      appName: 'shop',
      namespace: '',
      project: '',
      revision: 'abcdef',
      path: '',
      repoURL: '',
      targetRevision: '',
    }
    const { manifests } = await rendered(
      files,
      {
        tlas: [
          { name: 'name', value: '$ARGOCD_APP_NAME', code: false },
          { name: 'size', value: '2', code: true },
        ],
        extVars: [
          { name: 'env', value: 'a=b $$x', code: false },
          { name: 'factor', value: '3 + 4', code: true },
        ],
      },
      { environment },
    )
    expect(manifests[0]?.value).toMatchObject({ metadata: { name: 'shop' }, data: { env: 'a=b $x', size: '14' } })
  })

  it('looks beside the file, then in the libraries from the last to the first, then in the application', async () => {
    const files = {
      'app/m.jsonnet': `(import 'sub/x.libsonnet') + ${map('m')} + { data: { found: import 'lib.libsonnet' } }`,
      'app/sub/x.libsonnet': `{ local y = import 'y.libsonnet', y: y }`,
      'app/sub/y.libsonnet': '"beside"',
      'one/lib.libsonnet': '"one"',
      'two/lib.libsonnet': '"two"',
      'two/unrelated.libsonnet': '"no input"',
    }
    const foundBy = async (libs: readonly string[]) => (await rendered(files, { libs })).manifests[0]?.value
    expect(await foundBy(['two', 'one'])).toMatchObject({ data: { found: 'one' }, y: 'beside' })
    expect(await foundBy(['one', '/two/'])).toMatchObject({ data: { found: 'two' } })
    const { inputs } = await rendered(files, { libs: ['one', 'two'] })
    expect(inputs.map(({ kind, path }) => `${kind} ${path}`)).toEqual(
      expect.arrayContaining(['absent app/lib.libsonnet', 'file two/lib.libsonnet', 'file app/sub/y.libsonnet']),
    )
    expect(inputs.some(({ path }) => path.includes('unrelated') || path === 'one/lib.libsonnet')).toBe(false)
  })

  it('is evaluated once, until something changes that it imports or would import first', async () => {
    const repository = bench.repository({
      'app/m.jsonnet': `${map('m')} + import 'l.libsonnet'`,
      'lib/l.libsonnet': '{ data: { a: "1" } }',
    })
    const source = { path: 'app', tool: directory({ libs: ['lib'] }) }
    const dataNow = async () => {
      const before = bench.runs.length
      const { manifests } = await bench.render(repository, source)
      return [manifests[0]?.value.data, bench.runs.length - before]
    }
    expect(await dataNow()).toEqual([{ a: '1' }, 1])
    repository.commit('elsewhere', { 'other/x': 'x' })
    expect(await dataNow()).toEqual([{ a: '1' }, 0])
    repository.commit('first', { 'app/l.libsonnet': '{ data: { a: "2" } }' })
    expect(await dataNow()).toEqual([{ a: '2' }, 1])
  })

  describe('is refused before it runs', () => {
    it.each([
      `importstr '/etc/passwd'`,
      `importstr '../../../../../../../../etc/passwd'`,
      `importbin "\\u002fetc/passwd"`,
      `import /* */ @'/etc/hosts'`,
      `importstr 'link'`,
    ])('with a way out: %s', async (text) => {
      const runs = bench.runs.length
      const files = { 'app/m.jsonnet': `\n${map('m')} + { x: ${text} }`, 'app/link': { link: '/etc/passwd' } }
      expect(await faultOf(rendered(files))).toMatchObject({ kind: 'invalid-input' })
      expect(bench.runs).toHaveLength(runs)
    })

    it('with a way out in a library or a variable, by file and line', async () => {
      const library = { 'app/m.jsonnet': `import 'l.libsonnet'`, 'app/l.libsonnet': `\n\nimportstr '/etc/passwd'` }
      expect(await faultOf(rendered(library))).toMatchObject({ where: 'app/l.libsonnet:3' })
      const extVars = [{ name: 'a', value: `importstr '/etc/passwd'`, code: true }]
      expect((await faultOf(rendered({ 'app/m.jsonnet': map('m') }, { extVars }))).where).toContain('variable a')
      expect((await faultOf(rendered({ 'app/m.jsonnet': map('m') }, { libs: ['../..'] }))).kind).toBe('invalid-input')
    })
  })

  it('fails with the words of jsonnet, whole or not at all', async () => {
    const fault = await faultOf(rendered({ 'app/a.jsonnet': map('a'), 'app/m.jsonnet': `{\n  a: error 'no colour' }` }))
    expect(fault).toMatchObject({ kind: 'render-failed', where: 'app/m.jsonnet' })
    expect(fault.why).toContain('no colour')
    expect(fault.why).toContain('app/m.jsonnet:2')
    for (const text of ['1', '[1]', '{ a: 1 }', '[[]]']) {
      expect((await faultOf(rendered({ 'app/m.jsonnet': text }))).kind).toBe('render-failed')
    }
  })

  it('is stopped where it never ends or grows without end', async () => {
    const endless = { 'app/m.jsonnet': 'local f(n) = f(n + 1) tailstrict; f(0)' }
    expect((await faultOf(rendered(endless, {}, { limits: { milliseconds: 1500 } }))).kind).toMatch(
      /timeout|render-failed/,
    )
    const huge = { 'app/m.jsonnet': 'std.foldl(function(a, _) a + a, std.range(1, 30), "xxxxxxxx")' }
    expect((await faultOf(rendered(huge))).kind).toMatch(/too-large|render-failed/)
    const round = { 'app/m.jsonnet': `import 'l.libsonnet'`, 'app/l.libsonnet': `import 'm.jsonnet'` }
    expect((await faultOf(rendered(round))).kind).toBe('render-failed')
  })

  it('is left out with a warning where the installation turned it off', async () => {
    const settings = { ...DEFAULT_SETTINGS, jsonnet: false }
    const result = await rendered({ 'app/m.jsonnet': 'error "x"' }, {}, { settings })
    expect(result.manifests).toEqual([])
    expect(result.warnings).toMatchObject([{ file: 'app/m.jsonnet' }])
  })

  it('has its folder in its path for std.thisFile, and no folder of this machine', async () => {
    const { manifests } = await rendered({ 'app/m.jsonnet': `${map('m')} + { data: { file: std.thisFile } }` })
    expect(manifests[0]?.value.data).toEqual({ file: join('app', 'm.jsonnet') })
  })
})
