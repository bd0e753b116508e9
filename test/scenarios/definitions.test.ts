// A definition and its objects in one commit: one sync brings both, and what goes with a definition is told before.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench, planIdIn } from './workbench.ts'

describeCluster('a definition with its objects', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench
  let group: string

  const definition = (): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Widget, plural: widgets}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {size: {type: integer, default: 3}, colour: {type: string}}}
`
  const widget = (name: string, colour: string): string =>
    `apiVersion: ${group}/v1\nkind: Widget\nmetadata: {name: ${name}}\nspec: {colour: ${colour}}\n`
  const definitionPath = (): string => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`
  const widgetStatus = async (name: string): Promise<number> => {
    const path = `/apis/${group}/v1/namespaces/${bench.namespace}/widgets/${name}`
    return (await cluster.api.request('GET', path)).status
  }

  beforeAll(async () => {
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'definitions')
    group = `${bench.namespace}.example.com`
  })
  afterAll(async () => {
    await cluster.api.request('DELETE', definitionPath())
    await bench.dispose()
  })

  it('is one plan and one sync, although the kind is not known when the plan is made', async () => {
    await bench.commit('widgets', {
      'shop/a-widget.yaml': widget('w1', 'red'),
      'shop/b-definition.yaml': definition(),
    })
    const plan = await bench.mainstay('app', 'plan', 'definitions', '-f', bench.appFile)
    expect(plan.code, plan.out + plan.err).toBe(1)
    expect(plan.out.indexOf('CustomResourceDefinition/')).toBeLessThan(plan.out.indexOf('Widget/w1'))
    const ran = await bench.mainstay('app', 'sync', 'definitions', '-f', bench.appFile)
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect(await widgetStatus('w1')).toBe(200)
    const again = await bench.mainstay('app', 'plan', 'definitions', '-f', bench.appFile)
    expect(again, again.out + again.err).toMatchObject({ code: 0 })
  })

  it('is pruned only by an approval that names what goes with it, also what is not ours', async () => {
    const path = `/apis/${group}/v1/namespaces/${bench.namespace}/widgets`
    const body = { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'by-hand' } }
    expect((await cluster.api.request('POST', path, body)).status).toBe(201)
    const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'
    await bench.commit('no definition', {
      'shop/b-definition.yaml': null,
      'shop/a-widget.yaml': null,
      'shop/config.yaml': other,
    })
    const asked = await bench.mainstay('app', 'sync', 'definitions', '-f', bench.appFile, '--prune')
    expect(asked.code, asked.out + asked.err).toBeGreaterThanOrEqual(3)
    expect(asked.out + asked.err).toContain('by-hand')
    expect(await widgetStatus('by-hand')).toBe(200)
    expect(await widgetStatus('w1')).toBe(200)
    await bench.commit('the definition again', {
      'shop/a-widget.yaml': widget('w1', 'red'),
      'shop/b-definition.yaml': definition(),
    })
    expect((await bench.mainstay('app', 'sync', 'definitions', '-f', bench.appFile)).code).toBe(0)
  })

  it('stays when its application is deleted; its objects go with approval', async () => {
    // In the background: the garbage collector takes half a minute to notice a kind that is new.
    const flags = ['--propagation-policy', 'background'] as const
    const asked = await bench.mainstay('app', 'delete', 'definitions', '-f', bench.appFile, ...flags)
    const id = planIdIn(asked.out + asked.err)
    await bench.mainstay('approve', id)
    const ran = await bench.mainstay('apply', id)
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect(await widgetStatus('w1')).toBe(404)
    expect((await cluster.api.request('GET', definitionPath())).status).toBe(200)
  })
})
