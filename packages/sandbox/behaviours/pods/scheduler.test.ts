// Where Pods go, and what a Pod says that can go nowhere.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { describe, expect, it } from 'vitest'
import { textAt, withAt } from '../../kinds/look.ts'
import { conditions, openStage, type Stage } from '../workloads/testing/stage.ts'

function pod(stage: Stage, name: string, spec: JsonObject = {}, labels: JsonObject = {}): void {
  stage.make('v1', 'Pod', name, {
    metadata: { labels },
    spec: { containers: [{ name: 'main', image: 'app:1' }], ...spec },
  })
}

function asking(cpu: string): JsonObject {
  return { containers: [{ name: 'main', image: 'app:1', resources: { requests: { cpu } } }] }
}

/** Why a Pod has no node. */
function why(stage: Stage, name: string): string {
  const found = conditions(stage.get('v1', 'Pod', name)).find((each) => each.startsWith('PodScheduled'))
  return found?.replace('PodScheduled=False Unschedulable: ', '') ?? ''
}

function nodeOf(stage: Stage, name: string): string {
  return textAt(stage.get('v1', 'Pod', name), 'spec', 'nodeName')
}

function change(stage: Stage, name: string, path: readonly string[], value: Parameters<typeof withAt>[2]): void {
  const node = stage.world.get({ apiVersion: 'v1', kind: 'Node', namespace: null, name }) as KubeObject
  stage.world.update(withAt(node, path, value))
}

const USELESS = 'no new claims to deallocate, preemption:'

