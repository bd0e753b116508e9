// Addresses and ports of Services: given out once, kept, given back.

import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { type Desk, textAt, valueAt } from '../desk.ts'
import { service } from '../objects.ts'
import { faults, part } from '../said.ts'
import { topic } from '../suite.ts'

const services = '/api/v1/~/services'
/** A load balancer that never comes: the status stays as the server made it. */
const pending = { metadata: { name: 'a', annotations: { 'mainstay.dev/load-balancer': 'pending' } } }

topic('services and their addresses', (it) => {
  it('refuse an address that is taken', async (at) => {
    const first = await at.given(services, service('a'))
    const clusterIP = textAt(first, 'spec', 'clusterIP')
    expect(faults(await at.post(services, service('b', { clusterIP })))).toEqual([
      'spec.clusterIPs: FieldValueInvalid: Invalid value: ["CLUSTER_IP"]: failed to allocate IP CLUSTER_IP: provided IP is already allocated',
    ])
  })

  it('refuse a node port that is taken', async (at) => {
    const first = await at.given(services, service('a', { type: 'NodePort' }))
    const nodePort = valueAt(first, 'spec', 'ports', 0, 'nodePort') ?? null
    const told = faults(await at.post(services, service('b', { type: 'NodePort', ports: [{ port: 80, nodePort }] })))
    expect(JSON.stringify(told).replaceAll(String(nodePort), 'NODE_PORT')).toEqual(
      '["spec.ports[0].nodePort: FieldValueInvalid: Invalid value: NODE_PORT: provided port is already allocated"]',
    )
  })

  it('give an address back when they are deleted', async (at) => {
    const first = await at.given(services, service('a'))
    const clusterIP = textAt(first, 'spec', 'clusterIP')
    await at.delete(`${services}/a`)
    await at.eventually(services, () => true)
    const again = await givenAtLast(at, service('b', { clusterIP }))
    expect(valueAt(again, 'spec', 'clusterIP')).toBe(clusterIP)
  })

  it('keep the address through an update that does not name it', async (at) => {
    const first = await at.given(services, service('a'))
    const second = await at.put(`${services}/a`, service('a', { ports: [{ port: 81 }] }))
    expect(valueAt(second.raw, 'spec', 'clusterIPs')).toEqual(valueAt(first, 'spec', 'clusterIPs'))
  })

  it('keep node ports through an update that does not name them', async (at) => {
    const first = await at.given(services, service('a', { type: 'NodePort' }))
    const second = await at.put(`${services}/a`, service('a', { type: 'NodePort', sessionAffinity: 'ClientIP' }))
    expect(valueAt(second.raw, 'spec', 'ports', 0, 'nodePort')).toBe(valueAt(first, 'spec', 'ports', 0, 'nodePort'))
  })

  it('have an empty status', async (at) => {
    expect(part(await at.post(services, service('a')), 'status')).toEqual({ loadBalancer: {} })
  })

  it('drop the status of a load balancer that they no longer have', async (at) => {
    await at.given(services, { ...service('a', { type: 'LoadBalancer' }), ...pending })
    const shown = await at.merge(`${services}/a/status`, {
      status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } },
    })
    await at.merge(`${services}/a`, { spec: { type: 'ClusterIP' } })
    expect([part(shown, 'status'), part(await at.get(`${services}/a`), 'status')]).toEqual([
      { loadBalancer: { ingress: [{ ip: '192.0.2.7', ipMode: 'VIP' }] } },
      { loadBalancer: {} },
    ])
  })

  it('are deleted without their EndpointSlices being in the way', async (at) => {
    await at.given(services, service('a'))
    const answer = await at.delete(`${services}/a`)
    expect([answer.status, part(answer, 'kind')]).toEqual([200, 'Service'])
  })
})

async function givenAtLast(at: Desk, body: JsonObject): Promise<Json> {
  for (let tries = 0; ; tries += 1) {
    const answer = await at.post(services, body)
    if (answer.status === 201) return answer.raw
    if (tries > 100) throw new Error(answer.text)
    await at.subject.settle()
  }
}
