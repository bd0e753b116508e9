// The normal form: what it makes of an object, and that it makes nothing anew that is in it already.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaults } from '../kinds/defaults/defaults.ts'
import { withAt } from '../kinds/look.ts'
import { typeOf } from './lookup.ts'
import { normalForm } from './normal.ts'
import type { StructType } from './type.ts'

const type = deploymentType()

function deploymentType(): StructType {
  const found = typeOf('apps', 'v1', 'Deployment')
  if (found === null) throw new Error('there are Deployments')
  return found
}

function container(name: string): JsonObject {
  return {
    image: 'web:1',
    name,
    env: [{ value: 'x', name: 'A' }],
    resources: { limits: { memory: '1024Mi', cpu: '0.5' } },
    livenessProbe: { httpGet: { port: 80 } },
  }
}

function deployment(containers: readonly JsonObject[]): JsonObject {
  const template = { metadata: { labels: { b: '1', a: '2' } }, spec: { containers } }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: { template, nodes: 1 } }
}

const form = (object: JsonObject): JsonObject => normalForm(type, object, defaults)

describe('what the normal form is', () => {
  test('one spelling, the order of Go, no unknown fields, no empty values, and every default', () => {
    const made = form(deployment([{ ...container('web'), command: [], stdin: false }]))
    expect(JSON.stringify((made.spec as JsonObject).template)).toBe(
      JSON.stringify({
        metadata: { labels: { a: '2', b: '1' } },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'web:1',
              env: [{ name: 'A', value: 'x' }],
              resources: { limits: { cpu: '500m', memory: '1Gi' } },
              livenessProbe: {
                httpGet: { path: '/', port: 80, scheme: 'HTTP' },
                timeoutSeconds: 1,
                periodSeconds: 10,
                successThreshold: 1,
                failureThreshold: 3,
              },
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              imagePullPolicy: 'IfNotPresent',
            },
          ],
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          securityContext: {},
          schedulerName: 'default-scheduler',
        },
      }),
    )
  })

  test('a key __proto__ of a map stays a key', () => {
    const object = { ...deployment([]), metadata: { name: 'a', labels: JSON.parse('{"b":"1","__proto__":"2"}') } }
    expect(JSON.stringify((form(object).metadata as JsonObject).labels)).toBe('{"__proto__":"2","b":"1"}')
  })
})

describe('what is in the normal form', () => {
  test('comes back as it is', () => {
    const made = form(deployment([container('web')]))
    expect(form(made)).toBe(made)
  })

  test('is known part by part: a change copies the way to it and nothing else', () => {
    const made = form(deployment([container('web'), container('proxy')]))
    const at = ['spec', 'template', 'spec'] as const
    const [web, proxy] = valueAt(made, ...at, 'containers') as readonly JsonObject[]
    const changed = form(withAt(made, [...at, 'containers'], [{ ...web, image: 'web:2' }, proxy ?? null]))
    expect(freshNodes(made, changed)).toEqual([
      '',
      '.spec',
      '.spec.template',
      '.spec.template.spec',
      '.spec.template.spec.containers',
      '.spec.template.spec.containers.0',
    ])
  })

  test('is what it would be without anything remembered, whatever is changed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...CHANGES), { minLength: 1, maxLength: 6 }), (changes) => {
        let known = form(deployment([container('web'), container('proxy')]))
        let fresh = known
        for (const change of changes) {
          known = form(change(known))
          // A copy of everything is remembered by nobody.
          fresh = form(change(structuredClone(fresh) as JsonObject))
        }
        expect(JSON.stringify(known)).toBe(JSON.stringify(fresh))
      }),
      { numRuns: 300 },
    )
  })
})

type Change = (object: JsonObject) => JsonObject

const POD = ['spec', 'template', 'spec']

function setting(path: readonly string[], value: Json | undefined): Change {
  return (object) => withAt(object, path, value)
}

function first(change: Change): Change {
  return (object) => {
    const [head, ...rest] = (valueAt(object, ...POD, 'containers') ?? []) as readonly JsonObject[]
    return withAt(object, [...POD, 'containers'], [change(head ?? { name: 'new' }), ...rest])
  }
}

const CHANGES: readonly Change[] = [
  first(setting(['image'], 'web')),
  first(setting(['resources'], { requests: { cpu: '1000m' } })),
  first(setting(['resources'], {})),
  first(setting(['livenessProbe', 'httpGet'], undefined)),
  first(setting(['livenessProbe', 'periodSeconds'], 0)),
  first(setting(['env'], [])),
  first(setting(['ports'], [{ containerPort: 80 }])),
  setting([...POD, 'volumes'], [{ name: 'a' }, { configMap: { name: 'c' }, name: 'b' }]),
  setting([...POD, 'securityContext'], undefined),
  setting([...POD, 'serviceAccount'], 'robot'),
  setting([...POD, 'containers'], []),
  setting(['spec', 'template', 'metadata'], { labels: {} }),
  setting(['spec', 'strategy'], { type: 'Recreate' }),
  setting(['spec', 'strategy'], {}),
  setting(['metadata', 'labels'], { z: '1', c: '2' }),
  setting(['status'], { replicas: 0, conditions: [{ type: 'Available', status: 'True', lastUpdateTime: null }] }),
]

function valueAt(value: Json, ...path: readonly string[]): Json {
  return path.reduce<Json>((at, key) => (isObject(at) ? (at[key] ?? null) : null), value)
}

/** Paths of the objects and lists of `after` that are not those of `before`. */
function freshNodes(before: Json, after: Json, path = ''): readonly string[] {
  if (before === after || typeof after !== 'object' || after === null) return []
  const inner = Object.entries(after).flatMap(([key, value]) => {
    const old = isList(before) || isObject(before) ? ((before as JsonObject)[key] ?? null) : null
    return freshNodes(old, value as Json, `${path}.${key}`)
  })
  return [path, ...inner]
}
