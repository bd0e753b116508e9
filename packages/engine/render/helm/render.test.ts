// Charts rendered by the real helm of both versions: the bytes of the tool itself, every field once, and what is refused.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { HelmOptions } from '@mainstay/core/app/application.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { exampleApplication } from '@mainstay/core/testing/examples.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeTool } from '../../../../test/run/tool.ts'
import { sampled } from '../../../../test/run/whole.ts'
import { faultOf } from '../../source/contract.ts'
import type { RenderOptions } from '../render.ts'
import { DEFAULT_SETTINGS } from '../settings.ts'
import { type Files, RenderBench } from '../testing/bench.ts'

const CHART: Files = {
  'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.2.3\n',
  'shop/values.yaml': 'color: red\nsize: 1\nnested:\n  a: 1\n',
  'shop/values.schema.json': '{"properties": {"size": {"type": "integer"}}}',
  'shop/crds/crd.yaml': 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: crd\n',
  'shop/files/motd': 'hello\n',
  'shop/templates/tests/t.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: t\n  annotations:\n    helm.sh/hook: test\n',
  'shop/templates/a.yaml': [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata:',
    '  name: {{ .Release.Name }}-a',
    '  namespace: {{ .Release.Namespace }}',
    'data:',
    '  color: {{ .Values.color | quote }}',
    '  size: {{ .Values.size | quote }}',
    '  kind: {{ kindOf .Values.size }}',
    '  nested: {{ .Values.nested | toJson | quote }}',
    '  list: {{ .Values.list | toJson | quote }}',
    '  file: {{ .Values.file | default "none" | quote }}',
    '  motd: {{ .Files.Get "files/motd" | quote }}',
    '  kube: {{ .Capabilities.KubeVersion.Version }}',
    '  routes: {{ .Capabilities.APIVersions.Has "example.com/v1/Route" | quote }}',
    '',
  ].join('\n'),
  'shop/values-blue.yaml': 'color: blue\n',
  'shop/envs/b.yaml': 'color: from-b\n',
  'shop/envs/a.yaml': 'color: from-a\n',
  'shop/envs/deep/c.yaml': 'color: from-c\n',
  'common/values.yaml': 'nested:\n  common: true\n',
  'common/note.txt': 'a note, with a comma\n',
}

/** `spec.source.helm` as it is read from an Application. */
function helmOptions(written: JsonObject): HelmOptions {
  const source = { repoURL: 'https://git.example.com/a.git', path: '.', helm: { releaseName: 'shop', ...written } }
  const tool = exampleApplication({ source }).sources[0]?.tool
  if (tool?.kind !== 'helm') throw new Error('the settings name helm')
  return tool.helm
}

