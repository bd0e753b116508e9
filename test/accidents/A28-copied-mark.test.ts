// A28 (velero-io/velero#2975): an object that carries a copied mark is not ours, is never planned for deletion.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Bed } from './bed.ts'
import { config, doomed, openBed } from './bed.ts'

describeCluster('A28: somebody copies labels and annotations', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'copied', { 'shop/daily.yaml': config('daily'), 'shop/b.yaml': config('b') })
    const daily = await bed.get('/api/v1/namespaces/NS/configmaps/daily')
    const annotations = daily?.metadata.annotations
    const labels = { 'app.kubernetes.io/instance': 'copied' }
    const copy = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'daily-20260801', annotations, labels } }
    await bed.put('POST', '/api/v1/namespaces/NS/configmaps', copy)
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'daily', uid: daily?.metadata.uid }]
    const owned = { ...copy, metadata: { ...copy.metadata, name: 'daily-owned', ownerReferences } }
    await bed.put('POST', '/api/v1/namespaces/NS/configmaps', owned)
  })
  afterAll(() => bed.dispose())

  it('never stands in a plan, whether Git changes or the application is synced with pruning', async () => {
    const memory = await bed.remember()
    await bed.bench.commit('b changes', { 'shop/b.yaml': config('b', '2') })
    const ran = await bed.app('sync', '--prune')
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(ran.out).not.toMatch(/- delete .*daily-/)
    await memory.unharmed()
  })

  it('stays when the application is deleted', async () => {
    const asked = await bed.app('delete')
    expect(asked.out).not.toMatch(/- delete {2}ConfigMap\/daily-2026/)
    const ran = await bed.approve(asked)
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(await bed.get('/api/v1/namespaces/NS/configmaps/daily-20260801')).not.toBeNull()
    expect(await bed.get('/api/v1/namespaces/NS/configmaps/daily')).toBeNull()
  })
})

describeCluster('A28: backups carry the marks of the schedule that made them', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'velero', {
      'shop/kinds.yaml': ['Schedule', 'Backup'].map(definition).join('---\n'),
      'shop/daily.yaml': 'apiVersion: velero.io/v1\nkind: Schedule\nmetadata: {name: daily}\nspec: {schedule: daily}\n',
      'shop/by-hand.yaml': 'apiVersion: velero.io/v1\nkind: Backup\nmetadata: {name: by-hand}\n',
    })
    const { annotations } = (await bed.get('/apis/velero.io/v1/namespaces/NS/schedules/daily'))?.metadata ?? {}
    const labels = { 'app.kubernetes.io/instance': 'velero' }
    await bed.put('POST', BACKUPS, {
      apiVersion: 'velero.io/v1',
      kind: 'Backup',
      metadata: { name: 'daily-20260801', annotations, labels },
    })
  })
  afterAll(async () => {
    for (const kind of ['schedules', 'backups']) {
      await bed.put('DELETE', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind}.velero.io`)
    }
    await bed.dispose()
  })

  it('and stay when the application is synced with pruning and deleted; a backup of its own needs an approval by name', async () => {
    const memory = await bed.remember()
    const synced = await bed.app('sync', '--prune')
    expect(synced.code, synced.out + synced.err).toBe(0)
    const asked = await bed.app('delete', '--cascade', 'background')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toContain('Backup/by-hand stands for a backup')
    expect(doomed((await bed.planned('delete')).plan)).toEqual(['Backup/by-hand', 'Schedule/daily'])
    await memory.unharmed()
    const ran = await bed.approve(asked)
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect([...(await memory.deleted())].sort()).toEqual(['backups/by-hand', 'schedules/daily'])
    expect(await bed.get(`${BACKUPS}/daily-20260801`)).not.toBeNull()
  })
})

const BACKUPS = '/apis/velero.io/v1/namespaces/NS/backups'

const definition = (kind: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${kind.toLowerCase()}s.velero.io
spec:
  group: velero.io
  scope: Namespaced
  names: {kind: ${kind}, plural: ${kind.toLowerCase()}s}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`
