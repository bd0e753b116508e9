// What ignore rules leave out of the comparison, and what of them cannot be honoured.
import { describe, expect, it } from 'vitest'
import type { IgnoreRule } from '../app/application.ts'
import type { JsonObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { printComparison } from '../testing/print-drift.ts'
import { applied, compareInput, desired, liveSet, managed, manifest } from '../testing/world.ts'
import { compare } from './compare.ts'
import { ignoreProblems } from './ignore.ts'

const rule = (parts: Partial<IgnoreRule>): IgnoreRule => ({
  group: 'apps',
  kind: 'Deployment',
  name: null,
  namespace: null,
  jsonPointers: [],
  jqPathExpressions: [],
  managedFieldsManagers: [],
  ...parts,
})

const containers = (...images: readonly string[]) => images.map((image, index) => ({ name: `c${index}`, image }))
const deployment = (spec: JsonObject) => manifest('apps/v1', 'Deployment', 'web', { spec })
const wanted = desired(deployment({ replicas: 2, template: { spec: { containers: containers('a:1', 'b:1') } } }))
const live = applied(desired(deployment({ replicas: 5, template: { spec: { containers: containers('a:2', 'b:2') } } })))

function paths(rules: readonly IgnoreRule[], object: KubeObject = live): readonly string[] {
  const [drift] = compare(compareInput({ desired: [wanted], live: liveSet([object]), ignore: rules })).drifts
  return drift?.kind === 'changed' ? drift.changes.map((change) => change.path) : []
}

const REPLICAS = 'spec.replicas'
const FIRST = 'spec.template.spec.containers[name=c0].image'
const SECOND = 'spec.template.spec.containers[name=c1].image'

describe('a rule', () => {
  it('leaves out what its pointers lead to', () => {
    expect(paths([])).toEqual([REPLICAS, FIRST, SECOND])
    expect(paths([rule({ jsonPointers: ['/spec/replicas', '/spec/template/spec/containers/1/image'] })])).toEqual([
      FIRST,
    ])
  })

  it('leaves out what its jq expressions lead to, whole items included', () => {
    const image = rule({ jqPathExpressions: ['.spec.template.spec.containers[] | select(.name == "c0").image'] })
    expect(paths([image])).toEqual([REPLICAS, SECOND])
    const item = rule({
      jqPathExpressions: ['.spec.template.spec.containers[] | select(.name == "c0")', '.spec.replicas'],
    })
    expect(paths([item])).toEqual([SECOND])
  })

  it('leaves out what its managers own', () => {
    const hpa = managed('hpa', 'Update', { 'f:spec': { 'f:replicas': {} } })
    const entries = [...(live.metadata.managedFields as readonly JsonObject[]), hpa]
    const scaled = { ...live, metadata: { ...live.metadata, managedFields: entries } }
    expect(paths([rule({ managedFieldsManagers: ['hpa'] })], scaled)).toEqual([FIRST, SECOND])
    expect(paths([rule({ managedFieldsManagers: ['other'] })], scaled)).toEqual([REPLICAS, FIRST, SECOND])
  })

  it.each([
    [{ group: '*', kind: '*' }, true],
    [{ group: 'apps', kind: 'Deployment', name: 'web', namespace: 'shop' }, true],
    [{ group: 'extensions', kind: 'Deployment' }, true],
    [{ name: '', namespace: '' }, true],
    [{ name: 'we' }, false],
    [{ namespace: 'shop2' }, false],
    [{ kind: 'StatefulSet' }, false],
    [{ group: 'app' }, false],
    [{ name: 'web*' }, false],
  ])('for %j is about the object: %s', (selector, about) => {
    const found = paths([rule({ ...selector, jsonPointers: ['/spec/replicas'] })])
    expect(found.includes(REPLICAS)).toBe(!about)
  })

  it('makes an object the same whose only differences it names, and nobody is asked', () => {
    const rules = [rule({ jsonPointers: ['/spec'] })]
    expect(printComparison(compare(compareInput({ desired: [wanted], live: liveSet([live]), ignore: rules })))).toEqual(
      ['same Deployment/web'],
    )
  })

  it('keeps a field out of the removals as well', () => {
    const before = desired(deployment({ replicas: 2, minReadySeconds: 5 }))
    const input = { desired: [desired(deployment({ replicas: 2 }))], live: liveSet([applied(before)]) }
    expect(compare(compareInput(input)).drifts[0]?.kind).toBe('changed')
    const ignore = [rule({ jsonPointers: ['/spec/minReadySeconds'] })]
    expect(compare(compareInput({ ...input, ignore })).drifts[0]?.kind).toBe('same')
  })

  it('about stringData of a Secret is about the data it becomes', () => {
    const secret = (value: string) => manifest('v1', 'Secret', 's', { data: { a: value, b: 'eA==' } })
    const input = { desired: [desired(secret('YQ=='))], live: liveSet([applied(desired(secret('Yg==')))]) }
    const ignore = [rule({ group: '', kind: 'Secret', jsonPointers: ['/stringData/a'] })]
    expect(compare(compareInput(input)).drifts[0]?.kind).toBe('changed')
    expect(compare(compareInput({ ...input, ignore })).drifts[0]?.kind).toBe('same')
  })

  it('that fails or leads nowhere leaves out nothing', () => {
    const rules = [
      rule({ jsonPointers: ['/spec/none', '/spec/replicas/x'], jqPathExpressions: ['.spec.replicas[]', '.none[]'] }),
    ]
    expect(paths(rules)).toEqual([REPLICAS, FIRST, SECOND])
  })
})

describe('what cannot be honoured', () => {
  it('is named with its place, and leaves out nothing', () => {
    const rules = [
      rule({ jsonPointers: ['/spec', 'spec'] }),
      rule({ jqPathExpressions: ['.spec', '.spec.replicas |= 1'] }),
    ]
    expect(ignoreProblems(rules)).toEqual([
      {
        rule: 0,
        field: 'jsonPointers[1]',
        text: 'spec',
        what: 'it is no JSON pointer: it must begin with a slash, and ~ only stands in ~0 and ~1',
      },
      {
        rule: 1,
        field: 'jqPathExpressions[1]',
        text: '.spec.replicas |= 1',
        what: '|= at position 16 is not understood',
      },
    ])
    expect(paths([rule({ jsonPointers: ['spec'], jqPathExpressions: ['.spec |= 1'] })])).toEqual([
      REPLICAS,
      FIRST,
      SECOND,
    ])
  })
})
