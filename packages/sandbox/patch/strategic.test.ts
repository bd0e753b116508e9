// Strategic merge patch of a Deployment: lists by keys, directives, and what is refused.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { describe, expect, it } from 'vitest'
import { StatusError } from '../registry/status.ts'
import { typeOf } from '../schema/lookup.ts'
import { strategicMerge } from './strategic.ts'

const pod = {
  containers: [
    { name: 'one', image: 'i:1', args: ['a'] },
    { name: 'two', image: 'i:1' },
    { name: 'three', image: 'i:1' },
  ],
  volumes: [{ name: 'v', emptyDir: {} }],
}
const live = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', finalizers: ['a', 'b', 'c'], labels: { x: 'y' } },
  spec: { strategy: { type: 'RollingUpdate', rollingUpdate: {} }, template: { spec: pod } },
}

function merged(patch: JsonObject): JsonObject {
  const type = typeOf('apps', 'v1', 'Deployment')
  if (type === null) throw new Error('Deployment is built in')
  return strategicMerge(live, patch, type)
}

const mergedPod = (spec: JsonObject): unknown => {
  const made = merged({ spec: { template: { spec } } }) as typeof live
  return made.spec.template.spec
}

const [one, two, three] = pod.containers

describe('a strategic merge patch', () => {
  it.each<[string, JsonObject, unknown]>([
    [
      'merges items by their key and puts new ones where the patch has them',
      { containers: [{ name: 'two', image: 'i:2' }, { name: 'new' }] },
      [one, { name: 'two', image: 'i:2' }, { name: 'new' }, three],
    ],
    ['deletes an item', { containers: [{ $patch: 'delete', name: 'one' }] }, [two, three]],
    ['replaces a list', { containers: [{ $patch: 'replace' }, { name: 'new' }] }, [{ name: 'new' }]],
    ['orders a list', { '$setElementOrder/containers': [{ name: 'three' }, { name: 'one' }] }, [two, three, one]],
    [
      'replaces lists without a strategy',
      { containers: [{ name: 'one', args: ['z'] }] },
      [{ ...one, args: ['z'] }, two, three],
    ],
  ])('%s', (_, spec, containers) => {
    expect(mergedPod(spec)).toEqual({ ...pod, containers })
  })

  it('retains keys alone', () => {
    const strategy = { $retainKeys: ['type'], type: 'Recreate' }
    expect(merged({ spec: { strategy } })).toEqual({ ...live, spec: { ...live.spec, strategy: { type: 'Recreate' } } })
  })

  it('adds to and deletes from lists of scalars', () => {
    const added = merged({ metadata: { finalizers: ['d', 'a'] } }) as typeof live
    expect(added.metadata.finalizers).toEqual(['d', 'a', 'b', 'c'])
    const deleted = merged({ metadata: { '$deleteFromPrimitiveList/finalizers': ['b'] } }) as typeof live
    expect(deleted.metadata.finalizers).toEqual(['a', 'c'])
  })

  it('replaces and empties maps', () => {
    expect(merged({ metadata: { labels: { $patch: 'replace', z: '1' } } }).metadata).toMatchObject({
      labels: { z: '1' },
    })
    expect((merged({ metadata: { labels: { $patch: 'delete' } } }) as typeof live).metadata.labels).toEqual({})
  })

  it.each<[JsonObject, number, string]>([
    [{ metadata: { labels: { $patch: 'merge' } } }, 500, 'unknown patch type: merge in map: map[$patch:merge]'],
    [{ metadata: { $deleteFromPrimitiveListx: [] } }, 400, 'invalid patch format of primitive list'],
    [{ spec: { strategy: { $retainKeys: [], type: 'x' } } }, 400, 'invalid patch format of retainKeys'],
    [{ '$setElementOrder/foo': [1] }, 500, 'unable to find api field in struct Deployment for the json field "foo"'],
    [
      { spec: { template: { spec: { containers: [{ image: 'y' }] } } } },
      500,
      'map: map[image:y] does not contain declared merge key: name',
    ],
    [
      { spec: { template: { spec: { '$setElementOrder/containers': 1 } } } },
      500,
      'expected a []interface {}, but received a int64',
    ],
  ])('refuses %j', (patch, code, message) => {
    expect(() => merged(patch)).toThrow(StatusError)
    try {
      merged(patch)
    } catch (error) {
      expect((error as StatusError).body).toMatchObject({ code, message })
    }
  })
})
