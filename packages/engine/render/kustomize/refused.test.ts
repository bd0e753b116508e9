// What kustomizations may not do: reach out, run programs, repeat secrets.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeTool } from '../../../../test/run/tool.ts'
import { faultOf } from '../../source/contract.ts'
import type { RenderOptions, RenderSource } from '../render.ts'
import { DEFAULT_SETTINGS } from '../settings.ts'
import { type Files, RenderBench } from '../testing/bench.ts'
import { deployment, shop } from '../testing/shop.ts'

describeTool('kustomize', 'kustomize', (program) => {
  let bench: RenderBench
  beforeAll(() => {
    bench = new RenderBench({ kustomize: program })
  })
  afterAll(() => bench.close())

  const rendered = (files: Files, source: Partial<RenderSource> = {}, options: RenderOptions = {}) =>
    bench.render(bench.repository(files), { path: 'overlays/prod', ...source }, options)

  describe('is refused', () => {
    it.each([
      ['https://github.com/acme/base?ref=v1', 'resources:\n  - URL\n'],
      ['github.com/acme/base//deploy?ref=v1', 'resources:\n- a.yaml\n- URL\n'],
      ['git@git.example.com:acme/base.git', 'components: [URL]\n'],
      ['git::ssh://git@git.example.com/acme/base', 'bases: ["URL"]\n'],
      ['https://example.com/manifests.yaml', 'resources: [URL]\n'],
      ['https://example.com/patch.yaml', 'patches: [{path: "URL"}]\n'],
      ['https://example.com/crd.json', 'crds: [URL]\n'],
    ])('what is elsewhere, before anything runs: %s', async (url, kustomization) => {
      const runs = bench.runs.length
      const files = {
        'overlays/prod/kustomization.yaml': kustomization.replace('URL', url),
        'overlays/prod/a.yaml': deployment('a'),
      }
      const fault = await faultOf(rendered(files))
      expect(fault).toMatchObject({ kind: 'unsupported' })
      expect(fault.where).toMatch(/^overlays\/prod\/kustomization\.yaml:[123]$/)
      expect(bench.runs).toHaveLength(runs)
    })

    it('with a password of its address kept out', async () => {
      const fault = await faultOf(
        rendered({
          'overlays/prod/kustomization.yaml': 'resources: ["https://u:pa55@example.com/x?token=t0ken&ref=v1"]\n',
        }),
      )
      expect(JSON.stringify(fault)).not.toMatch(/pa55|t0ken/)
    })

    it.each([
      ['resources: [../../../base]\n', 'invalid-input'],
      ['resources: [/etc]\n', 'invalid-input'],
      ['resources: ["file:///etc"]\n', 'invalid-input'],
      ['configMapGenerator: [{name: a, files: [k=/etc/passwd]}]\n', 'invalid-input'],
      [
        'transformers: ["apiVersion: builtin\\nkind: PatchTransformer\\nmetadata: {name: x}\\npath: ../../../x\\n"]\n',
        'invalid-input',
      ],
      ['patches: [{path: link.yaml}]\n', 'invalid-input'],
    ])('a way out of the repository: %s', async (kustomization, kind) => {
      const runs = bench.runs.length
      const files = {
        'overlays/prod/kustomization.yaml': kustomization,
        'overlays/prod/link.yaml': { link: '/etc/passwd' },
      }
      expect(await faultOf(rendered(files))).toMatchObject({ kind })
      expect(bench.runs).toHaveLength(runs)
    })

    it.each(['--enable-alpha-plugins', '--enable-exec', '--helm-command=/bin/sh', '-o x', '--unknown'])(
      'an option that would run or write something: %s',
      async (buildOptions) => {
        const fault = await faultOf(rendered(shop, {}, { settings: { ...DEFAULT_SETTINGS, buildOptions } }))
        expect(fault).toMatchObject({ kind: 'unsupported', where: 'ConfigMap argocd-cm: kustomize.buildOptions' })
      },
    )

    it('by kustomize itself: a plugin that is a program, a loop, a folder that is none', async () => {
      const plugin =
        'apiVersion: v1\nkind: Run\nmetadata:\n  name: x\n  annotations:\n    config.kubernetes.io/function: "exec: {path: ./run.sh}"\n'
      const files = {
        'overlays/prod/kustomization.yaml': 'generators: [g.yaml]\n',
        'overlays/prod/g.yaml': plugin,
        'overlays/prod/run.sh': '#!/bin/sh\necho hello\n',
      }
      expect((await faultOf(rendered(files))).kind).toBe('render-failed')
      const loop = {
        'overlays/prod/kustomization.yaml': 'resources: [../b]\n',
        'overlays/b/kustomization.yaml': 'resources: [../prod]\n',
      }
      expect((await faultOf(rendered(loop))).why).toContain('cycle detected')
      expect((await faultOf(rendered({ 'overlays/prod/kustomization.yaml': 'resources: [none.yaml]\n' }))).where).toBe(
        'overlays/prod',
      )
    })
  })

  it('repeats no Secret when kustomize complains of one', async () => {
    const files = {
      'overlays/prod/kustomization.yaml': 'resources: [s.yaml]\n',
      'overlays/prod/s.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  password: hunter2hunter2\n: broken\n',
    }
    const fault = await faultOf(rendered(files))
    expect(fault.kind).toBe('render-failed')
    expect(JSON.stringify(fault)).not.toContain('hunter2')
  })
})
