// A27 (argoproj/argo-cd#5214): forcing a definition never deletes it with all its objects; others are replaced in sight.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Bed } from './bed.ts'
import { openBed } from './bed.ts'

const FORCE = '  annotations: {argocd.argoproj.io/sync-options: "Replace=true,Force=true"}\n'

describeCluster('A27: forced replacing', (cluster) => {
  let bed: Bed
  let group: string

  const definition = (scope: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: gadgets.${group}
${FORCE}spec:
  group: ${group}
  scope: ${scope}
  names: {kind: Gadget, plural: gadgets}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
`
  const database = (service: string): string => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
${FORCE}spec:
  serviceName: ${service}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: db, image: "registry.example/db:1"}]
`
  const definitionPath = (): string => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gadgets.${group}`

  beforeAll(async () => {
    const shared = await cluster()
    group = `${await shared.namespace('forced')}.example.com`
    bed = await openBed(shared, 'forcing', {
      'shop/definition.yaml': definition('Namespaced'),
      'shop/gadget.yaml': `apiVersion: ${group}/v1\nkind: Gadget\nmetadata: {name: g1}\n`,
      'shop/db.yaml': database('db'),
    })
  })
  afterAll(async () => {
    await bed.put('DELETE', definitionPath())
    await bed.dispose()
  })

  it('refuses to delete a definition to change it, by mark, flag and option alike', async () => {
    const before = await bed.get(definitionPath())
    const memory = await bed.remember()
    await bed.bench.commit('another scope', { 'shop/definition.yaml': definition('Cluster') })
    await bed.bench.writeApp({ syncPolicy: { syncOptions: ['Replace=true'] } })
    const ran = await bed.app('sync', '--force')
    expect(ran.code, ran.out + ran.err).toBe(2)
    expect(ran.out + ran.err).toContain('is never deleted to change it')
    expect((await bed.get(definitionPath()))?.metadata.uid).toBe(before?.metadata.uid)
    expect(await bed.get(`/apis/${group}/v1/namespaces/NS/gadgets/g1`)).not.toBeNull()
    await memory.unharmed()
    await bed.bench.writeApp({})
    await bed.bench.commit('as before', { 'shop/definition.yaml': definition('Namespaced') })
  })

  it('shows the two steps of replacing a StatefulSet with its dependants, and waits for approval', async () => {
    const memory = await bed.remember()
    await bed.bench.commit('another service', { 'shop/db.yaml': database('db-new') })
    const asked = await bed.app('sync')
    expect(asked.code, asked.out + asked.err).toBe(3)
    expect(asked.out).toMatch(/- delete {2}StatefulSet\/db.*\n.*wait.*\n.*\+ create {2}StatefulSet\/db/)
    expect(asked.out).toContain('Pod/db-0')
    await memory.unharmed()
    const ran = await bed.approve(asked)
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(await memory.deleted()).toEqual(['statefulsets/db'])
    expect((await bed.get('/apis/apps/v1/namespaces/NS/statefulsets/db'))?.spec?.serviceName).toBe('db-new')
  })
})
