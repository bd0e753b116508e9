// Rendering folders of plain manifests from real repositories: what counts, what is left out, what is a fault.
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { DirectoryOptions, SourceTool } from '@mainstay/core/app/application.ts'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { faultOf } from '../source/contract.ts'
import { gitSource } from '../source/git-source.ts'
import type { Source } from '../source/source.ts'
import { type Change, TestRepository } from '../source/testing/repository.ts'
import { type RenderOptions, type RenderSource, render } from './render.ts'

let cache = ''
let source: Source
const made: TestRepository[] = []

beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'mainstay-cache-'))
  source = gitSource({ cache })
})
afterAll(async () => {
  await source.close()
  rmSync(cache, { recursive: true, force: true })
  for (const repo of made) repo.remove()
})

type Files = Readonly<Record<string, Change>>

function repository(files: Files): TestRepository {
  const repo = new TestRepository()
  made.push(repo)
  repo.commit('manifests', files)
  return repo
}

function directory(options: Partial<DirectoryOptions>): SourceTool {
  const none = { recurse: false, include: null, exclude: null, disableExtensionFilter: false, jsonnet: null }
  return { kind: 'directory', directory: { ...none, ...options } }
}

async function renderFiles(files: Files, change: Partial<RenderSource> = {}, options: RenderOptions = {}) {
  return renderRepository(repository(files), change, options)
}

async function renderRepository(repo: TestRepository, change: Partial<RenderSource> = {}, options: RenderOptions = {}) {
  const snapshot = await source.snapshot(await source.resolve(repo.path, 'HEAD'))
  return render(snapshot, { path: '.', chart: null, ref: null, tool: { kind: 'detect' }, ...change }, options)
}

const object = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`
const nameOf = ({ value }: { value: { readonly [key: string]: unknown } }) =>
  (value.metadata as { name?: string })?.name
const names = (result: Awaited<ReturnType<typeof render>>) => result.manifests.map(nameOf)

describe('a folder', () => {
  const files = {
    'apps/b.yaml': `# two\n---\n${object('b1')}---\n\n---\n${object('b2')}`,
    'apps/a.yml': object('a'),
    'apps/c.json': '{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1"}]}',
    'apps/a/z.yaml': object('az'),
    'apps/a-first/y.yaml': object('ay'),
    'apps/readme.md': '# no manifest',
    'apps/empty.yaml': '# nothing here\n',
    'other/x.yaml': object('x'),
  }

  it('gives its documents in the order of files with their origin; lists stay whole', async () => {
    const result = await renderFiles(files, { path: 'apps' })
    expect(result.manifests.map(({ origin }) => origin)).toEqual([
      { file: 'apps/a.yml', document: 1, line: 1 },
      { file: 'apps/b.yaml', document: 1, line: 3 },
      { file: 'apps/b.yaml', document: 3, line: 10 },
      { file: 'apps/c.json', document: 1, line: 1 },
    ])
    expect(result.manifests[3]?.value.kind).toBe('List')
    expect(result.manifests[2]?.lineOf(['metadata', 'name'])).toBe(13)
    expect(result.warnings).toEqual([])
  })

  it('is searched through where the source says so, subfolders in the place of their name', async () => {
    const result = await renderFiles(files, { path: 'apps', tool: directory({ recurse: true }) })
    expect(names(result)).toEqual(['az', 'ay', 'a', 'b1', 'b2', undefined])
    expect(names(await renderFiles(files, { tool: directory({ recurse: true, exclude: '*.json' }) }))).toContain('x')
  })

  it.each([
    [{ include: '*.yml' }, ['a']],
    [{ exclude: '{b.yaml,*.json}' }, ['a']],
    [{ recurse: true, include: 'a/*' }, ['az']],
    [{ recurse: true, include: '*.yaml', exclude: 'a*' }, ['b1', 'b2']],
    [{ include: '', exclude: '{*.json,b*}' }, ['a']],
  ])('chooses by %j', async (options, expected) => {
    expect(names(await renderFiles(files, { path: './apps/', tool: directory(options) }))).toEqual(expected)
  })

  it('may be the root of the repository, or empty', async () => {
    expect(names(await renderFiles({ 'a.yaml': object('a') }))).toEqual(['a'])
    expect(names(await renderFiles({ 'a.txt': 'x' }))).toEqual([])
  })

  it('keeps 64-bit integers and Go scalars', async () => {
    const text = `${object('x')}data:\n  big: 9007199254740993\n  mode: 0755\n  on: yes\n`
    const [manifest] = (await renderFiles({ 'a.yaml': text })).manifests
    expect(manifest?.value.data).toEqual({ big: 9007199254740993n, mode: 493, true: true })
  })

  it('is read from UTF-16 files as well', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(object('wide'), 'utf16le')])
    expect(names(await renderFiles({ 'a.yaml': new Uint8Array(bytes) }))).toEqual(['wide'])
  })
})

