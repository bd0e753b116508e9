// What holds for objects of every kind, and that the table of kinds and the functions are the same.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../object/json.ts'
import { kindKey } from '../object/ref.ts'
import { HEALTH_ORDER } from './health.ts'
import { HEALTH_KINDS, hasHealth } from './kinds.ts'
import { HEALTH_CHECKS, healthOf, ignoresHealth } from './of.ts'
import { cond, live, shown } from './testing/objects.ts'

const gone = '2026-03-01T12:00:00Z'

describe('the kinds that have a health', () => {
  it('are those that have a function', () => {
    expect([...HEALTH_CHECKS.keys()].sort()).toEqual(HEALTH_KINDS.map(kindKey).sort())
  })

  it('count under their old group too', () => {
    expect(hasHealth('extensions', 'Ingress')).toBe(true)
    expect(hasHealth('extensions', 'Deployment')).toBe(true)
    expect(shown(live('extensions/v1beta1', 'Ingress'))).toContain('Progressing')
  })

  it.each([
    ['v1', 'ConfigMap'],
    ['v1', 'Namespace'],
    ['v1', 'Node'],
    ['argoproj.io/v1alpha1', 'Application'],
    ['example.com/v1', 'Deployment'],
  ])('are not %s %s', (apiVersion, kind) => {
    expect(hasHealth(apiVersion.split('/').at(-2) ?? '', kind)).toBe(false)
    expect(shown(live(apiVersion, kind, { status: { phase: 'Failed', observedGeneration: 1 } }))).toBe('none')
  })
})

describe('an object that is being deleted', () => {
  it('is in progress, whatever its kind and status, and says what holds it', () => {
    const metadata = { deletionTimestamp: gone }
    expect(shown(live('v1', 'ConfigMap', { metadata }))).toBe('Progressing: deleting')
    const held = { ...metadata, finalizers: ['a.example.com/x', 'b'] }
    const bound = { metadata: held, status: { phase: 'Bound' } }
    expect(shown(live('v1', 'PersistentVolumeClaim', bound))).toBe(
      'Progressing: deleting; waits for finalizers: a.example.com/x, b',
    )
  })

  it('names what is left in a Namespace', () => {
    const conditions = [
      cond('NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources discovered'),
      cond('NamespaceContentRemaining', 'True', 'SomeResourcesRemain', 'pods. has 2 resource instances'),
    ]
    const object = live('v1', 'Namespace', { metadata: { deletionTimestamp: gone }, status: { conditions } })
    expect(shown(object)).toBe('Progressing: deleting; pods. has 2 resource instances')
  })

  it('is judged by its kind while only the hook finalizer holds it', () => {
    const metadata = { deletionTimestamp: gone, finalizers: ['argocd.argoproj.io/hook-finalizer'] }
    const status = { conditions: [cond('Complete', 'True')] }
    expect(shown(live('batch/v1', 'Job', { metadata, status }))).toBe('Healthy')
  })
})

describe('a status about an earlier spec', () => {
  const metadata = { generation: 3 }

  it('is not believed', () => {
    const status = { observedGeneration: 2, conditions: [cond('AbleToScale', 'True')] }
    expect(shown(live('autoscaling/v2', 'HorizontalPodAutoscaler', { metadata, status }))).toBe(
      'Progressing: its controller has not seen the last change yet',
    )
  })

  it('is believed once it has caught up', () => {
    const status = { observedGeneration: 3, conditions: [cond('AbleToScale', 'True')] }
    expect(shown(live('autoscaling/v2', 'HorizontalPodAutoscaler', { metadata, status }))).toBe('Healthy')
  })
})

it('knows which objects ask not to count', () => {
  const asking = (value: string) =>
    live('v1', 'Pod', { metadata: { annotations: { 'argocd.argoproj.io/ignore-healthcheck': value } } })
  expect(ignoresHealth(asking('true'))).toBe(true)
  expect(ignoresHealth(asking('false'))).toBe(false)
  expect(ignoresHealth(live('v1', 'Pod'))).toBe(false)
})

it('answers for every status that JSON can hold, however odd', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).map((value) => value as Json)
  const fields = [
    'phase',
    'conditions',
    'loadBalancer',
    'containerStatuses',
    'observedGeneration',
    'replicas',
    'active',
  ]
  const odd = fc.dictionary(fc.constantFrom(...fields), json)
  fc.assert(
    fc.property(fc.constantFrom(...HEALTH_KINDS), odd, odd, odd, ({ group, kind }, spec, status, metadata) => {
      const object = live(group === '' ? 'v1' : `${group}/v1`, kind, { spec, status, metadata })
      expect(HEALTH_ORDER).toContain(healthOf(object)?.status)
    }),
  )
})
