// The manifest that leaves alone what ignore rules are about: the live value stays whatever Git says.
import { describe, expect, it } from 'vitest'
import type { IgnoreRule } from '../app/application.ts'
import type { JsonObject } from '../object/json.ts'
import type { KubeObject } from '../object/object.ts'
import { refOf } from '../object/object.ts'
import { testSchemas } from '../testing/schemas.ts'
import { managed } from '../testing/world.ts'
import { respectIgnored } from './respect.ts'

function deployment(spec: JsonObject, managedFields: readonly JsonObject[] = []): KubeObject {
  const metadata = { name: 'web', namespace: 'shop', managedFields }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec }
}

function rule(parts: Partial<IgnoreRule>): IgnoreRule {
  const none = { name: null, namespace: null, jsonPointers: [], jqPathExpressions: [], managedFieldsManagers: [] }
  return { group: 'apps', kind: 'Deployment', ...none, ...parts }
}

function sent(manifest: KubeObject, live: KubeObject, ...rules: IgnoreRule[]): KubeObject {
  const schema = testSchemas('apps', 'v1', 'Deployment')
  return respectIgnored({ ref: refOf(live), manifest, live, rules, schema })
}

const containers = (...list: JsonObject[]): JsonObject => ({ template: { spec: { containers: list } } })
const replicas = rule({ jsonPointers: ['/spec/replicas'] })

