// What controllers add to objects that somebody wrote by hand: slices of Endpoints, tokens of accounts.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectAt, objectsAt, textsAt } from '../../kinds/look.ts'
import { openSandbox, type Sandbox } from '../../sandbox.ts'
import { openTestClock, type TestClock } from '../../testing/clock.ts'
import { clusterControllers } from './all.ts'

function open(): { readonly world: Sandbox['world']; readonly clock: TestClock } {
  const clock = openTestClock()
  const { world } = openSandbox({ clock, seed: 1, controllers: clusterControllers() })
  clock.advance(100)
  return { world, clock }
}

describe('Endpoints by hand', () => {
  const endpoints: KubeObject = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'db', namespace: 'default' },
    subsets: [{ addresses: [{ ip: '192.0.2.7' }, { ip: '192.0.2.8' }], ports: [{ port: 5432 }] }],
  }
  const addresses = (world: Sandbox['world']): readonly string[] =>
    world
      .list('discovery.k8s.io/v1', 'EndpointSlice', 'default')
      .flatMap((slice) => objectsAt(slice, 'endpoints'))
      .flatMap((each) => textsAt(each, 'addresses'))

  it('are mirrored for a Service without a selector, and go together', () => {
    const { world, clock } = open()
    const made = world.create(endpoints)
    clock.advance(100)
    expect(addresses(world)).toEqual([])
    const metadata = { name: 'db', namespace: 'default' }
    world.create({ apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } })
    clock.advance(100)
    expect(addresses(world)).toEqual(['192.0.2.7', '192.0.2.8'])
    world.update({ ...made, subsets: [{ addresses: [{ ip: '192.0.2.9' }], ports: [{ port: 5432 }] }] })
    clock.advance(100)
    expect(addresses(world)).toEqual(['192.0.2.9'])
    world.delete({ apiVersion: 'v1', kind: 'Endpoints', ...metadata })
    clock.advance(100)
    expect(addresses(world)).toEqual([])
  })
})

describe('a Secret for the token of an account', () => {
  const secret = (account: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `token-${account}`,
      namespace: 'default',
      annotations: { 'kubernetes.io/service-account.name': account },
    },
    type: 'kubernetes.io/service-account-token',
  })

  it('is filled, and goes with the account or where there is none', () => {
    const { world, clock } = open()
    world.create(secret('default'))
    world.create(secret('nobody'))
    clock.advance(100)
    const [only, ...others] = world.list('v1', 'Secret', 'default')
    expect([only?.metadata.name, others]).toEqual(['token-default', []])
    expect(Object.keys(objectAt(only ?? {}, 'data')).sort()).toEqual(['ca.crt', 'namespace', 'token'])
    world.delete({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'default', name: 'default' })
    clock.advance(100)
    expect(world.list('v1', 'Secret', 'default')).toEqual([])
  })
})
