// Others who act in a cluster: people with kubectl, an autoscaler, a mesh, and one who spreads certificates.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { objectsAt, textAt, wholeAt } from '../../kinds/look.ts'
import { openSandbox, type Sandbox, type SandboxOptions } from '../../sandbox.ts'
import { openTestClock, START, type TestClock } from '../../testing/clock.ts'
import { authorityInjector } from './authority-injector.ts'
import { autoscaler } from './autoscaler.ts'
import { type Edit, editor } from './editor.ts'
import { mesh } from './mesh.ts'
import { webhookAdmission } from './webhook/admission.ts'

interface Stage {
  readonly sandbox: Sandbox
  readonly world: Sandbox['world']
  readonly clock: TestClock
}

function open(options: Partial<SandboxOptions>): Stage {
  const clock = openTestClock()
  const sandbox = openSandbox({ clock, seed: 1, ...options })
  return { sandbox, world: sandbox.world, clock }
}

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' }

function deployment(replicas: number): KubeObject {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'web:1' }] } }
  const spec = { replicas, selector: { matchLabels: { app: 'web' } }, template }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' }, spec }
}

function replicas(world: Sandbox['world']): number | null {
  return wholeAt(world.get(web) ?? {}, 'spec', 'replicas')
}

function managers(world: Sandbox['world']): readonly string[] {
  return objectsAt(world.get(web) ?? {}, 'metadata', 'managedFields').map((each) => {
    const part = textAt(each, 'subresource')
    return part === '' ? textAt(each, 'manager') : `${textAt(each, 'manager')}/${part}`
  })
}

describe('a person with kubectl', () => {
  const at = (seconds: number, deed: Edit['deed'], more: Partial<Edit> = {}): Edit => ({
    at: START + seconds * 1000,
    object: web,
    deed,
    ...more,
  })

  it('does each thing at its time, under the name that kubectl has for it', () => {
    const plan = [
      at(10, { kind: 'scale', replicas: 5 }),
      at(20, { kind: 'annotate', values: { note: 'mine' } }),
      at(30, { kind: 'edit', patch: { spec: { template: { spec: { priorityClassName: null, hostname: 'x' } } } } }),
      at(40, { kind: 'set-image', container: 'main', image: 'web:2' }),
      at(50, { kind: 'restart' }),
      at(60, { kind: 'delete' }),
    ]
    const { world, clock } = open({ controllers: [editor('ana', plan)] })
    world.create(deployment(2))
    clock.advance(9000)
    expect(replicas(world)).toBe(2)
    clock.advance(2000)
    expect(replicas(world)).toBe(5)
    clock.advance(40_000)
    expect(managers(world)).toEqual([
      // What goes through the scale bears no time, in the real server as well.
      'kubectl/scale',
      'sandbox',
      'kubectl-annotate',
      'kubectl-edit',
      'kubectl-set',
      'kubectl-rollout',
    ])
    expect(textAt(world.get(web) ?? {}, 'metadata', 'annotations', 'note')).toBe('mine')
    clock.advance(10_000)
    expect(world.get(web)).toBeNull()
  })

  it('does a thing once, whatever becomes of it, and what is repeated again and again', () => {
    const once = open({ controllers: [editor('ana', [at(10, { kind: 'scale', replicas: 5 })])] })
    once.world.create(deployment(2))
    once.clock.advance(10_050)
    once.world.scale(web, 2)
    once.world.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'more' } })
    once.clock.advance(60_000)
    expect(replicas(once.world)).toBe(2)
    const again = open({ controllers: [editor('ana', [at(10, { kind: 'scale', replicas: 5 }, { every: 60_000 })])] })
    again.world.create(deployment(2))
    again.clock.advance(11_000)
    again.world.scale(web, 2)
    const copy = again.sandbox.fork()
    again.clock.advance(60_000)
    expect([replicas(again.world), replicas(copy.world)]).toEqual([5, 5])
  })

  it('does not do a thing again in a copy or a restored snapshot that is made right after it', () => {
    const { sandbox, world, clock } = open({ controllers: [editor('ana', [at(10, { kind: 'scale', replicas: 5 })])] })
    world.create(deployment(2))
    clock.advance(10_050)
    expect(replicas(world)).toBe(5)
    world.scale(web, 2)
    const copies = [sandbox.fork(), sandbox.snapshot().restore()]
    clock.advance(60_000)
    expect(copies.map((copy) => replicas(copy.world))).toEqual([2, 2])
  })
})