describe('a file that is no manifest', () => {
  it('is left out with a warning where it plainly is something else', async () => {
    const result = await renderFiles({
      'a.yaml': object('a'),
      'values.yaml': 'image:\n  tag: latest\nreplicas: 2\n',
      'playbook.yaml': '- hosts: all\n  tasks: []\n',
      'chart.yaml': 'apiVersion: v2\nname: x\nversion: 1.0.0\n',
    })
    expect(names(result)).toEqual(['a'])
    expect(result.warnings.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'chart.yaml:1',
      'playbook.yaml:1',
      'values.yaml:1',
    ])
  })

  it.each([
    ['a kind that is misspelt', 'apiVersion: v1\nkimd: ConfigMap\nmetadata: {name: a}\n', 1],
    ['an apiVersion that is missing', `---\n# x\nkind: ConfigMap\nmetadata:\n  name: a\n`, 3],
    ['an apiVersion that is no text', 'kind: A\napiVersion: 1\nmetadata: {name: a}\n', 2],
    ['a kind that is empty', 'apiVersion: v1\nkind: ""\n', 2],
    ['nothing but metadata and spec', 'metadata: {name: a}\nspec: {}\n', 1],
    ['something else after a manifest', `${object('a')}---\nreplicas: 1\n`, 6],
    ['a list of manifests', '- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n', 1],
    ['text', 'encrypted nonsense\n', 1],
  ])('is a fault where it has %s', async (_, text, line) => {
    const fault = await faultOf(renderFiles({ 'a.yaml': object('fine'), 'b.yaml': text }))
    expect(fault).toMatchObject({ kind: 'render-failed', where: `b.yaml:${line}` })
    expect(fault.fix.join()).toContain('directory.exclude')
  })

  it('is a fault where it is JSON, even where it is something else', async () => {
    expect(await faultOf(renderFiles({ 'p.json': '{\n"name": "x"}' }))).toMatchObject({ where: 'p.json:1' })
    expect((await faultOf(renderFiles({ 'p.json': '{}{}' }))).where).toBe('p.json:1:3')
    expect((await faultOf(renderFiles({ 'p.json': '' }))).kind).toBe('render-failed')
  })

  it('is left out without a word where it carries the mark for that, even where it cannot be read', async () => {
    const mark = '# +argocd:skip-file-rendering\n'
    const files = {
      'a.yaml': object('a'),
      'b.yaml': `${mark}{{ template }}`,
      'c.jsonnet': `// +argocd:skip-file-rendering\n{}`,
    }
    const result = await renderFiles(files)
    expect(names(result)).toEqual(['a'])
    expect(result.skipped).toEqual(['b.yaml', 'c.jsonnet'])
    expect(result.warnings).toEqual([])
  })

  it('is a fault where it cannot be read at all', async () => {
    const template = await faultOf(renderFiles({ 'a.yaml': 'a: {{ x }}: b\n' }))
    expect(template.kind).toBe('render-failed')
    expect(template.where).toMatch(/^a\.yaml:1:/)
    const binary = await faultOf(renderFiles({ 'a.yaml': new Uint8Array([0x61, 0x0a, 0xff, 0xfe, 0x00]) }))
    expect(binary).toMatchObject({ kind: 'render-failed', where: 'a.yaml:2', what: 'the file is not text' })
  })
})

describe('a fault', () => {
  it('names file, line and column, and there is no part of the rest', async () => {
    const fault = await faultOf(renderFiles({ 'a.yaml': object('a'), 'b.yaml': `${object('b')}data: [1\n` }))
    expect(fault.kind).toBe('render-failed')
    expect(fault.where).toMatch(/^b\.yaml:\d+:\d+$/)
  })

  it('does not quote a Secret', async () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: hunter2\n  bad: "hunter2\n'
    expect(JSON.stringify(await faultOf(renderFiles({ 'a.yaml': secret })))).not.toContain('hunter2')
  })

  it('says which folder is missing and what is there', async () => {
    const fault = await faultOf(renderFiles({ 'apps/a.yaml': object('a') }, { path: 'app' }))
    expect(fault).toMatchObject({ kind: 'not-found', fix: ['did you mean apps?'] })
  })

  it.each([
    [{ include: '[' }, 'directory.include: ['],
    [{ exclude: '{a' }, 'directory.exclude: {a'],
  ])('tells of the pattern %j', async (options, where) => {
    expect(await faultOf(renderFiles({ 'a.yaml': object('a') }, { tool: directory(options) }))).toMatchObject({
      kind: 'invalid-input',
      where,
    })
  })

  it('ends rendering beyond the limits', async () => {
    const files = { 'a.yaml': object('a'), 'b.yaml': object('b') }
    const limited = (limits: RenderOptions['limits'] & object) => faultOf(renderFiles(files, {}, { limits }))
    expect((await limited({ totalBytes: 60 })).kind).toBe('too-large')
    expect((await limited({ manifests: 1 })).kind).toBe('too-large')
    expect((await limited({ milliseconds: -1 })).kind).toBe('timeout')
    const stop = AbortSignal.abort()
    expect((await faultOf(renderFiles(files, {}, { signal: stop }))).kind).toBe('cancelled')
  })
})