describe('a manifest that respects ignore rules', () => {
  it('keeps the live value of an ignored field and changes everything else', () => {
    const result = sent(deployment({ replicas: 2, paused: true }), deployment({ replicas: 7 }), replicas)
    expect(result.spec).toEqual({ replicas: 7, paused: true })
  })

  it('does not add an ignored field that somebody took away', () => {
    expect(sent(deployment({ replicas: 2, paused: true }), deployment({ paused: true }), replicas).spec).toEqual({
      paused: true,
    })
  })

  it('does not take away an ignored field that was ours and that Git dropped', () => {
    const ours = managed('argocd-controller', 'Apply', { 'f:spec': { 'f:replicas': {} } })
    expect(sent(deployment({ paused: true }), deployment({ replicas: 7 }, [ours]), replicas).spec).toEqual({
      replicas: 7,
      paused: true,
    })
  })

  it('leaves a field of others that Git never named to the others', () => {
    const theirs = managed('hpa', 'Update', { 'f:spec': { 'f:replicas': {} } })
    const manifest = deployment({ paused: true })
    expect(sent(manifest, deployment({ replicas: 7 }, [theirs]), replicas).spec).toEqual({ paused: true })
  })

  it('finds the item of a list by its key, wherever it stands', () => {
    const image = rule({ jqPathExpressions: ['.spec.template.spec.containers[] | select(.name == "web") | .image'] })
    const git = deployment(containers({ name: 'web', image: 'web:1' }, { name: 'log', image: 'log:2' }))
    const live = deployment(
      containers({ name: 'mesh', image: 'mesh:1' }, { name: 'log', image: 'log:1' }, { name: 'web', image: 'web:9' }),
    )
    expect(sent(git, live, image).spec).toEqual(
      containers({ name: 'web', image: 'web:9' }, { name: 'log', image: 'log:2' }),
    )
  })

  it.each([
    [['x', 'y'], ['y', 'z'], '/spec/list', ['y', 'z']],
    [['a', 'b', 'c'], ['b', 'c', 'd'], '.spec.list[]', ['b', 'c', 'd']],
    [['a', 'a'], ['b', 'a'], '/spec/list/0', ['b', 'a']],
  ])('finds items without keys by their position: %j over %j by %s', (git, live, text, expected) => {
    const widget = (list: readonly string[]): KubeObject => ({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'shop' },
      spec: { list },
    })
    const parts = text.startsWith('/') ? { jsonPointers: [text] } : { jqPathExpressions: [text] }
    const rules = [rule({ group: 'example.com', kind: 'Widget', ...parts })]
    const there = widget(live)
    const result = respectIgnored({ ref: refOf(there), manifest: widget(git), live: there, rules, schema: null })
    expect(result.spec).toEqual({ list: expected })
  })

  it.each([
    [
      '/spec/rules/0/weight',
      [
        { host: 'new', weight: 9 },
        { host: 'added', weight: 2 },
      ],
    ],
    [
      '/spec/rules/1/weight',
      [
        { host: 'new', weight: 1 },
        { host: 'added', weight: 2 },
      ],
    ],
    [
      '.spec.rules[].weight',
      [
        { host: 'new', weight: 9 },
        { host: 'added', weight: 2 },
      ],
    ],
  ])('keeps %s by its position in a list that becomes longer', (text, rules) => {
    const widget = (list: readonly JsonObject[]): KubeObject => ({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'shop' },
      spec: { rules: list },
    })
    const parts = text.startsWith('/') ? { jsonPointers: [text] } : { jqPathExpressions: [text] }
    const live = widget([{ host: 'old', weight: 9 }])
    const manifest = widget([
      { host: 'new', weight: 1 },
      { host: 'added', weight: 2 },
    ])
    const ignoring = [rule({ group: 'example.com', kind: 'Widget', ...parts })]
    expect(respectIgnored({ ref: refOf(live), manifest, live, rules: ignoring, schema: null }).spec).toEqual({ rules })
  })

  it.each<readonly [string, readonly JsonObject[], readonly JsonObject[]]>([
    [
      'app',
      [
        { name: 'app', image: 'app:1' },
        { name: 'sidecar', image: 'sc:9' },
      ],
      [{ name: 'sidecar', image: 'sc:1' }],
    ],
    [
      'sidecar',
      [{ name: 'sidecar', image: 'sc:9' }],
      [
        { name: 'app', image: 'a:1' },
        { name: 'sidecar', image: 'sc:1' },
      ],
    ],
    [
      'sidecar',
      [
        { name: 'app', image: 'app:1' },
        { name: 'sidecar', image: 'sc:9' },
      ],
      [
        { name: 'sidecar', image: 'sc:1' },
        { name: 'app', image: 'app:2' },
      ],
    ],
  ])('never puts the value of one item into another that stands at its position (%s)', (name, there, rules) => {
    const widget = (list: readonly JsonObject[]): KubeObject => ({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'shop' },
      spec: { rules: list },
    })
    const text = `.spec.rules[] | select(.name == "${name}") | .image`
    const ignoring = [rule({ group: 'example.com', kind: 'Widget', jqPathExpressions: [text] })]
    const [live, manifest] = [widget(there), widget(rules)]
    expect(respectIgnored({ ref: refOf(live), manifest, live, rules: ignoring, schema: null }).spec).toEqual({ rules })
  })

  it('leaves what a trusted manager owns to it', () => {
    const hpa = managed('hpa', 'Update', { 'f:spec': { 'f:replicas': {} } })
    const trusted = rule({ managedFieldsManagers: ['hpa'] })
    const live = deployment({ replicas: 7, paused: false }, [hpa])
    expect(sent(deployment({ replicas: 2, paused: true }), live, trusted).spec).toEqual({ replicas: 7, paused: true })
  })

  it('is the manifest itself where no rule fits or nothing differs', () => {
    const manifest = deployment({ replicas: 2 })
    const live = deployment({ replicas: 7 })
    const input = { ref: refOf(live), manifest, live, schema: null }
    expect(respectIgnored({ ...input, rules: [rule({ name: 'other', jsonPointers: ['/spec/replicas'] })] })).toBe(
      manifest,
    )
    expect(respectIgnored({ ...input, live: manifest, rules: [replicas] })).toBe(manifest)
  })

  it('compares stringData of a Secret with what is stored', () => {
    const secret = (fields: JsonObject): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'shop' },
      ...fields,
    })
    const live = secret({ data: { rotated: 'bmV3', kept: 'YQ==' } })
    const manifest = secret({ stringData: { rotated: 'old', kept: 'b' } })
    const rules = [rule({ group: '', kind: 'Secret', jsonPointers: ['/data/rotated'] })]
    const result = respectIgnored({ ref: refOf(live), manifest, live, rules, schema: null })
    expect(result).toMatchObject({ data: { rotated: 'bmV3', kept: 'Yg==' } })
    expect(result).not.toHaveProperty('stringData')
  })
})
