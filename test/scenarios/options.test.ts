// Sync options and ignore rules as Argo CD's users know them, on a real API server.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { CONFIG, LEGACY, SERVICE, WEB } from './manifests.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench } from './workbench.ts'

interface Seen {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly managedFields?: readonly { readonly manager: string; readonly operation: string }[]
  }
  readonly spec?: { readonly replicas?: number; readonly paused?: boolean }
  readonly data?: Readonly<Record<string, string>>
}

describeCluster('sync options', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench

  beforeAll(async () => {
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'options')
  })
  afterAll(() => bench.dispose())

  const get = async (path: string): Promise<Seen | null> => {
    const answer = await cluster.api.request('GET', path.replace('NS', bench.namespace))
    return answer.status === 404 ? null : (answer.body as Seen)
  }
  const patch = async (path: string, body: unknown, manager: string): Promise<void> => {
    const url = `${path.replace('NS', bench.namespace)}?fieldManager=${manager}`
    expect((await cluster.api.request('PATCH', url, body, 'application/merge-patch+json')).status).toBe(200)
  }
  const sync = async (...flags: readonly string[]): Promise<string> => {
    const ran = await bench.mainstay('app', 'sync', 'options', '-f', bench.appFile, ...flags)
    expect(ran.code, ran.out + ran.err).toBe(0)
    return ran.out
  }
  const DEPLOYMENT = '/apis/apps/v1/namespaces/NS/deployments/web'
  const CONFIG_PATH = '/api/v1/namespaces/NS/configmaps/web-config'

  describe('ignoreDifferences', () => {
    const rules = (...list: readonly unknown[]) => ({ ignoreDifferences: list })
    const replicas = { group: 'apps', kind: 'Deployment', jqPathExpressions: ['.spec.replicas'] }

    it('leaves an ignored field out of the comparison, and overwrites it with the next change of the object', async () => {
      await bench.writeApp(rules(replicas))
      await bench.commit('web', { 'shop/web.yaml': WEB })
      await sync()
      await patch(DEPLOYMENT, { spec: { replicas: 5 } }, 'autoscaler')
      const plan = await bench.mainstay('app', 'plan', 'options', '-f', bench.appFile)
      expect(plan.code, plan.out).toBe(0)
      await bench.commit('paused', { 'shop/web.yaml': WEB.replace('replicas: 2', 'replicas: 2\n  paused: true') })
      await sync()
      expect((await get(DEPLOYMENT))?.spec).toMatchObject({ replicas: 2, paused: true })
    })

    it('keeps the live value with RespectIgnoreDifferences=true, whatever else is changed', async () => {
      await bench.writeApp({ ...rules(replicas), syncPolicy: { syncOptions: ['RespectIgnoreDifferences=true'] } })
      await patch(DEPLOYMENT, { spec: { replicas: 6 } }, 'autoscaler')
      await bench.commit('running', { 'shop/web.yaml': WEB.replace('replicas: 2', 'replicas: 2\n  paused: false') })
      const out = await sync()
      expect(out).not.toContain('replicas')
      expect((await get(DEPLOYMENT))?.spec?.replicas).toBe(6)
      const plan = await bench.mainstay('app', 'plan', 'options', '-f', bench.appFile)
      expect(plan.code, plan.out).toBe(0)
    })

    it('trusts the managers that it names', async () => {
      const trusted = { group: 'apps', kind: 'Deployment', managedFieldsManagers: ['autoscaler'] }
      await bench.writeApp({ ...rules(trusted), syncPolicy: { syncOptions: ['RespectIgnoreDifferences=true'] } })
      await patch(DEPLOYMENT, { spec: { replicas: 7 } }, 'autoscaler')
      await bench.commit('a label', { 'shop/web.yaml': WEB.replace('name: web\n', 'name: web\n  labels: {team: a}\n') })
      await sync()
      expect((await get(DEPLOYMENT))?.spec?.replicas).toBe(7)
      expect((await get(DEPLOYMENT))?.metadata.labels).toEqual({ team: 'a' })
    })

    it('is told where an expression is not understood, and asks before the object is changed', async () => {
      const unknown = { group: 'apps', kind: 'Deployment', jqPathExpressions: ['input_line_number'] }
      await bench.writeApp(rules(unknown))
      const ran = await bench.mainstay('app', 'sync', 'options', '-f', bench.appFile)
      expect(ran.code, ran.out + ran.err).toBe(3)
      expect(ran.out).toContain('spec.ignoreDifferences[0].jqPathExpressions[0] cannot be honoured')
      await bench.writeApp({})
      await sync()
    })
  })

  it('a field that Argo CD had applied client-side goes when Git drops it', async () => {
    const name = 'client-side'
    const annotations = (data: unknown) => {
      const own = { 'argocd.argoproj.io/tracking-id': `options:/ConfigMap:${bench.namespace}/${name}` }
      const manifest = {
        apiVersion: 'v1',
        data,
        kind: 'ConfigMap',
        metadata: { annotations: own, name, namespace: bench.namespace },
      }
      return { ...own, 'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(manifest)}\n` }
    }
    const data = { kept: 'a', dropped: 'b' }
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations: annotations(data) }, data }
    const url = `/api/v1/namespaces/${bench.namespace}/configmaps?fieldManager=argocd-controller`
    expect((await cluster.api.request('POST', url, body)).status).toBe(201)
    await patch(`/api/v1/namespaces/NS/configmaps/${name}`, { data: { theirs: 'c' } }, 'somebody')
    await bench.commit('without the field', {
      'shop/client-side.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {kept: a}\n`,
    })
    const out = await sync()
    expect(out).toMatch(/data\.dropped/)
    expect((await get(`/api/v1/namespaces/NS/configmaps/${name}`))?.data).toEqual({ kept: 'a', theirs: 'c' })
    const plan = await bench.mainstay('app', 'plan', 'options', '-f', bench.appFile)
    expect(plan.code, plan.out).toBe(0)
  })

  it('a selective sync touches what was selected and leaves the rest', async () => {
    await bench.commit('two objects', { 'shop/config.yaml': CONFIG, 'shop/legacy.yaml': LEGACY })
    await sync('--resource', ':ConfigMap:legacy')
    expect(await get('/api/v1/namespaces/NS/configmaps/legacy')).not.toBeNull()
    expect(await get(CONFIG_PATH)).toBeNull()
    await sync('--resource', '!:ConfigMap:legacy')
    expect(await get(CONFIG_PATH)).not.toBeNull()
  })

  it('Prune=false keeps an object and says so', async () => {
    const kept = LEGACY.replace(
      'name: legacy',
      'name: legacy\n  annotations: {argocd.argoproj.io/sync-options: Prune=false}',
    )
    await bench.commit('kept', { 'shop/legacy.yaml': kept })
    await sync()
    await bench.commit('removed', { 'shop/legacy.yaml': null })
    const out = await sync('--prune')
    expect(out).toContain('Prune=false')
    expect(await get('/api/v1/namespaces/NS/configmaps/legacy')).not.toBeNull()
  })

  it('CreateNamespace=true makes the namespace with its metadata, before anything in it, and never takes it away', async () => {
    const namespace = `${bench.namespace}-made`
    await bench.writeApp({
      source: { repoURL: `file://${bench.repository}`, path: 'made', targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace },
      syncPolicy: { syncOptions: ['CreateNamespace=true'], managedNamespaceMetadata: { labels: { team: 'a' } } },
    })
    await bench.commit('elsewhere', { 'made/service.yaml': SERVICE })
    await sync()
    expect((await get(`/api/v1/namespaces/${namespace}`))?.metadata.labels).toMatchObject({ team: 'a' })
    const deletion = await bench.mainstay('app', 'delete', 'options', '-f', bench.appFile)
    expect(deletion.out + deletion.err).not.toContain(`- delete  Namespace/${namespace}`)
    await cluster.api.request('DELETE', `/api/v1/namespaces/${namespace}`)
  })

  it('an option with a typing error is named, never guessed at', async () => {
    await bench.writeApp({ syncPolicy: { syncOptions: ['CreateNamespce=true'] } })
    const plan = await bench.mainstay('app', 'plan', 'options', '-f', bench.appFile)
    expect(plan.out).toContain('CreateNamespce=true')
    expect(plan.out).toContain('CreateNamespace')
  })
})