describe('links', () => {
  it('inside the repository are followed, and named where the folder does not cover them', async () => {
    const result = await renderFiles(
      {
        'apps/a.yaml': { link: '../shared/a.yaml' },
        'apps/b.yaml': { link: 'c.txt' },
        'apps/c.txt': object('c'),
        'shared/a.yaml': object('a'),
      },
      { path: 'apps' },
    )
    expect(names(result)).toEqual(['a', 'c'])
    expect(result.manifests[0]?.origin.file).toBe('apps/a.yaml')
    expect(result.inputs).toContainEqual(expect.objectContaining({ path: 'apps/a.yaml', realPath: 'shared/a.yaml' }))
  })

  it('may lead to the folder itself', async () => {
    const result = await renderFiles({ current: { link: 'v2' }, 'v2/a.yaml': object('a') }, { path: 'current' })
    expect(result.manifests[0]?.origin.file).toBe('current/a.yaml')
    expect(result.inputs[0]).toMatchObject({ kind: 'folder', path: 'current', realPath: 'v2' })
  })

  it('to folders are not walked into', async () => {
    const files = {
      'a.yaml': object('a'),
      'link.yaml': { link: 'sub' },
      again: { link: 'sub' },
      'sub/b.yaml': object('b'),
    }
    expect(names(await renderFiles(files, { tool: directory({ recurse: true }) }))).toEqual(['a', 'b'])
  })

  it('out of the repository, and to nothing, are faults unless they are left out', async () => {
    const out = { 'a.yaml': object('a'), 'out.yaml': { link: '/etc/hostname' } }
    expect((await faultOf(renderFiles(out))).kind).toBe('invalid-input')
    const dangling = { 'a.yaml': object('a'), 'gone.yaml': { link: 'nowhere.yaml' } }
    expect(await faultOf(renderFiles(dangling))).toMatchObject({ kind: 'render-failed', where: 'gone.yaml' })
    expect(names(await renderFiles(dangling, { tool: directory({ exclude: 'gone*' }) }))).toEqual(['a'])
    expect(names(await renderFiles(out, { tool: directory({ exclude: 'out*' }) }))).toEqual(['a'])
  })
})

describe('what cannot be rendered is refused by name', () => {
  it.each([
    ['apps/Chart.yaml', 'need a tool'],
    ['apps/kustomization.yaml', 'need a tool'],
    ['apps/kustomization.yml', 'need a tool'],
    ['apps/Kustomization', 'need a tool'],
    ['apps/x.jsonnet', 'Jsonnet is not rendered here'],
    ['apps/lfs.yaml', 'Git LFS'],
  ])('%s: %s', async (file, what) => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0123456789abcdef\nsize 5\n'
    const fault = await faultOf(renderFiles({ [file]: file.includes('lfs') ? pointer : '{}\n' }, { path: 'apps' }))
    expect(fault).toMatchObject({ kind: 'unsupported', where: file })
    expect(fault.what).toContain(what)
  })

  it('plugins, tools that the spec names, and files without extension', async () => {
    const plugin: SourceTool = { kind: 'plugin', plugin: { name: 'x', env: [], parameters: [] } }
    expect((await faultOf(renderFiles({}, { tool: plugin }))).where).toBe('spec.source.plugin')
    expect((await faultOf(renderFiles({}, { tool: directory({ disableExtensionFilter: true }) }))).kind).toBe(
      'unsupported',
    )
  })

  it('submodules that cannot be read where the folder is searched through, unless they are left out', async () => {
    const inner = repository({ 'x.yaml': object('x') })
    const outer = repository({ 'a.yaml': object('a') })
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.path, 'sub')
    outer.commit('with a submodule')
    const all = { tool: directory({ recurse: true }) }
    expect(names(await renderRepository(outer, all))).toEqual(['a', 'x'])
    inner.remove()
    outer.git('update-index', '--cacheinfo', `160000,${'1'.repeat(40)},sub`)
    outer.git('commit', '--quiet', '--message=a commit that is not there')
    expect((await faultOf(renderRepository(outer, all))).what).toBe('the submodule "sub" cannot be read')
    expect(names(await renderRepository(outer, { tool: directory({ recurse: true, exclude: 'sub/*' }) }))).toEqual([
      'a',
    ])
    expect(names(await renderRepository(outer))).toEqual(['a'])
  })
})

