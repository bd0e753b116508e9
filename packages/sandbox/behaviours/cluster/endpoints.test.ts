// The addresses behind a Service, in both forms.
import type { Json } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectsAt, textAt } from '../../kinds/look.ts'
import { openSandbox, type Sandbox } from '../../sandbox.ts'
import { openTestClock, type TestClock } from '../../testing/clock.ts'
import { clusterControllers } from './all.ts'

interface Stage {
  readonly world: Sandbox['world']
  readonly clock: TestClock
}

function open(): Stage {
  const clock = openTestClock()
  const { world } = openSandbox({ clock, seed: 1, controllers: clusterControllers() })
  return { world, clock }
}

function pod(world: Sandbox['world'], name: string, ip: string, ready = true, port = 8080): void {
  const made = world.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', image: 'web:1', ports: [{ name: 'http', containerPort: port }] }] },
  })
  const status = { phase: 'Running', podIP: ip, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] }
  world.put({ ...made, status })
}

function service(spec: Json): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec }
}

const PLAIN = { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] }

/** Ports and addresses of the slices, in order. */
function slices(world: Sandbox['world']): readonly string[] {
  return world.list('discovery.k8s.io/v1', 'EndpointSlice', 'default').map((slice) => {
    const ports = objectsAt(slice, 'ports').map((each) => String(each.port))
    const endpoints = objectsAt(slice, 'endpoints').map((each) => {
      const ready = (each.conditions as { ready: boolean }).ready
      return `${textAt(each, 'targetRef', 'name')}${ready ? '' : '!'}`
    })
    return `${ports.join()} ${endpoints.join(' ')}`
  })
}

const endpoints = { apiVersion: 'v1', kind: 'Endpoints', namespace: 'default', name: 'web' }

describe('the addresses behind a Service', () => {
  it('are those of the Pods that are selected, the others apart', () => {
    const { world, clock } = open()
    pod(world, 'a', '10.0.0.1')
    pod(world, 'b', '10.0.0.2', false)
    world.create(service(PLAIN))
    clock.advance(100)
    expect(slices(world)).toEqual(['8080 a b!'])
    expect(world.get(endpoints)?.subsets).toMatchObject([
      {
        addresses: [{ ip: '10.0.0.1', targetRef: { kind: 'Pod', name: 'a' } }],
        notReadyAddresses: [{ ip: '10.0.0.2', targetRef: { kind: 'Pod', name: 'b' } }],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ])
  })

  it('come and go with the Pods, in the slice that is there', () => {
    const { world, clock } = open()
    pod(world, 'a', '10.0.0.1')
    world.create(service(PLAIN))
    clock.advance(100)
    const [before] = world.list('discovery.k8s.io/v1', 'EndpointSlice', 'default')
    pod(world, 'b', '10.0.0.2')
    world.remove({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a' })
    clock.advance(100)
    const [after] = world.list('discovery.k8s.io/v1', 'EndpointSlice', 'default')
    expect([slices(world), after?.metadata.uid]).toEqual([['8080 b'], before?.metadata.uid])
  })

  it('are in slices of their own where a port has another number', () => {
    const { world, clock } = open()
    pod(world, 'a', '10.0.0.1')
    pod(world, 'b', '10.0.0.2', true, 9090)
    world.create(service(PLAIN))
    clock.advance(100)
    expect([...slices(world)].sort()).toEqual(['8080 a', '9090 b'])
    expect(objectsAt(world.get(endpoints) ?? {}, 'subsets')).toHaveLength(2)
  })

  it('are at most a hundred in a slice', () => {
    const { world, clock } = open()
    for (let at = 0; at < 130; at++) pod(world, `p${at}`, `10.0.1.${at}`)
    world.create(service(PLAIN))
    clock.advance(100)
    const sizes = slices(world).map((each) => each.split(' ').length - 1)
    expect([...sizes].sort()).toEqual([100, 30])
  })

  it('are one empty slice where there is no Pod, and nothing where there is no selector', () => {
    const { world, clock } = open()
    world.create(service(PLAIN))
    world.create({ ...service({ ports: [{ port: 80 }] }), metadata: { name: 'other', namespace: 'default' } })
    clock.advance(100)
    expect(slices(world)).toEqual([' '])
    const names = world.list('v1', 'Endpoints', 'default').map((each) => each.metadata.name)
    expect(names).toEqual(['web'])
  })

  it('go with the Service', () => {
    const { world, clock } = open()
    world.create(service(PLAIN))
    clock.advance(100)
    world.delete({ apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' })
    clock.advance(100)
    expect([slices(world), world.get(endpoints)]).toEqual([[], null])
  })
})