describe('the scheduler', () => {
  it('spreads Pods over nodes', () => {
    const stage = openStage({ nodes: 2 })
    for (const name of ['a', 'b', 'c', 'd']) pod(stage, name)
    stage.clock.advance(1000)
    expect(['a', 'b', 'c', 'd'].map((name) => nodeOf(stage, name)).sort()).toEqual([
      'sandbox-1',
      'sandbox-1',
      'sandbox-2',
      'sandbox-2',
    ])
  })

  it('puts no more Pods on a node than a kubelet takes, and the next one where one has gone', () => {
    const stage = openStage({ nodes: 1 })
    const names = Array.from({ length: 111 }, (_, at) => `p-${String(at).padStart(3, '0')}`)
    for (const name of names) pod(stage, name)
    stage.clock.advance(100)
    const waiting = names.filter((name) => nodeOf(stage, name) === '')
    expect(waiting).toHaveLength(1)
    expect(why(stage, waiting[0] ?? '')).toBe(
      `0/1 nodes are available: 1 Too many pods. ${USELESS} 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
    )
    const gone = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: names[0] ?? '' }
    stage.world.delete(gone, { graceSeconds: 0 })
    stage.clock.advance(100)
    expect(nodeOf(stage, waiting[0] ?? '')).toBe('sandbox-1')
  })

  it('says of each node why it does not do, and tries again when nodes change', () => {
    const stage = openStage({ nodes: 2 })
    change(stage, 'sandbox-2', ['spec', 'taints'], [{ key: 'own', value: 'x', effect: 'NoSchedule' }])
    pod(stage, 'a', { nodeSelector: { disk: 'fast' } })
    stage.clock.advance(1000)
    expect(why(stage, 'a')).toBe(
      `0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). ${USELESS} 0/2 nodes are available: 2 Preemption is not helpful for scheduling.`,
    )
    expect(stage.events('Pod', 'a')).toHaveLength(1)
    change(stage, 'sandbox-1', ['metadata', 'labels', 'disk'], 'fast')
    stage.clock.advance(1000)
    expect(nodeOf(stage, 'a')).toBe('sandbox-1')
  })

  it('counts what Pods ask for, and lets the next one in when one goes', () => {
    const stage = openStage()
    pod(stage, 'large', asking('900'))
    stage.clock.advance(1000)
    pod(stage, 'next', asking('200'))
    pod(stage, 'huge', asking('2000'))
    stage.clock.advance(1000)
    const full = '0/1 nodes are available: 1 Insufficient cpu.'
    expect(why(stage, 'next')).toBe(
      `${full} ${USELESS} 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
    )
    expect(why(stage, 'huge')).toBe(
      `${full} ${USELESS} 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
    )
    stage.world.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'large' })
    stage.clock.advance(5000)
    expect(nodeOf(stage, 'next')).toBe('sandbox-1')
  })

  it('waits for claims', () => {
    const stage = openStage()
    pod(stage, 'a', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] })
    stage.clock.advance(1000)
    expect(why(stage, 'a')).toMatch(/^0\/1 nodes are available: persistentvolumeclaim "data" not found\. /)
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
    const claim = stage.make('v1', 'PersistentVolumeClaim', 'data', { spec })
    stage.clock.advance(1000)
    expect(why(stage, 'a')).toMatch(/^0\/1 nodes are available: pod has unbound immediate PersistentVolumeClaims\. /)
    stage.world.put({ ...claim, status: { phase: 'Bound' } })
    stage.clock.advance(1000)
    expect(nodeOf(stage, 'a')).toBe('sandbox-1')
  })

  it('keeps Pods apart that do not want to be together', () => {
    const stage = openStage()
    const rule = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'a' } } }
    const spec = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [rule] } } }
    pod(stage, 'one', spec, { app: 'a' })
    pod(stage, 'two', spec, { app: 'a' })
    stage.clock.advance(1000)
    const waits = ['one', 'two'].filter((name) => nodeOf(stage, name) === '')
    expect(waits).toHaveLength(1)
    expect(why(stage, String(waits[0]))).toContain("1 node(s) didn't match pod anti-affinity rules")
  })

  it('puts Pods to those that they want to be with, the first of which may be anywhere', () => {
    const stage = openStage()
    const wanting = (app: string): JsonObject => {
      const rule = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } }
      return { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [rule] } } }
    }
    pod(stage, 'alone', wanting('b'))
    pod(stage, 'together', wanting('a'), { app: 'a' })
    stage.clock.advance(1000)
    expect(why(stage, 'alone')).toBe(
      `0/1 nodes are available: 1 node(s) didn't match pod affinity rules. ${USELESS} 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`,
    )
    expect(nodeOf(stage, 'together')).toBe('sandbox-1')
    pod(stage, 'b', {}, { app: 'b' })
    stage.clock.advance(10_000)
    expect(nodeOf(stage, 'alone')).toBe('sandbox-1')
  })

  it('gives a port of a node to one Pod alone', () => {
    const stage = openStage()
    const containers = [{ name: 'main', image: 'app:1', ports: [{ containerPort: 80, hostPort: 80 }] }]
    pod(stage, 'one', { containers })
    stage.clock.advance(1000)
    pod(stage, 'two', { containers })
    stage.clock.advance(1000)
    expect(why(stage, 'two')).toContain("1 node(s) didn't have free ports for the requested pod ports")
    stage.world.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'one' })
    stage.clock.advance(5000)
    expect(nodeOf(stage, 'two')).toBe('sandbox-1')
  })

  it('has no nodes where there are none, and lets gates hold a Pod', () => {
    const stage = openStage({ nodes: 0 })
    pod(stage, 'a')
    pod(stage, 'held', { schedulingGates: [{ name: 'example.com/hold' }] })
    stage.clock.advance(1000)
    expect(why(stage, 'a')).toBe('no nodes available to schedule pods')
    expect(why(stage, 'held')).toContain('SchedulingGated')
  })
})

describe('a stand-in node', () => {
  it('that was deleted stays away, also in a copy', () => {
    const stage = openStage()
    stage.world.delete({ apiVersion: 'v1', kind: 'Node', namespace: null, name: 'sandbox-1' })
    stage.clock.advance(1000)
    const copy = stage.sandbox.fork()
    stage.clock.advance(1000)
    expect(copy.world.list('v1', 'Node')).toEqual([])
  })
})
