// An application of a chart from a Helm repository, with values from Git: synced, upgraded by version and by values, undone.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testAuthority } from '@mainstay/engine/cluster/testing/certificates.ts'
import { type FakeServer, fakeServer } from '@mainstay/engine/cluster/testing/fake-server.ts'
import { accessWith, OneAccess } from '@mainstay/engine/http/testing/access.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { describeTool } from '../run/tool.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench } from './workbench.ts'

const TEMPLATE = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  chart: {{ .Chart.Version | quote }}
  color: {{ .Values.color | quote }}
  size: {{ .Values.size | quote }}
`

/** A Helm repository on a server of its own; `publish` adds a version of the chart. */
class Charts {
  readonly authority = testAuthority()
  readonly folder = mkdtempSync(join(tmpdir(), 'mainstay-charts-'))
  readonly #helm: string
  #server: FakeServer | null = null

  constructor(helm: string) {
    this.#helm = helm
  }

  async open(): Promise<string> {
    const answer = ({ path }: { readonly path: string }) => ({ text: readFileSync(join(this.folder, path.slice(1))) })
    this.#server = await fakeServer(answer, { tls: this.authority, names: ['127.0.0.1'] })
    return this.#server.url
  }

  publish(version: string): void {
    const chart = join(this.folder, 'src', 'shop')
    mkdirSync(join(chart, 'templates'), { recursive: true })
    writeFileSync(join(chart, 'Chart.yaml'), `apiVersion: v2\nname: shop\nversion: ${version}\n`)
    writeFileSync(join(chart, 'values.yaml'), 'color: red\nsize: 1\n')
    writeFileSync(join(chart, 'templates', 'a.yaml'), TEMPLATE)
    const options = { env: { HOME: this.folder }, stdio: 'pipe' } as const
    execFileSync(this.#helm, ['package', chart, '--destination', this.folder], options)
    execFileSync(this.#helm, ['repo', 'index', this.folder], options)
  }

  async close(): Promise<void> {
    await this.#server?.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

describeTool('helm', 'an application of a chart', (helm) => {
  describeCluster('on a cluster', (sharedCluster) => {
    const charts = new Charts(helm)
    let cluster: SharedCluster
    let bench: Workbench

    beforeAll(async () => {
      cluster = await sharedCluster()
      charts.publish('1.0.0')
      const tls = { insecure: false, ca: charts.authority.ca, client: null }
      const accesses = new OneAccess(accessWith({ tls }))
      bench = await openWorkbench(cluster, 'helm', { accesses })
      const repoURL = await charts.open()
      const chart = {
        repoURL,
        chart: 'shop',
        targetRevision: '^1',
        helm: {
          valueFiles: ['$values/envs/*.yaml'],
          parameters: [{ name: 'size', value: '3' }],
          // Other tests make API groups of the cluster fail for a moment.
          kubeVersion: '1.36',
          apiVersions: ['v1'],
        },
      }
      const values = { repoURL: `file://${bench.repository}`, targetRevision: 'main', ref: 'values' }
      await bench.writeApp({ source: undefined, sources: [chart, values] })
      await bench.commit('values', { 'envs/a.yaml': 'color: blue\n' })
    })
    afterAll(async () => {
      await bench.dispose()
      await charts.close()
    })

    const live = async (): Promise<unknown> => {
      const answer = await cluster.api.request('GET', `/api/v1/namespaces/${bench.namespace}/configmaps/helm`)
      return (answer.body as { data?: unknown }).data
    }
    const run = async (...words: readonly string[]) => {
      const ran = await bench.mainstay('app', ...words, 'helm', '-f', bench.appFile)
      return { ...ran, text: ran.out + ran.err }
    }

    it('is synced with values of another repository, and then has nothing to do', async () => {
      const ran = await run('sync')
      expect(ran.code, ran.text).toBe(0)
      expect(await live()).toEqual({ chart: '1.0.0', color: 'blue', size: '3' })
      expect((await run('plan')).code).toBe(0)
    })

    it('changes with a version that is published, and with a commit to the values', async () => {
      charts.publish('1.1.0')
      const plan = await run('plan')
      expect(plan.code, plan.text).toBe(1)
      expect(plan.text).toContain('1.1.0')
      await bench.commit('another colour', { 'envs/b.yaml': 'color: gold\n' })
      expect((await run('sync')).code).toBe(0)
      expect(await live()).toEqual({ chart: '1.1.0', color: 'gold', size: '3' })
    })

    it('goes back to the version and the values of an earlier sync', async () => {
      const ran = await bench.mainstay('app', 'rollback', 'helm', '0', '-f', bench.appFile)
      expect(ran.code, ran.out + ran.err).toBe(0)
      expect(await live()).toEqual({ chart: '1.0.0', color: 'blue', size: '3' })
    })

    it('is left as it is where its repository cannot be reached', async () => {
      const before = await live()
      await charts.close()
      const ran = await run('sync', '--prune')
      expect(ran.code, ran.text).toBe(2)
      expect(await live()).toEqual(before)
    })
  })
})
