// FieldsV1 as the real server reads and writes them.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elementText, pathText } from './element.ts'
import { readFields, writeFields } from './fields.ts'
import { isSame, setOf } from './set.ts'

const written = (fields: JsonObject): string => {
  const set = readFields(fields)
  return set === null ? 'unreadable' : JSON.stringify(writeFields(set))
}

describe('FieldsV1', () => {
  it.each<[string, JsonObject, string]>([
    [
      'are written in order: fields, keys, values, indices',
      {
        'i:1': {},
        'v:"b"': {},
        'v:2': {},
        'v:10': {},
        'k:{"name":"b"}': {},
        'k:{"name":"a"}': {},
        'f:b': {},
        'f:a': {},
      },
      '{"f:a":{},"f:b":{},"k:{\\"name\\":\\"a\\"}":{},"k:{\\"name\\":\\"b\\"}":{},"v:2":{},"v:10":{},"v:\\"b\\"":{},"i:1":{}}',
    ],
    [
      'keep the dot only beside other fields',
      { 'f:a': { '.': {} }, 'f:b': { 'f:c': {}, '.': {} } },
      '{"f:a":{},"f:b":{".":{},"f:c":{}}}',
    ],
    [
      'have keys in the order of their names and one spelling',
      { 'k:{ "b": 1, "a": "<" }': {} },
      '{"k:{\\"a\\":\\"\\\\u003c\\",\\"b\\":1}":{}}',
    ],
    ['ignore elements of unknown kinds', { 'x:a': { 'f:b': {} }, 'f:c': {} }, '{"f:c":{}}'],
    ['cannot be read where an element is none', { a: {} }, 'unreadable'],
    ['cannot be read where a key is no object', { 'k:1': {} }, 'unreadable'],
  ])('%s', (_, fields, text) => {
    expect(written(fields)).toBe(text)
  })

  it('read back as the same set', () => {
    const element = fc.constantFrom('f:a', 'f:b c', 'k:{"name":"x"}', 'v:"<"', 'v:true', 'i:3')
    fc.assert(
      fc.property(fc.array(fc.array(element, { minLength: 1, maxLength: 3 }), { maxLength: 6 }), (all) => {
        const canonical = setOf(all.map((path) => path.map((each) => (each === 'v:"<"' ? 'v:"\\u003c"' : each))))
        const copy = JSON.parse(JSON.stringify(writeFields(canonical))) as JsonObject
        expect(isSame(readFields(copy) ?? setOf([['f:unread']]), canonical)).toBe(true)
      }),
    )
  })

  it('are the same value where nothing was changed', () => {
    const fields = { 'f:a': { '.': {}, 'f:b': {} } }
    const set = readFields(fields)
    expect(set === null ? null : writeFields(set)).toBe(fields)
  })

  it('are shown in messages as paths', () => {
    expect(pathText(['f:spec', 'f:ports', 'k:{"port":80,"protocol":"TCP"}', 'f:name'])).toBe(
      '.spec.ports[port=80,protocol="TCP"].name',
    )
    expect(['v:"a"', 'v:1', 'i:2'].map(elementText)).toEqual(['[="a"]', '[=1]', '[2]'])
  })
})
