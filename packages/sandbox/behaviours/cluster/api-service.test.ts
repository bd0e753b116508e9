// Groups that are served are registered, and those of definitions only as long as these serve them.
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { valueAt } from '@mainstay/core/object/object.ts'
import { expect, it } from 'vitest'
import { openSandbox } from '../../sandbox.ts'
import { openTestClock } from '../../testing/clock.ts'
import { apiServiceController } from './api-service.ts'

const schema = { openAPIV3Schema: { type: 'object' } }
const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'bars.foo.example' },
  spec: {
    group: 'foo.example',
    scope: 'Namespaced',
    names: { kind: 'Bar', plural: 'bars' },
    versions: [
      { name: 'v1', served: true, storage: true, schema },
      { name: 'v1beta1', served: true, storage: false, schema },
      { name: 'v1alpha1', served: false, storage: false, schema },
    ],
  },
}

it('registers what is built in, and the served versions of definitions until they go', () => {
  const clock = openTestClock()
  const { world } = openSandbox({ clock, seed: 1, controllers: [apiServiceController] })
  const names = (): readonly string[] =>
    world.list('apiregistration.k8s.io/v1', 'APIService').map(({ metadata }) => metadata.name)
  clock.advance(100)
  const builtIn = names()
  expect(builtIn).toHaveLength(21)
  expect(builtIn).toContain('v1.')
  world.create(definition)
  clock.advance(10_000)
  expect(names().filter((name) => !builtIn.includes(name))).toEqual(['v1.foo.example', 'v1beta1.foo.example'])
  const place = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', namespace: null }
  const made = world.get({ ...place, name: 'v1.foo.example' })
  expect(made?.spec).toEqual({ group: 'foo.example', groupPriorityMinimum: 1000, version: 'v1', versionPriority: 100 })
  expect(valueAt(made ?? null, 'status', 'conditions')).toMatchObject([{ type: 'Available', status: 'True' }])
  world.delete({ ...definition, namespace: null, name: 'bars.foo.example' })
  clock.advance(10_000)
  expect(names()).toEqual(builtIn)
})
