// Addresses from outside: of Services and Ingresses, and the names that follow them.
import type { Json } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectsAt, textAt } from '../../kinds/look.ts'
import { openSandbox, type Sandbox } from '../../sandbox.ts'
import { openTestClock, type TestClock } from '../../testing/clock.ts'
import type { Controller } from '../controller.ts'
import { dnsRecords, externalDns } from './dns.ts'
import { ingressAddresses } from './ingress-address.ts'
import { loadBalancers } from './load-balancer.ts'
import { finalizersOf } from './objects.ts'

interface Stage {
  readonly sandbox: Sandbox
  readonly world: Sandbox['world']
  readonly clock: TestClock
}

function open(...controllers: readonly Controller[]): Stage {
  const clock = openTestClock()
  const sandbox = openSandbox({ clock, seed: 1, controllers })
  return { sandbox, world: sandbox.world, clock }
}

function service(type = 'LoadBalancer', more: Readonly<Record<string, Json>> = {}): KubeObject {
  const annotations = { 'external-dns.alpha.kubernetes.io/hostname': 'shop.example.com' }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', annotations },
    spec: { type, ports: [{ port: 80 }], ...more },
  }
}

const at = { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' }

function addressOf(world: Sandbox['world']): string {
  const [first = {}] = objectsAt(world.get(at) ?? {}, 'status', 'loadBalancer', 'ingress')
  return textAt(first, 'ip') || textAt(first, 'hostname')
}

describe('a Service of type LoadBalancer', () => {
  it('gets an address after a while, and is held until that is gone', () => {
    const { world, clock } = open(loadBalancers({ delayMs: 20_000 }))
    world.create(service())
    clock.advance(19_000)
    expect([finalizersOf(world.get(at) ?? service()), addressOf(world)]).toEqual([
      ['service.kubernetes.io/load-balancer-cleanup'],
      '',
    ])
    clock.advance(2000)
    expect(addressOf(world)).toMatch(/^198\.18\./)
    expect(world.get(at)?.status).toMatchObject({ loadBalancer: { ingress: [{ ipMode: 'VIP' }] } })
    const said = world.list('v1', 'Event').map((each) => each.reason)
    expect([...said].sort()).toEqual(['EnsuredLoadBalancer', 'EnsuringLoadBalancer'])
    world.delete(at)
    clock.advance(19_000)
    expect(world.get(at)).not.toBeNull()
    clock.advance(2000)
    expect(world.get(at)).toBeNull()
  })

  it('gets another address when it comes again, also in a copy', () => {
    const { sandbox, world, clock } = open(loadBalancers())
    world.create(service())
    clock.advance(10_000)
    const first = addressOf(world)
    world.delete(at)
    clock.advance(10_000)
    world.create(service())
    const copy = sandbox.fork()
    clock.advance(10_000)
    expect(addressOf(world)).not.toBe(first)
    expect(addressOf(copy.world)).toBe(addressOf(world))
  })

  it('gives its address back when it becomes another type', () => {
    const { world, clock } = open(loadBalancers())
    world.create(service())
    clock.advance(10_000)
    const live = world.get(at)
    if (live === null) throw new Error('it is there')
    world.update({ ...live, spec: { ...Object(live.spec), type: 'ClusterIP' } })
    clock.advance(10_000)
    expect([addressOf(world), finalizersOf(world.get(at) ?? live)]).toEqual(['', []])
  })

  it('gets the address it asks for, or a name, and none from a cloud of another class', () => {
    const asked = open(loadBalancers())
    asked.world.create(service('LoadBalancer', { loadBalancerIP: '198.51.100.7' }))
    asked.clock.advance(10_000)
    expect(addressOf(asked.world)).toBe('198.51.100.7')
    const named = open(loadBalancers({ domain: 'cloud.example.com' }))
    named.world.create(service())
    named.clock.advance(10_000)
    expect(addressOf(named.world)).toMatch(/^lb-\w+\.cloud\.example\.com$/)
    const other = open(loadBalancers())
    other.world.create(service('LoadBalancer', { loadBalancerClass: 'example.com/other' }))
    other.clock.advance(10_000)
    expect(addressOf(other.world)).toBe('')
  })
})

function ingress(host: string): KubeObject {
  const backend = { service: { name: 'web', port: { number: 80 } } }
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      ingressClassName: 'nginx',
      rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    },
  }
}

describe('names', () => {
  it('follow the address of a Service, at the next whole minute', () => {
    const { world, clock } = open(loadBalancers(), externalDns())
    world.create(service())
    clock.advance(50_000)
    expect(dnsRecords(world)).toEqual([])
    clock.advance(11_000)
    const first = addressOf(world)
    expect(dnsRecords(world)).toEqual([
      { name: 'shop.example.com', type: 'A', targets: [first], owner: 'service/default/web' },
    ])
    world.delete(at)
    clock.advance(10_000)
    world.create(service())
    clock.advance(10_000)
    expect(dnsRecords(world)[0]?.targets).toEqual([first])
    clock.advance(60_000)
    expect(dnsRecords(world)[0]?.targets).toEqual([addressOf(world)])
  })

  it('go with what they lead to, unless they are only ever added', () => {
    const left = (['sync', 'upsert-only'] as const).map((policy) => {
      const { world, clock } = open(loadBalancers(), externalDns({ policy }))
      world.create(service())
      clock.advance(61_000)
      world.delete(at)
      clock.advance(120_000)
      return dnsRecords(world).length
    })
    expect(left).toEqual([0, 1])
  })

  it('lead to the ingress controller, whose address Ingresses bear', () => {
    const { world, clock } = open(
      loadBalancers(),
      ingressAddresses({ class: 'nginx', address: { service: 'default/web' } }),
      externalDns(),
    )
    world.create(ingress('www.example.com'))
    clock.advance(2000)
    world.create(service())
    clock.advance(130_000)
    const names = dnsRecords(world).map((each) => [each.name, ...each.targets])
    expect(names).toEqual([
      ['shop.example.com', addressOf(world)],
      ['www.example.com', addressOf(world)],
    ])
  })
})