describe('an autoscaler', () => {
  it('follows the load within its bounds, and takes its time to scale down', () => {
    const load = (_subject: string, now: number): number => (now < START + 60_000 ? 350 : 40)
    const { world, clock } = open({ controllers: [autoscaler({ load })] })
    world.create(deployment(2))
    const metric = {
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
    }
    world.create({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 2,
        maxReplicas: 6,
        metrics: [metric],
      },
    })
    clock.advance(30_000)
    expect(replicas(world)).toBe(6)
    expect(managers(world)).toContain('kube-controller-manager/scale')
    clock.advance(120_000)
    expect(replicas(world)).toBe(6)
    clock.advance(300_000)
    expect(replicas(world)).toBe(2)
    const own = { ...web, apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' }
    expect(world.get(own)?.status).toMatchObject({ currentReplicas: 2, desiredReplicas: 2 })
  })
})

describe('a mesh', () => {
  it('puts a proxy into the Pods of its namespaces, unless they want none', () => {
    const { configuration, servers } = mesh()
    const { world } = open({ admission: [webhookAdmission(servers)] })
    for (const [name, label] of [
      ['mesh-system', 'no'],
      ['inside', 'true'],
      ['outside', 'false'],
    ] as const) {
      const labels = { 'mesh.example.com/inject': label }
      world.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
    }
    const service = { metadata: { name: 'injector', namespace: 'mesh-system' }, spec: { ports: [{ port: 443 }] } }
    world.create({ apiVersion: 'v1', kind: 'Service', ...service })
    world.create(configuration)
    const pod = (namespace: string, name: string, labels: JsonObject = {}): readonly string[] => {
      const spec = { containers: [{ name: 'main', image: 'web:1' }] }
      const made = world.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec })
      return objectsAt(made, 'spec', 'containers').map((each) => textAt(each, 'name'))
    }
    expect(pod('inside', 'a')).toEqual(['main', 'mesh-proxy'])
    expect(pod('inside', 'b', { 'mesh.example.com/inject': 'false' })).toEqual(['main'])
    expect(pod('outside', 'a')).toEqual(['main'])
  })
})

describe('who spreads certificates', () => {
  it('writes that of the Secret into what names it, and again when it is renewed or taken away', () => {
    const { configuration } = mesh()
    const { world, clock } = open({ controllers: [authorityInjector()] })
    const annotations = { 'cert-manager.io/inject-ca-from-secret': 'default/authority' }
    world.create({ ...configuration, metadata: { ...configuration.metadata, annotations } })
    const place = {
      apiVersion: configuration.apiVersion,
      kind: configuration.kind,
      namespace: null,
      name: 'mesh-injector',
    }
    const bundle = (): string => {
      const [webhook = {}] = objectsAt(world.get(place) ?? {}, 'webhooks')
      return textAt(webhook, 'clientConfig', 'caBundle')
    }
    clock.advance(100)
    expect(bundle()).toBe('')
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'authority', namespace: 'default' } }
    const made = world.create({ ...secret, data: { 'ca.crt': btoa('one') } })
    clock.advance(100)
    expect(bundle()).toBe(btoa('one'))
    world.update({ ...made, data: { 'ca.crt': btoa('two') } })
    clock.advance(100)
    expect(bundle()).toBe(btoa('two'))
    world.update({ ...(world.get(place) ?? configuration), webhooks: configuration.webhooks ?? [] })
    clock.advance(100)
    expect(bundle()).toBe(btoa('two'))
  })
})
