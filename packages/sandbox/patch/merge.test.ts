// JSON merge patch.
import type { Json } from '@mainstay/core/object/json.ts'
import { describe, expect, it } from 'vitest'
import { StatusError } from '../registry/status.ts'
import { mergePatch } from './merge.ts'

describe('a merge patch', () => {
  it.each<[string, Json, Json, Json]>([
    ['sets and takes away', { a: 1, b: { c: 1, d: 2 } }, { a: null, b: { c: 3 } }, { b: { c: 3, d: 2 } }],
    ['replaces lists', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    [
      'sets no nulls, also in lists of objects',
      {},
      { a: { b: null, c: 1 }, d: [{ e: null }] },
      { a: { c: 1 }, d: [{}] },
    ],
    ['keeps the nulls of a list that replaces an object', { a: {} }, { a: [{ e: null }] }, { a: [{ e: null }] }],
    ['makes an object of what was none', { a: 1 }, { a: { b: 1 } }, { a: { b: 1 } }],
  ])('%s', (_, document, patch, made) => {
    expect(mergePatch(document, patch)).toEqual(made)
  })

  it.each<[Json, string]>([
    [null, 'Invalid JSON Patch'],
    [[], 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}'],
    [true, 'error decoding patch: json: cannot unmarshal bool into Go value of type map[string]interface {}'],
  ])('cannot be %j', (patch, message) => {
    expect(() => mergePatch({}, patch)).toThrow(StatusError)
    expect(() => mergePatch({}, patch)).toThrow(message)
  })
})
