// The order of application.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../object/json.ts'
import type { ObjectRef } from '../object/ref.ts'
import type { DesiredObject } from './desired.ts'
import { kindRank, orderDesired } from './order.ts'

function object(ref: ObjectRef, wave: number, spec: JsonObject = {}): DesiredObject {
  const version = ref.group === '' ? 'v1' : `${ref.group}/v1`
  return {
    ref,
    manifest: { apiVersion: version, kind: ref.kind, metadata: { name: ref.name }, spec },
    origin: { file: 'all.yaml', document: 1, line: 1 },
    wave,
    options: {
      prune: 'yes',
      delete: 'yes',
      replace: false,
      force: false,
      validate: true,
      skipDryRunOnMissing: false,
      pruneLast: false,
      ignoreExtraneous: false,
      ignoreHealth: false,
    },
    digest: '',
  }
}

const namespaced = (group: string, kind: string, name: string, wave = 0, namespace = 'shop') =>
  object({ group, kind, namespace, name }, wave)
const namespace = (name: string, wave = 0) => object({ group: '', kind: 'Namespace', namespace: null, name }, wave)
const crd = (group: string, kind: string, wave = 0) =>
  object(
    { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', namespace: null, name: `${kind}.${group}` },
    wave,
    { group, names: { kind } },
  )

const written = (objects: readonly DesiredObject[]) =>
  orderDesired(objects).map(({ wave, ref }) => `${wave} ${ref.kind}/${ref.name}`)

describe('the order of application', () => {
  it('is wave, kind, namespace, name', () => {
    expect(
      written([
        namespaced('apps', 'Deployment', 'web'),
        namespaced('', 'Service', 'web'),
        namespaced('example.com', 'Widget', 'w'),
        namespaced('', 'ConfigMap', 'b'),
        namespaced('', 'ConfigMap', 'a'),
        namespaced('', 'ConfigMap', 'z', 0, 'a'),
        namespaced('', 'Secret', 'late', 1),
        namespaced('', 'Pod', 'early', -1),
      ]),
    ).toEqual([
      '-1 Pod/early',
      '0 ConfigMap/z',
      '0 ConfigMap/a',
      '0 ConfigMap/b',
      '0 Service/web',
      '0 Deployment/web',
      '0 Widget/w',
      '1 Secret/late',
    ])
  })

  it('ranks the kinds that others build on first and unknown kinds last', () => {
    const kinds = ['Namespace', 'Secret', 'CustomResourceDefinition', 'Service', 'Deployment', 'APIService', 'Widget']
    expect(kinds.toSorted((a, b) => kindRank(a) - kindRank(b))).toEqual(kinds)
  })

  it('puts a Namespace before its contents, in their wave, and leaves others where they are', () => {
    expect(written([namespace('shop', 5), namespace('other', 3), namespaced('', 'ConfigMap', 'a', -2)])).toEqual([
      '-2 Namespace/shop',
      '-2 ConfigMap/a',
      '3 Namespace/other',
    ])
  })

  it('puts a definition before its objects, even when their kind is named like an early one', () => {
    expect(
      written([
        namespaced('crd.projectcalico.org', 'NetworkPolicy', 'deny', 0),
        crd('crd.projectcalico.org', 'NetworkPolicy', 2),
        namespaced('', 'ServiceAccount', 'a', 0),
      ]),
    ).toEqual([
      '0 CustomResourceDefinition/NetworkPolicy.crd.projectcalico.org',
      '0 NetworkPolicy/deny',
      '0 ServiceAccount/a',
    ])
  })

  it('keeps a definition that comes earlier anyway', () => {
    expect(written([namespaced('a.com', 'W', 'w', 4), crd('a.com', 'W', 1)])).toEqual([
      '1 CustomResourceDefinition/W.a.com',
      '4 W/w',
    ])
  })

  it('is the same for every order of the input, and puts every dependency first', () => {
    const wave = fc.integer({ min: -2, max: 2 })
    const one = fc.oneof(
      fc.tuple(fc.constantFrom('a', 'b'), wave).map(([name, at]) => namespace(name, at)),
      fc
        .tuple(fc.constantFrom('Widget', 'NetworkPolicy', 'Namespace'), wave)
        .map(([kind, at]) => crd('a.com', kind, at)),
      fc
        .tuple(fc.constantFrom('Widget', 'NetworkPolicy', 'Namespace'), fc.constantFrom('a', 'b', 'c'), wave)
        .map(([kind, space, at]) => namespaced('a.com', kind, 'x', at, space)),
      fc.tuple(fc.constantFrom('ConfigMap', 'Secret'), wave).map(([kind, at]) => namespaced('', kind, 'x', at, 'a')),
    )
    const set = fc.uniqueArray(one, { selector: (each) => JSON.stringify(each.ref), maxLength: 10 })
    fc.assert(
      fc.property(
        set.chain((objects) =>
          fc.tuple(fc.constant(objects), fc.shuffledSubarray(objects, { minLength: objects.length })),
        ),
        ([objects, shuffled]) => {
          const ordered = orderDesired(objects)
          expect(orderDesired(shuffled)).toEqual(ordered)
          expect(orderDesired(ordered)).toEqual(ordered)
          for (const [index, { ref, wave: own }] of ordered.entries()) {
            const needs = ordered.findIndex(
              ({ ref: dep }) =>
                (dep.kind === 'Namespace' && dep.group === '' && dep.name === ref.namespace) ||
                (dep.kind === 'CustomResourceDefinition' && dep.name === `${ref.kind}.${ref.group}`),
            )
            expect(needs).toBeLessThan(index)
            expect(ordered[needs]?.wave ?? own).toBeLessThanOrEqual(own)
          }
        },
      ),
    )
  })
})
