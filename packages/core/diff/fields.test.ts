// Field sets of managedFields: what a manager owns, found by path.
import { describe, expect, it } from 'vitest'
import { coverage, fieldsAt, managedFieldsOf, ownedPaths, segmentOf } from './fields.ts'
import { printPath } from './path.ts'

const fields = {
  'f:metadata': { 'f:annotations': { '.': {}, 'f:example.com/x': {} }, 'f:finalizers': { 'v:"keep"': {} } },
  'f:spec': {
    'f:selector': {},
    'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:name': {} } },
    'f:containers': { 'k:{"name":"a\\u003cb"}': { 'f:image': {} } },
    'f:rules': { 'i:1': {} },
  },
}

describe('what a set has of a path', () => {
  it('owns a leaf, and everything below an atomic leaf', () => {
    expect(coverage(fields, ['spec', 'selector'])).toBe('owns')
    expect(coverage(fields, ['spec', 'selector', 'app'])).toBe('owns')
  })

  it('owns an item by its keys, in whatever order they are asked for', () => {
    const keys = [
      ['protocol', 'TCP'],
      ['port', 80],
    ] as const
    expect(coverage(fields, ['spec', 'ports', { keys }, 'name'])).toBe('owns')
    expect(coverage(fields, ['spec', 'ports', { keys }])).toBe('owns')
    expect(
      coverage(fields, [
        'spec',
        'ports',
        {
          keys: [
            ['port', 81],
            ['protocol', 'TCP'],
          ],
        },
      ]),
    ).toBe('nothing')
  })

  it('finds an item whose key the server wrote with other escapes', () => {
    expect(coverage(fields, ['spec', 'containers', { keys: [['name', 'a<b']] }, 'image'])).toBe('owns')
  })

  it('owns members of sets and positions', () => {
    expect(coverage(fields, ['metadata', 'finalizers', { value: 'keep' }])).toBe('owns')
    expect(coverage(fields, ['metadata', 'finalizers', { value: 'other' }])).toBe('nothing')
    expect(coverage(fields, ['spec', 'rules', 1])).toBe('owns')
  })

  it('has only something below a path whose parts it owns', () => {
    expect(coverage(fields, ['spec', 'containers'])).toBe('below')
    expect(coverage(fields, ['metadata', 'annotations'])).toBe('owns')
    expect(coverage(fields, ['status'])).toBe('nothing')
  })

  it('owns nothing with an empty set', () => {
    expect(coverage({}, ['spec'])).toBe('nothing')
  })
})

describe('reading a set', () => {
  it('lists what is owned, an item that came as a whole only once', () => {
    expect(ownedPaths(fields).map(printPath)).toEqual([
      'metadata.annotations["example.com/x"]',
      'metadata.finalizers[=keep]',
      'spec.selector',
      'spec.ports[port=80,protocol=TCP]',
      'spec.containers[name="a<b"].image',
      'spec.rules[1]',
    ])
  })

  it('takes malformed steps for nothing, and never throws', () => {
    for (const key of ['.', 'k:{', 'k:"x"', 'v:', 'i:x', 'x:y', '', 'k:']) expect(segmentOf(key)).toBeNull()
    expect(ownedPaths({ 'k:{': {}, 'f:a': 1, 'f:b': null, 'f:c': {} }).map(printPath)).toEqual(['c'])
    expect(fieldsAt({}, 'constructor')).toBeUndefined()
  })

  it('skips malformed entries of managedFields', () => {
    const entry = { manager: 'm', operation: 'Apply', apiVersion: 'v1' }
    const metadata = { name: 'x', managedFields: [null, 'x', { manager: 1 }, { ...entry, operation: 'Guess' }, entry] }
    expect(managedFieldsOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata })).toEqual([entry])
    expect(
      managedFieldsOf({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', managedFields: 'none' } }),
    ).toEqual([])
  })
})
