// Kustomizations by the real kustomize: the same bytes as run by hand, every setting, and nothing from elsewhere.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeTool } from '../../../../test/run/tool.ts'
import { faultOf } from '../../source/contract.ts'
import type { RenderOptions, RenderSource } from '../render.ts'
import { DEFAULT_SETTINGS } from '../settings.ts'
import { type Files, kustomizeOptions, RenderBench } from '../testing/bench.ts'
import { deployment, shop } from '../testing/shop.ts'

describeTool('kustomize', 'kustomize', (program) => {
  let bench: RenderBench
  beforeAll(() => {
    bench = new RenderBench({ kustomize: program })
  })
  afterAll(() => bench.close())

  const rendered = (files: Files, source: Partial<RenderSource> = {}, options: RenderOptions = {}) =>
    bench.render(bench.repository(files), { path: 'overlays/prod', ...source }, options)

  const withSettings = (settings: JsonObject, options: RenderOptions = {}) =>
    rendered(shop, { tool: { kind: 'kustomize', kustomize: kustomizeOptions(settings) } }, options)

  /** What kustomize gives by hand in a checkout, with commands before it. */
  const byHand = (files: Files, path: string, ...edits: readonly (readonly string[])[]): string => {
    const checkout = bench.repository(files).path
    for (const edit of edits) execFileSync(program, ['edit', ...edit], { cwd: join(checkout, path), stdio: 'ignore' })
    return execFileSync(program, ['build', join(checkout, path)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  }

  const textOf = async (files: Files, path: string, settings: JsonObject | null = null) => {
    const before = bench.runs.length
    const tool =
      settings === null
        ? { kind: 'detect' as const }
        : { kind: 'kustomize' as const, kustomize: kustomizeOptions(settings) }
    const result = await bench.render(bench.repository(files), { path, tool })
    return { result, commands: bench.runs.slice(before).map(({ args }) => args.join(' ')) }
  }

  it('gives the documents of kustomize in its order, with the command for an origin', async () => {
    const { manifests, inputs } = await rendered(shop)
    expect(manifests.map(({ value }) => value.kind)).toEqual(['ConfigMap', 'Deployment'])
    expect(manifests[1]?.origin).toEqual({ file: 'kustomize build overlays/prod', document: 2, line: null })
    expect(manifests[1]?.value).toMatchObject({ metadata: { name: 'prod-web' } })
    expect(inputs.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['folder overlays/prod', 'folder base'])
  })

  it.each<[string, JsonObject, readonly (readonly string[])[]]>([
    ['namePrefix', { namePrefix: '-x-' }, [['set', 'nameprefix', '--', '-x-']]],
    ['nameSuffix', { nameSuffix: '-y' }, [['set', 'namesuffix', '--', '-y']]],
    [
      'images',
      { images: ['registry.example.com/web:2.0', 'web=other@sha256:abc'] },
      [['set', 'image', 'registry.example.com/web:2.0', 'web=other@sha256:abc']],
    ],
    ['replicas', { replicas: [{ name: 'web', count: '3' }] }, [['set', 'replicas', 'web=3']]],
    ['commonLabels', { commonLabels: { b: '2', a: '1' } }, [['add', 'label', 'a:1', 'b:2']]],
    [
      'commonLabels of templates',
      { commonLabels: { a: '1' }, labelWithoutSelector: true, labelIncludeTemplates: true, forceCommonLabels: true },
      [['add', 'label', '--force', '--without-selector', '--include-templates', 'a:1']],
    ],
    [
      'commonAnnotations',
      { commonAnnotations: { a: 'x$y' }, forceCommonAnnotations: true },
      [['add', 'annotation', '--force', 'a:x$y']],
    ],
    ['namespace', { namespace: 'shop' }, [['set', 'namespace', '--', 'shop']]],
    ['components', { components: ['../../components/quiet'] }, [['add', 'component', '../../components/quiet']]],
    [
      'components that may be missing',
      { components: ['../../components/quiet', '../../components/none'], ignoreMissingComponents: true },
      [['add', 'component', '../../components/quiet']],
    ],
    [
      'several at once, in the order of Argo CD',
      { namespace: 'n', commonLabels: { l: '1' }, images: ['web:3'], nameSuffix: '-z', namePrefix: 'a-' },
      [
        ['set', 'nameprefix', '--', 'a-'],
        ['set', 'namesuffix', '--', '-z'],
        ['set', 'image', 'web:3'],
        ['add', 'label', 'l:1'],
        ['set', 'namespace', '--', 'n'],
      ],
    ],
  ])('does to the kustomization what Argo CD does: %s', async (_, settings, edits) => {
    const { result, commands } = await textOf(shop, 'overlays/prod', settings)
    expect(commands.slice(0, -1)).toEqual(edits.map((words) => ['edit', ...words].join(' ')))
    const expected = byHand(shop, 'overlays/prod', ...edits)
    const documents = expected.split(/^---$/m).length
    expect(result.manifests).toHaveLength(documents)
    const { text } = await lastText(result.digest)
    expect(text).toBe(expected)
  })

  /** The bytes as they were kept for a digest. */
  const lastText = async (digest: string) => ({ text: await bench.kept(digest) })

  it('patches, and adds components after it', async () => {
    const patch = '- op: replace\n  path: /spec/replicas\n  value: 5\n'
    const { manifests } = await withSettings({
      patches: [
        { target: { kind: 'Deployment' }, patch },
        { path: 'extra.yaml', target: { kind: 'Deployment', name: 'web' } },
      ],
      components: ['../../components/quiet'],
    }).catch(async (error: unknown) => {
      // The file is not in the overlay: kustomize says so, and where.
      expect((await faultOf(Promise.reject(error))).why).toContain('overlays/prod/extra.yaml')
      return withSettings({
        patches: [{ target: { kind: 'Deployment' }, patch }],
        components: ['../../components/quiet'],
      })
    })
    expect(manifests.find(({ value }) => value.kind === 'Deployment')?.value).toMatchObject({
      metadata: { annotations: { quiet: 'yes' } },
      spec: { replicas: 5 },
    })
  })

  it('fills in the build environment in images and labels, and in annotations where asked', async () => {
    const environment = {
      appName: 'shop',
      namespace: 'n',
      project: 'default',
      revision: 'f913b6cbf58aa5ae5ca1f8a2b149477aebcbd9d8',
      path: 'p',
      repoURL: 'r',
      targetRevision: 'main',
    }
    const settings = {
      images: ['registry.example.com/web:$ARGOCD_APP_REVISION_SHORT'],
      commonLabels: { app: '$ARGOCD_APP_NAME' },
      commonAnnotations: { a: '$ARGOCD_APP_NAME' },
      forceCommonLabels: true,
    }
    const webOf = async (more: JsonObject) =>
      (await withSettings({ ...settings, ...more }, { environment })).manifests.find(
        ({ value }) => value.kind === 'Deployment',
      )
    expect(JSON.stringify((await webOf({}))?.value)).toContain('registry.example.com/web:f913b6c')
    expect((await webOf({}))?.value).toMatchObject({
      metadata: { labels: { app: 'shop' }, annotations: { a: '$ARGOCD_APP_NAME' } },
    })
    expect((await webOf({ commonAnnotationsEnvsubst: true }))?.value).toMatchObject({
      metadata: { annotations: { a: 'shop' } },
    })
  })

  it('takes settings from the repository, over those of the source', async () => {
    const files: Files = {
      ...shop,
      'overlays/prod/.argocd-source.yaml':
        'path: elsewhere\nkustomize:\n  namePrefix: null\n  nameSuffix: -all\n  commonLabels: {team: a}\n',
      'overlays/prod/.argocd-source-shop.yaml':
        'kustomize:\n  nameSuffix: -shop\n  images: [registry.example.com/web:3]\n',
    }
    const tool = {
      kind: 'kustomize' as const,
      kustomize: kustomizeOptions({
        namePrefix: 'x-',
        commonLabels: { tier: 'b' },
        images: ['registry.example.com/web:2'],
      }),
    }
    const webOf = async (appName: string) => {
      const { manifests, warnings } = await rendered(files, { tool }, { appName })
      expect(warnings.map(({ line }) => line)).toEqual([1])
      return JSON.stringify(manifests.find(({ value }) => value.kind === 'Deployment')?.value)
    }
    const own = await webOf('shop')
    for (const text of ['"prod-web-shop"', '"team":"a"', '"tier":"b"', 'web:3']) expect(own).toContain(text)
    const other = await webOf('other')
    for (const text of ['"prod-web-all"', '"team":"a"', 'web:2']) expect(other).toContain(text)
  })

  it('tells of a version that is asked for and not there', async () => {
    const { warnings } = await withSettings({ version: 'v4.5.7' })
    expect(warnings[0]?.file).toBe('spec.source.kustomize.version')
    expect(warnings[0]?.what).toMatch(/^kustomize v4\.5\.7 is asked for and 5\.\d+\.\d+ is used$/)
  })

  describe('the folder', () => {
    it('cannot lie below its base: kustomize calls that a cycle, and its neighbours are not even looked at', async () => {
      const files: Files = {
        'app/kustomization.yaml': 'resources: [deployment.yaml]\n',
        'app/deployment.yaml': deployment('web'),
        'app/overlays/prod/kustomization.yaml': 'resources: [../..]\n',
        'app/huge.bin': 'x'.repeat(1000),
      }
      expect((await faultOf(rendered(files, { path: 'app/overlays/prod' }))).why).toContain('cycle detected')
    })

    it('may be reached through links, and have links in it', async () => {
      const files: Files = {
        current: { link: 'v2' },
        'v2/kustomization.yaml': 'resources: [web.yaml, ../linked]\n',
        'v2/web.yaml': { link: 'files/web.yaml' },
        'v2/files/web.yaml': deployment('web'),
        linked: { link: 'real' },
        'real/Kustomization': 'resources: [db.yaml]\n',
        'real/db.yaml': deployment('db'),
      }
      const { manifests } = await rendered(files, { path: 'current' })
      expect(manifests.map(({ value }) => value.metadata)).toMatchObject([{ name: 'db' }, { name: 'web' }])
    })

    it('has everything that a kustomization can load from elsewhere, and nothing more', async () => {
      const buildOptions = '--load-restrictor LoadRestrictionsNone'
      const kustomization = `resources: [../app/web.yaml]
configMapGenerator: [{name: c, files: [key=../app/c.txt], envs: [../app/c.env]}]
secretGenerator: [{name: s, files: [../app/s.txt], env: ../app/s.env}]
patches: [{path: ../app/a.yaml}]
patchesStrategicMerge: [../app/b.yaml, "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, annotations: {x: y}}}"]
patchesJson6902: [{path: ../app/c.yaml, target: {version: v1, group: apps, kind: Deployment, name: web}}]
replacements: [{path: ../app/r.yaml}]
transformers: [../app/t.yaml, "{apiVersion: builtin, kind: PrefixTransformer, metadata: {name: p}, prefix: p-, fieldSpecs: [{path: metadata/name}]}"]
generators: [../app/g.yaml]
configurations: [../app/conf.yaml]
crds: [../app/crd.json]
`
      const files: Files = {
        'prod/kustomization.yaml': kustomization,
        'app/web.yaml': deployment('web'),
        'app/c.txt': 'c',
        'app/c.env': 'A=1\n',
        'app/s.txt': 's',
        'app/s.env': 'B=2\n',
        'app/a.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, annotations: {a: "1"}}\n',
        'app/b.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, annotations: {b: "1"}}\n',
        'app/c.yaml': '- {op: add, path: /metadata/annotations/c, value: "1"}\n',
        'app/u.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, annotations: {t: "1"}}\n',
        'app/r.yaml': 'source: {kind: Deployment, name: web}\ntargets: []\n',
        'app/t.yaml': 'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\npath: ../app/u.yaml\n',
        'app/g.yaml': 'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: g}\nfiles: [../app/c.txt]\n',
        'app/conf.yaml': 'namePrefix: []\n',
        'app/crd.json': '{}',
      }
      const settings = { ...DEFAULT_SETTINGS, buildOptions }
      const repository = bench.repository({ ...files, 'app/unused.yaml': deployment('unused') })
      const { digest, inputs } = await bench.render(repository, { path: 'prod' }, { settings })
      const args = ['build', join(repository.path, 'prod'), ...buildOptions.split(' ')]
      expect(await bench.kept(digest)).toBe(
        execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
      )
      const read = inputs.flatMap(({ kind, path }) => (kind === 'file' ? [path] : []))
      expect(read.toSorted()).toEqual(
        Object.keys(files)
          .filter((path) => path.startsWith('app/'))
          .toSorted(),
      )
    })
  })

  it('may load from outside of a kustomization where the installation allows it', async () => {
    const files = {
      'overlays/prod/kustomization.yaml': 'configMapGenerator: [{name: c, files: [../../shared.txt]}]\n',
      'shared.txt': 'shared',
    }
    expect((await faultOf(rendered(files))).why).toContain('security')
    const settings = { ...DEFAULT_SETTINGS, buildOptions: '--load-restrictor LoadRestrictionsNone' }
    expect((await rendered(files, {}, { settings })).manifests[0]?.value.data).toEqual({ 'shared.txt': 'shared' })
  })

  it('loads from elsewhere where the installation allows it, and keeps nothing of that', async () => {
    let name = 'first'
    const server = createServer((_, response) =>
      response.end(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const repository = bench.repository({ 'kustomization.yaml': `resources: ["http://127.0.0.1:${port}/a.yaml"]\n` })
    const settings = { ...DEFAULT_SETTINGS, remoteBases: 'allowed' as const }
    const nameNow = async () => (await bench.render(repository, {}, { settings })).manifests[0]?.value.metadata
    try {
      expect(await nameNow()).toEqual({ name: 'first' })
      name = 'second'
      expect(await nameNow()).toEqual({ name: 'second' })
    } finally {
      server.close()
    }
  })
})