/** What the tool itself gives for files, run by hand. */
function byHand(program: string, files: Files, folder: string, args: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'mainstay-by-hand-'))
  try {
    for (const [path, content] of Object.entries(files)) {
      if (typeof content !== 'string') continue
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    }
    return execFileSync(program, ['template', '.', ...args], {
      cwd: join(root, folder),
      env: { HOME: root },
      encoding: 'utf8',
    })
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

const environment = {
  appName: 'shop',
  namespace: 'shops',
  project: 'default',
  revision: '0123456789abcdef0123456789abcdef01234567',
  path: 'shop',
  repoURL: 'https://git.example.com/a.git',
  targetRevision: 'main',
}
const cluster = async () => ({ kubeVersion: 'v1.31.2+k3s1', apiVersions: ['v1', 'example.com/v1/Route'] })
const CLUSTER = ['--kube-version=1.31.2', '--api-versions=example.com/v1/Route', '--api-versions=v1']
const SHOP = ['--name-template=shop', '--namespace=shops', ...CLUSTER]

/** Settings, and the arguments that they stand for. */
const CASES: readonly (readonly [string, JsonObject, readonly string[]])[] = [
  ['nothing but a name', {}, [...SHOP, '--include-crds']],
  [
    'values files',
    { valueFiles: ['values-blue.yaml', '/common/values.yaml', '../common/values.yaml'] },
    [...SHOP, '--values=values-blue.yaml', '--values=../common/values.yaml', '--include-crds'],
  ],
  [
    'a pattern, in order of names',
    { valueFiles: ['envs/*.yaml'] },
    [...SHOP, '--values=envs/a.yaml', '--values=envs/b.yaml', '--include-crds'],
  ],
  [
    'a pattern for folders, files before folders',
    { valueFiles: ['envs/**/*.yaml'] },
    [...SHOP, '--values=envs/a.yaml', '--values=envs/b.yaml', '--values=envs/deep/c.yaml', '--include-crds'],
  ],
  [
    'a file of a pattern that is named itself',
    { valueFiles: ['envs/*.yaml', 'envs/a.yaml'] },
    [...SHOP, '--values=envs/b.yaml', '--values=envs/a.yaml', '--include-crds'],
  ],
  [
    'a file that is not there and may be missing',
    { valueFiles: ['none.yaml', 'no/*.yaml'], ignoreMissingValueFiles: true },
    [...SHOP, '--include-crds'],
  ],
  [
    'values files by variables',
    { valueFiles: ['envs/$ARGOCD_APP_NAME/../a.yaml'] },
    [...SHOP, '--values=envs/a.yaml', '--include-crds'],
  ],
  ['values', { values: 'color: green\nlist: [1, 2]\n' }, [...SHOP, '--set=color=green,list={1,2}', '--include-crds']],
  [
    'an object of values, which wins',
    { values: 'color: green\n', valuesObject: { color: 'gold', nested: { a: null } } },
    [...SHOP, '--set=color=gold,nested.a=null', '--include-crds'],
  ],
  [
    'parameters',
    {
      parameters: [
        { name: 'color', value: 'a,b' },
        { name: 'size', value: '7', forceString: true },
        { name: 'list', value: '{x,y}' },
        { name: 'nested.app', value: '$ARGOCD_APP_NAME at $ARGOCD_APP_REVISION_SHORT, $$5' },
      ],
      skipSchemaValidation: true,
    },
    [
      ...SHOP,
      '--set=color=a\\,b',
      '--set=list={x,y}',
      '--set=nested.app=shop at 0123456\\, $5',
      '--set-string=size=7',
      '--include-crds',
      '--skip-schema-validation',
    ],
  ],
  [
    'a parameter from a file',
    { fileParameters: [{ name: 'file', path: '../common/note.txt' }] },
    [...SHOP, '--set-file=file=../common/note.txt', '--include-crds'],
  ],
  ['no definitions', { skipCrds: true }, SHOP],
  ['no tests', { skipTests: true }, [...SHOP, '--include-crds', '--skip-tests']],
  [
    'another name and namespace',
    { releaseName: 'other', namespace: 'elsewhere' },
    ['--name-template=other', '--namespace=elsewhere', ...CLUSTER, '--include-crds'],
  ],
  [
    'another version of Kubernetes',
    { kubeVersion: '1.29', apiVersions: ['example.com/v1/Route'] },
    [
      '--name-template=shop',
      '--namespace=shops',
      '--kube-version=1.29',
      '--api-versions=example.com/v1/Route',
      '--include-crds',
    ],
  ],
]

describe.each(['helm', 'helm4'] as const)('a chart by %s', (name) => {
  describeTool(name, 'renders', (program) => {
    let bench: RenderBench
    beforeAll(() => {
      bench = new RenderBench({ [name]: program })
    })
    afterAll(() => bench.close())

    const settings = { ...DEFAULT_SETTINGS, helmVersion: name === 'helm4' ? '4' : '3' } as const
    const render = (files: Files, written: JsonObject = {}, more: RenderOptions = {}) =>
      bench.render(
        bench.repository(files),
        { path: 'shop', tool: { kind: 'helm', helm: helmOptions(written) } },
        { environment, cluster, settings, ...more },
      )
    const textOf = async (digest: string) => bench.kept(digest)

    // In a quick run each case is tried by one of the two versions, in turn.
    const cases = name === 'helm' ? CASES : [...CASES.slice(1), ...CASES.slice(0, 1)]
    it.each(sampled(cases, 2))('the bytes of the tool itself with %s', async (_, written, args) => {
      const rendered = await render(CHART, written)
      const expected = byHand(program, CHART, 'shop', args)
      expect(await textOf(rendered.digest)).toBe(expected)
      expect(rendered.manifests.length).toBeGreaterThan(0)
      expect(expected).toContain('kind: ConfigMap')
    })

    it('the name of the application where none is said, without its namespace', async () => {
      const repository = bench.repository(CHART)
      const rendered = await bench.render(
        repository,
        { path: 'shop' },
        { appName: 'ops_till', environment: { ...environment, appName: 'ops_till' }, cluster, settings },
      )
      const names = rendered.manifests.map(({ value }) => (value.metadata as JsonObject).name)
      expect(names).toContain('till-a')
    })

    it('values of another source by its ref', async () => {
      const values = bench.repository({ 'envs/stg.yaml': 'color: staging\n', 'envs/x/y.yaml': 'size: 3\n' })
      const refs = new Map([['values', () => bench.snapshot(values)]])
      const rendered = await render(
        CHART,
        { valueFiles: ['$values/envs/stg.yaml', '$values/envs/**/y.yaml'] },
        { refs },
      )
      const expected = byHand(program, { ...CHART, 'values.yaml': 'color: staging\nsize: 3\n' }, 'shop', [
        ...SHOP,
        '--values=../values.yaml',
        '--include-crds',
      ])
      expect(await textOf(rendered.digest)).toBe(expected)
      values.commit('another colour', { 'envs/stg.yaml': 'color: stage\n' })
      const again = await render(CHART, { valueFiles: ['$values/envs/stg.yaml', '$values/envs/**/y.yaml'] }, { refs })
      expect(await textOf(again.digest)).toContain('color: "stage"')
    })

    it('once for what has not changed, whatever else has', async () => {
      const repository = bench.repository(CHART)
      const options = { environment, cluster, settings }
      const source = {
        path: 'shop',
        tool: { kind: 'helm', helm: helmOptions({ valueFiles: ['../common/values.yaml'] }) },
      } as const
      const first = await bench.render(repository, source, options)
      const runs = bench.runs.length
      repository.commit('elsewhere', { 'README.md': 'hello\n', 'common/other.txt': 'x\n' })
      expect((await bench.render(repository, source, options)).digest).toBe(first.digest)
      expect(bench.runs.length).toBe(runs)
      repository.commit('common values', { 'common/values.yaml': 'nested:\n  common: false\n' })
      expect((await bench.render(repository, source, options)).digest).not.toBe(first.digest)
      expect(bench.runs.length).toBe(runs + 1)
    })

    it('charts of the same repository that it depends on, in the version that is asked for', async () => {
      const files: Files = {
        ...CHART,
        'shop/Chart.yaml':
          'apiVersion: v2\nname: shop\nversion: 1.2.3\ndependencies:\n- name: lib\n  version: ^1\n  repository: file://../lib\n',
        'lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\n',
        'lib/values.yaml': 'greeting: hello\n',
        'lib/templates/b.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\ndata:\n  greeting: {{ .Values.greeting }}\n',
      }
      const vendored = Object.fromEntries(
        Object.entries(files).flatMap(([path, text]) =>
          path.startsWith('lib/') ? [[`shop/charts/${path}`, text]] : [[path, text]],
        ),
      )
      const rendered = await render(files)
      expect(await textOf(rendered.digest)).toBe(byHand(program, vendored, 'shop', [...SHOP, '--include-crds']))
      const wrong = { ...files, 'lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 2.0.0\n' }
      expect(await faultOf(render(wrong))).toMatchObject({
        kind: 'render-failed',
        where: 'shop/Chart.yaml:5',
        why: expect.stringContaining('version 2.0.0'),
      })
    })

    it.each<[string, Files, JsonObject, string, string]>([
      [
        'a template that fails',
        { 'shop/templates/x.yaml': '{{ fail "no colour" }}' },
        {},
        'render-failed',
        'no colour',
      ],
      [
        'a template that calls itself without end',
        { 'shop/templates/x.yaml': '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}' },
        {},
        'render-failed',
        '',
      ],
      ['values that the schema does not take', {}, { values: 'size: big\n' }, 'render-failed', 'size'],
      ['values that are no YAML', {}, { values: 'a: [\n' }, 'render-failed', ''],
      ['a values file that is not there', {}, { valueFiles: ['none.yaml'] }, 'not-found', ''],
      ['a pattern that matches nothing', {}, { valueFiles: ['none/*.yaml'] }, 'not-found', ''],
      ['a values file outside of the repository', {}, { valueFiles: ['../../secret.yaml'] }, 'invalid-input', ''],
      [
        'a values file at a URL',
        {},
        { valueFiles: ['https://example.com/values.yaml'] },
        'unsupported',
        'without a commit',
      ],
      ['a ref that no source has', {}, { valueFiles: ['$values/x.yaml'] }, 'not-found', ''],
      [
        'a parameter file that is a folder',
        {},
        { fileParameters: [{ name: 'x', path: 'templates' }] },
        'not-found',
        '',
      ],
      ['a release with a name too long', {}, { releaseName: 'x'.repeat(54) }, 'invalid-input', '54'],
      [
        'a dependency that is nowhere',
        { 'shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n- name: lib\n' },
        {},
        'render-failed',
        'no repository',
      ],
      [
        'a dependency outside of the repository',
        {
          'shop/Chart.yaml':
            'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n- name: lib\n  repository: file://../../lib\n',
        },
        {},
        'render-failed',
        'outside',
      ],
      [
        'a dependency whose name is a path',
        {
          'shop/Chart.yaml':
            'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n- name: ../../x\n  repository: file://../common\n',
        },
        {},
        'render-failed',
        'no name',
      ],
      ['no chart', { 'shop/Chart.yaml': null }, {}, 'render-failed', 'does not exist'],
      ['a chart file that is no YAML', { 'shop/Chart.yaml': 'a: [' }, {}, 'render-failed', ''],
      ['output that is no manifest', { 'shop/templates/x.yaml': 'just: text\n' }, {}, 'render-failed', ''],
    ])('not %s', async (_, files, written, kind, why) => {
      const fault = await faultOf(render({ ...CHART, ...files }, written))
      expect(fault.kind).toBe(kind)
      expect(fault.why ?? '').toContain(why)
      expect(fault.fix.length).toBeGreaterThan(0)
      expect(JSON.stringify(fault)).not.toMatch(/mainstay-(tree|values|tool)-/)
    })

    it('nothing of a secret value in the complaint of the tool', async () => {
      const files = {
        ...CHART,
        'shop/templates/x.yaml': '{{ fail (printf "bad %s and %s" .Values.db.password .Values.apiToken) }}',
      }
      const written = {
        values: 'db:\n  password: hunter2-hunter2\n',
        parameters: [{ name: 'apiToken', value: 'tok-123456' }],
      }
      const fault = await faultOf(render(files, written))
      expect(fault.kind).toBe('render-failed')
      expect(JSON.stringify(fault)).not.toMatch(/hunter2|tok-123456/)
    })
  })
})

const CORPUS = join(import.meta.dirname, '../../../../../shared/corpus')
const CHARTS = ['podinfo/charts/podinfo', 'microservices-demo/helm-chart']

describeTool('helm', 'a chart of the corpus', (program) => {
  it.skipIf(!existsSync(CORPUS)).each(CHARTS)('%s gives the bytes of the tool itself', async (path) => {
    const bench = new RenderBench({ helm: program })
    try {
      const files = corpusFiles(join(CORPUS, path))
      const rendered = await bench.render(
        bench.repository(files),
        { path: '.', tool: { kind: 'helm', helm: helmOptions({ skipTests: true }) } },
        { environment, cluster },
      )
      const args = [...SHOP, '--include-crds', '--skip-tests']
      // Tests of a chart may have names by chance.
      const settled = (text: string | null) => text?.replaceAll(/-test-[a-z0-9]{5}$/gm, '-test')
      expect(settled(await bench.kept(rendered.digest))).toBe(settled(byHand(program, files, '.', args)))
      expect(rendered.manifests.length).toBeGreaterThan(1)
    } finally {
      await bench.close()
    }
  })
})

function corpusFiles(folder: string): Files {
  const names = execFileSync('find', ['.', '-type', 'f'], { cwd: folder, encoding: 'utf8' }).trim().split('\n')
  return Object.fromEntries(names.map((name) => [name.slice(2), readFileSync(join(folder, name), 'utf8')]))
}