describe('a source without a path', () => {
  it('gives nothing where others refer to it, and is a fault otherwise', async () => {
    expect(await renderFiles({}, { path: null, ref: 'values' })).toMatchObject({ manifests: [], treeId: null })
    expect(await faultOf(renderFiles({}, { path: null }))).toMatchObject({
      kind: 'invalid-input',
      where: 'spec.source.path',
    })
  })
})

describe('settings in the repository', () => {
  const files = {
    'a.yaml': object('a'),
    'sub/b.yaml': object('b'),
    '.argocd-source.yaml': 'directory:\n  recurse: true\n',
    '.argocd-source-shop.yaml': 'directory:\n  exclude: a.yaml\n',
  }

  it("are merged into the source, the application's own last, and are no manifests", async () => {
    expect(names(await renderFiles(files))).toEqual(['a', 'b'])
    expect(names(await renderFiles(files, {}, { appName: 'shop' }))).toEqual(['b'])
    expect(names(await renderFiles(files, {}, { appName: 'other' }))).toEqual(['a', 'b'])
  })

  it('change the digest, and are named among what was read', async () => {
    const repo = repository(files)
    const plain = await renderRepository(repo)
    const own = await renderRepository(repo, {}, { appName: 'shop' })
    expect(own.digest).not.toBe(plain.digest)
    expect(own.inputs.map(({ path }) => path)).toContain('.argocd-source-shop.yaml')
  })

  it('cannot move the source, and what they do not know is a warning', async () => {
    const result = await renderFiles({
      'a.yaml': object('a'),
      '.argocd-source.yaml': 'path: other\nfoo: 1\ndirectory: {bar: 1}\n',
    })
    expect(names(result)).toEqual(['a'])
    expect(result.warnings.map(({ line }) => line)).toEqual([1, 2, 3])
  })

  it.each([
    ['helm:\n  values: x\n', 'unsupported', 'spec.source.helm'],
    ['directory: {}\nkustomize: {}\n', 'render-failed', '.argocd-source.yaml:1'],
    ['\nkustomize:\n  images: web\n', 'render-failed', '.argocd-source.yaml:3'],
    ['directory:\n  recurse: maybe\n', 'render-failed', '.argocd-source.yaml:2'],
    ['directory: [1]\n', 'render-failed', '.argocd-source.yaml:1'],
    ['directory: [\n', 'render-failed', '.argocd-source.yaml:2:1'],
  ])('%j are a fault', async (text, kind, where) => {
    expect(await faultOf(renderFiles({ 'a.yaml': object('a'), '.argocd-source.yaml': text }))).toMatchObject({
      kind,
      where,
    })
  })
})

describe('the digest', () => {
  it('is the same for the same files in another commit, and another where anything changed', async () => {
    const repo = repository({ 'apps/a.yaml': object('a') })
    const first = await renderRepository(repo, { path: 'apps' })
    repo.commit('elsewhere', { 'other.md': 'x' })
    const second = await renderRepository(repo, { path: 'apps' })
    expect([second.digest, second.treeId]).toEqual([first.digest, first.treeId])
    const chosen = await renderRepository(repo, { path: 'apps', tool: directory({ include: '*.yaml' }) })
    expect(chosen.digest).not.toBe(first.digest)
    repo.commit('change', { 'apps/a.yaml': object('b') })
    const third = await renderRepository(repo, { path: 'apps' })
    expect(third.digest).not.toBe(first.digest)
    expect(third.treeId).not.toBe(first.treeId)
  })
})

const corpus = process.env.MAINSTAY_CORPUS ?? resolve(import.meta.dirname, '../../../../shared/corpus')

// The corpus is no part of the project: where it is not beside it, there is nothing to test.
const corpusTest = existsSync(corpus) ? test : () => undefined

corpusTest('folders of the public corpus are rendered whole', async () => {
  const folders = [
    'argo-cd-state/1-synced/repo',
    'argo-cd-state/2-changed/repo',
    'microservices-demo/kubernetes-manifests',
  ]
  for (const folder of folders) {
    const files = globSync('**/*.yaml', { cwd: join(corpus, folder) }).filter((file) => !/^(?:chart|kust)\//.test(file))
    const contents = files.map((file) => [file, readFileSync(join(corpus, folder, file), 'utf8')] as const)
    const result = await renderFiles(Object.fromEntries(contents), { tool: directory({ recurse: true }) })
    const rendered = new Set(result.manifests.map(({ origin }) => origin.file))
    expect([folder, files.filter((file) => !rendered.has(file)).length]).toEqual([folder, result.warnings.length])
    expect(rendered.size).toBeGreaterThan(4)
  }
})
