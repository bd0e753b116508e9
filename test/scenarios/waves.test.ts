// Waves: what a wave applies is healthy before the next one begins, and deletion takes them backwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditMark, auditSince } from '../cluster/audit.ts'
import type { SharedCluster } from '../cluster/shared.ts'
import { describeCluster } from '../cluster/shared.ts'
import { stageAnnotation } from '../cluster/stage.ts'
import type { Workbench } from './workbench.ts'
import { openWorkbench, planIdIn } from './workbench.ts'

const config = (name: string, wave: number, value = '1'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  annotations: {argocd.argoproj.io/sync-wave: "${wave}"}\ndata: {value: "${value}"}\n`

const deployment = (name: string, wave: number, stage: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  annotations: {argocd.argoproj.io/sync-wave: "${wave}"}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata:
      labels: {app: ${name}}
      annotations: {${stageAnnotation}: ${stage}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: main, image: "registry.example/main:1"}]
`

describeCluster('waves', (sharedCluster) => {
  let cluster: SharedCluster
  let bench: Workbench

  beforeAll(async () => {
    cluster = await sharedCluster()
    bench = await openWorkbench(cluster, 'waves')
  })
  afterAll(() => bench.dispose())

  /** Names that our own user applied or deleted since a mark, in the order in which the API server got them. */
  async function written(mark: number, verb: 'patch' | 'delete'): Promise<readonly string[]> {
    const entries = await auditSince(cluster, mark, (entry) => {
      const { objectRef } = entry
      const ours = objectRef?.namespace === bench.namespace && entry.userAgent?.startsWith('mainstay') === true
      // The kubelet stand-in deletes Pods under a name of its own.
      return (
        ours &&
        objectRef.resource !== 'pods' &&
        entry.verb === verb &&
        !entry.requestURI.includes('dryRun=') &&
        objectRef.subresource === undefined
      )
    })
    return [...new Set(entries.map((entry) => entry.objectRef?.name ?? ''))]
  }

  const exists = async (name: string): Promise<boolean> => {
    const path = `/api/v1/namespaces/${bench.namespace}/configmaps/${name}`
    return (await cluster.api.request('GET', path)).status === 200
  }

  describe('of a first sync', () => {
    it('stop where something does not become healthy; the error names it and later waves are not begun', async () => {
      await bench.commit('four waves', {
        'shop/all.yaml': [
          config('last', 5),
          config('middle', 1),
          deployment('gate', 0, 'never-starts'),
          config('first', -3),
        ].join('---\n'),
      })
      const ran = await bench.mainstay('app', 'sync', 'waves', '-f', bench.appFile, '--timeout', '2')
      expect(ran.code, ran.out + ran.err).toBe(2)
      expect(ran.out + ran.err).toContain('Deployment/gate')
      expect([await exists('first'), await exists('middle'), await exists('last')]).toEqual([true, false, false])
    })

    it('go on with a commit that mends it, in their order', async () => {
      const mark = await auditMark(cluster)
      await bench.commit('mended', {
        'shop/all.yaml': [
          config('last', 5),
          config('middle', 1),
          deployment('gate', 0, 'runs-after=200ms'),
          config('first', -3, '2'),
        ].join('---\n'),
      })
      const ran = await bench.mainstay('app', 'sync', 'waves', '-f', bench.appFile)
      expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
      expect(await written(mark, 'patch')).toEqual(['first', 'gate', 'middle', 'last'])
      expect((await bench.mainstay('app', 'plan', 'waves', '-f', bench.appFile)).code).toBe(0)
    })
  })

  it('go backwards when the application is deleted, each gone before the one before it goes', async () => {
    const asked = await bench.mainstay('app', 'delete', 'waves', '-f', bench.appFile)
    expect(asked.code, asked.out + asked.err).toBe(3)
    const id = planIdIn(asked.out + asked.err)
    expect((await bench.mainstay('approve', id)).code).toBe(0)
    const mark = await auditMark(cluster)
    const ran = await bench.mainstay('apply', id)
    expect(ran, ran.out + ran.err).toMatchObject({ code: 0 })
    expect(await written(mark, 'delete')).toEqual(['last', 'middle', 'gate', 'first'])
    expect(await exists('first')).toBe(false)
  })
})
