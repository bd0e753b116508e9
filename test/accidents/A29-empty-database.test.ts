// A29 (cloudnative-pg/cloudnative-pg#5778): a stateful object that was there with data is not created empty without asking.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import type { Bed } from './bed.ts'
import { openBed } from './bed.ts'

const PATH = '/apis/apps/v1/namespaces/NS/statefulsets/orders'
const DATABASE = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: orders
spec:
  serviceName: orders
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: db, image: "registry.example/db:1"}]
`

describeCluster('A29: the database is gone and Git says "initdb"', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'orders', { 'shop/db.yaml': DATABASE })
    await bed.put('DELETE', `${PATH}?propagationPolicy=Background`)
  })
  afterAll(() => bed.dispose())

  it('asks before it is created again, and says that it was there before', async () => {
    const uidless = await bed.get(PATH)
    expect(uidless).toBeNull()
    const ran = await bed.app('sync')
    expect(ran.code, ran.out + ran.err).toBe(3)
    expect(ran.out).toContain('StatefulSet/orders')
    expect(ran.out).toMatch(/empty/)
    expect(await bed.get(PATH)).toBeNull()
  })

  it('is created after an approval of that very plan', async () => {
    const ran = await bed.approve(await bed.app('sync'))
    expect(ran.code, ran.out + ran.err).toBe(0)
    expect(await bed.get(PATH)).not.toBeNull()
  })
})

const GROUP = '/apis/postgresql.cnpg.io/v1/namespaces/NS/clusters/orders'
const CLUSTERS = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: clusters.postgresql.cnpg.io
spec:
  group: postgresql.cnpg.io
  scope: Namespaced
  names: {kind: Cluster, plural: clusters}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`
const ORDERS = `apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata:
  name: orders
spec:
  instances: 1
  bootstrap: {initdb: {database: orders}}
`

describeCluster('A29: an operator would initialise the database anew', (cluster) => {
  let bed: Bed

  beforeAll(async () => {
    bed = await openBed(await cluster(), 'initdb', { 'shop/kind.yaml': CLUSTERS, 'shop/orders.yaml': ORDERS })
  })
  afterAll(async () => {
    await bed.put('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/clusters.postgresql.cnpg.io')
    await bed.dispose()
  })

  it('is not created again by one sync after the other, and the last uid is named', async () => {
    const uid = (await bed.get(GROUP))?.metadata.uid
    await bed.put('DELETE', `${GROUP}?propagationPolicy=Background`)
    for (let poll = 0; poll < 3; poll++) {
      const ran = await bed.app('sync', '--prune')
      expect(ran.code, ran.out + ran.err).toBe(3)
      expect(ran.out).toContain('Cluster/orders existed and is gone; created from Git it may start empty')
      expect(ran.out).toContain(`last seen with uid ${uid}`)
      expect(await bed.get(GROUP)).toBeNull()
    }
  })
})
