// Charts inside of kustomizations: rendered by Helm where the installation says so, with what is in the repository alone.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeTool } from '../../../../test/run/tool.ts'
import { faultOf } from '../../source/contract.ts'
import { DEFAULT_SETTINGS } from '../settings.ts'
import { type Files, kustomizeOptions, RenderBench } from '../testing/bench.ts'

const template = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  colour: {{ .Values.colour }}
  kube: {{ .Capabilities.KubeVersion.Version }}
  has: {{ .Capabilities.APIVersions.Has "example.com/v1/Thing" | quote }}
`

const files: Files = {
  'app/kustomization.yaml': `helmGlobals: {chartHome: ../charts}
helmCharts:
  - name: shop
    releaseName: web
    valuesInline: {colour: green}
`,
  'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'charts/shop/values.yaml': 'colour: red\n',
  'charts/shop/templates/a.yaml': template,
  'charts/other/Chart.yaml': 'apiVersion: v2\nname: other\nversion: 1.0.0\n',
}

const settings = { ...DEFAULT_SETTINGS, buildOptions: '--enable-helm --load-restrictor LoadRestrictionsNone' }
const cluster = async () => ({
  kubeVersion: 'v1.35.2+k3s1',
  apiVersions: ['v1', 'example.com/v1', 'example.com/v1/Thing'],
})

describeTool('kustomize', 'kustomize with charts', (kustomize) => {
  describeTool('helm', 'and helm', (helm) => {
    let bench: RenderBench
    beforeAll(() => {
      bench = new RenderBench({ kustomize, helm })
    })
    afterAll(() => bench.close())

    it('renders a chart of the repository for the version and the kinds of the cluster', async () => {
      const repository = bench.repository(files)
      const { manifests, inputs, digest } = await bench.render(repository, { path: 'app' }, { settings, cluster })
      expect(manifests[0]?.value).toMatchObject({
        metadata: { name: 'web' },
        data: { colour: 'green', kube: 'v1.35.2', has: 'true' },
      })
      expect(inputs.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['folder app', 'folder charts/shop'])
      const versions = ['--helm-kube-version', '1.35.2', '--helm-api-versions', 'example.com/v1/Thing']
      const args = [
        'build',
        join(repository.path, 'app'),
        ...settings.buildOptions.split(' '),
        ...versions,
        '--helm-command',
        helm,
      ]
      expect(await bench.kept(digest)).toBe(execFileSync(kustomize, args, { encoding: 'utf8' }))
    })

    it('is rendered anew for another cluster, and for the versions that the source names', async () => {
      const repository = bench.repository(files)
      const dataOf = async (change: object, tool = {}) => {
        const source = { path: 'app', tool: { kind: 'kustomize' as const, kustomize: kustomizeOptions(tool as never) } }
        return (await bench.render(repository, source, { settings, cluster, ...change })).manifests[0]?.value.data
      }
      expect(await dataOf({ cluster: async () => ({ kubeVersion: 'v1.30.0', apiVersions: [] }) })).toMatchObject({
        kube: 'v1.30.0',
        has: 'false',
      })
      const named = { kubeVersion: '1.29.0', apiVersions: ['example.com/v1/Thing'] }
      const unasked = () => Promise.reject(new Error('nobody asks the cluster'))
      expect(await dataOf({ cluster: unasked }, named)).toMatchObject({ kube: 'v1.29.0', has: 'true' })
    })

    it('is refused where charts are not enabled, and where the chart would be fetched', async () => {
      expect((await faultOf(bench.render(bench.repository(files), { path: 'app' }))).why).toContain('--enable-helm')
      const remote = 'helmCharts:\n- name: far\n  repo: https://charts.example.com\n  version: 1.0.0\n'
      const fault = await faultOf(
        bench.render(bench.repository({ 'kustomization.yaml': remote }), {}, { settings, cluster }),
      )
      expect(fault).toMatchObject({ kind: 'unsupported', where: 'kustomization.yaml:2' })
      expect(fault.what).toContain('chart far of https://charts.example.com')
    })
  })
})
