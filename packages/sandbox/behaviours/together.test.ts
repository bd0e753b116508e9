// Controllers that meet over one object: none undoes for ever what another one does.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import { openSandbox } from '../sandbox.ts'
import { openTestClock } from '../testing/clock.ts'
import { clusterControllers } from './cluster/all.ts'
import { workloadControllers } from './workloads/all.ts'

const template = {
  metadata: { labels: { app: 'db' } },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'db', image: 'example/db:1' }] },
}
const selector = { matchLabels: { app: 'db' } }

it.each([
  ['Deployment', { replicas: 2 }],
  ['StatefulSet', { serviceName: 'db' }],
  ['DaemonSet', {}],
])('a %s that is deleted in the foreground goes with all that it made', (kind, more) => {
  const clock = openTestClock()
  const controllers = [...clusterControllers(), ...workloadControllers()]
  const { world } = openSandbox({ clock, seed: 1, controllers })
  clock.advance(5000)
  const metadata = { name: 'db', namespace: 'default' }
  const made: KubeObject = { apiVersion: 'apps/v1', kind, metadata, spec: { ...more, selector, template } }
  world.create(made)
  clock.advance(10_000)
  expect(world.list('v1', 'Pod')).not.toEqual([])
  world.delete({ apiVersion: 'apps/v1', kind, ...metadata }, { propagation: 'Foreground' })
  clock.advance(10_000)
  const left = ['ControllerRevision', 'ReplicaSet', kind].flatMap((each) => world.list('apps/v1', each))
  expect([...left, ...world.list('v1', 'Pod')]).toEqual([])
})
