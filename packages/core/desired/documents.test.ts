// Documents become objects, or a list of everything that is wrong with them.
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../object/json.ts'
import { refOf } from '../object/object.ts'
import { readObjects } from './documents.ts'

function read(...values: readonly JsonObject[]) {
  return readObjects(
    values.map((value, index) => ({ value, origin: { file: 'all.yaml', document: index + 1, line: index * 10 + 1 } })),
  )
}

/** `where field: what` of each problem. */
function problemsOf(...values: readonly JsonObject[]): readonly string[] {
  const result = read(...values)
  return result.kind === 'objects' ? [] : result.problems.map((problem) => `${problem.where} ${problem.what}`)
}

function configMap(name: Json, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata } }
}

describe('reading objects', () => {
  it('unwraps lists, typed lists and lists in lists, with the origin of the document', () => {
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: [configMap('a'), { apiVersion: 'v1', kind: 'ConfigMapList', items: [{ metadata: { name: 'b' } }] }],
    }
    const result = read(list, configMap('c'))
    expect(
      result.kind === 'objects' && result.objects.map((each) => [refOf(each.object).name, each.origin.line]),
    ).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 11],
    ])
  })

  it('takes a List without items for an empty one, and a kind ending in List without items for an object', () => {
    expect(read({ apiVersion: 'v1', kind: 'List', items: null })).toEqual({ kind: 'objects', objects: [] })
    const allowList = { apiVersion: 'net.example.com/v1', kind: 'AllowList', metadata: { name: 'x' } }
    expect(read(allowList)).toMatchObject({ kind: 'objects', objects: [{ object: allowList }] })
  })

  it('names every problem of every document at once, with file, line and field', () => {
    expect(
      problemsOf(
        configMap('Upper'),
        { kind: 'ConfigMap', metadata: { name: 'x' } },
        { apiVersion: 'v1', metadata: {} },
        configMap('ok', { labels: { tier: 5 }, annotations: { 'a/b': true, note: null } }),
      ),
    ).toEqual([
      'all.yaml:1 metadata.name must consist of lower-case letters, digits, dashes and dots',
      'all.yaml:11 apiVersion is missing',
      'all.yaml:21 kind is missing',
      'all.yaml:31 metadata.labels.tier is not a text',
      'all.yaml:31 metadata.annotations["a/b"] is not a text',
      'all.yaml:31 metadata.annotations.note is not a text',
    ])
  })

  it.each<[string, JsonObject, string]>([
    ['a missing name', configMap(null), 'metadata.name is missing'],
    ['a name that is a number', configMap(5), 'metadata.name is not a text'],
    ['no metadata', { apiVersion: 'v1', kind: 'ConfigMap' }, 'metadata is missing'],
    ['an item that is no object', { apiVersion: 'v1', kind: 'List', items: [7] }, 'items[0] is not an object'],
    [
      'a namespace in capitals',
      configMap('x', { namespace: 'Shop' }),
      'metadata.namespace is not a name of a namespace',
    ],
    ['a namespace that is a list', configMap('x', { namespace: [] }), 'metadata.namespace is not a text'],
    [
      'a label value that is too long',
      configMap('x', { labels: { a: 'b'.repeat(64) } }),
      'metadata.labels.a must be empty or at most 63 letters, digits, dashes, dots and underscores',
    ],
    ['labels that are a list', configMap('x', { labels: ['a'] }), 'metadata.labels is not a map of texts'],
    [
      'a key with a blank',
      configMap('x', { annotations: { 'a b': 'c' } }),
      'metadata.annotations["a b"] must be at most 63 letters, digits, dashes, dots and underscores',
    ],
    [
      'an apiVersion of three parts',
      { ...configMap('x'), apiVersion: 'a/b/v1' },
      'apiVersion must be a version, or a group and a version: apps/v1',
    ],
    ['a kind with a slash', { ...configMap('x'), kind: 'Config/Map' }, 'kind must be a word, such as Deployment'],
    ['a number without end', { ...configMap('x'), data: { a: Number.POSITIVE_INFINITY } }, 'data.a is Infinity'],
  ])('refuses %s', (_, value, what) => {
    expect(problemsOf(value)).toEqual([`all.yaml:1 ${what}`])
  })

  it('refuses generateName with the reason, except on hooks', () => {
    const job = (annotations: JsonObject) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { generateName: 'migrate-', annotations },
    })
    expect(problemsOf(job({}))).toEqual([
      'all.yaml:1 metadata.generateName would make a new object on every sync, which can never be compared nor removed',
    ])
    expect(read(job({ 'argocd.argoproj.io/hook': 'PreSync' }))).toMatchObject({
      kind: 'objects',
      objects: [{ object: { metadata: { name: '', generateName: 'migrate-' } } }],
    })
  })

  it('lets kinds keep the names that only their server can judge', () => {
    const names = ['system:reader', 'Reader_1']
    for (const name of names) {
      expect(
        problemsOf({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name } }),
      ).toEqual([])
    }
    expect(problemsOf({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'a/b' } })).toEqual(
      ['all.yaml:1 metadata.name cannot stand in a URL path'],
    )
  })

  it('takes an empty namespace for none', () => {
    const result = read(configMap('x', { namespace: '' }))
    expect(result.kind === 'objects' && result.objects[0]?.object.metadata).toEqual({ name: 'x' })
  })
})
