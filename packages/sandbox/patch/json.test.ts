// JSON patch: what each operation does, and that a document is never changed in place.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StatusError } from '../registry/status.ts'
import { jsonPatch } from './json.ts'

const document = { a: { 'b/c': 1, 'd~e': [1, 2, 3] }, none: null }

function refusal(operations: Json): string {
  try {
    jsonPatch(document, operations)
  } catch (error) {
    if (error instanceof StatusError) return `${error.body.code} ${error.body.message}`
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a JSON patch', () => {
  it.each<[string, readonly JsonObject[], Json]>([
    [
      'adds, with escapes in the path',
      [{ op: 'add', path: '/a/b~1c', value: 2 }],
      { ...document, a: { ...document.a, 'b/c': 2 } },
    ],
    [
      'appends',
      [{ op: 'add', path: '/a/d~0e/-', value: 4 }],
      { ...document, a: { ...document.a, 'd~e': [1, 2, 3, 4] } },
    ],
    [
      'counts from the end',
      [{ op: 'remove', path: '/a/d~0e/-1' }],
      { ...document, a: { ...document.a, 'd~e': [1, 2] } },
    ],
    ['replaces a field that is not there', [{ op: 'replace', path: '/x', value: 1 }], { ...document, x: 1 }],
    ['replaces the whole', [{ op: 'replace', path: '', value: [1] }], [1]],
    ['moves', [{ op: 'move', from: '/a', path: '/none' }], { none: document.a }],
    ['copies what is not there as null', [{ op: 'copy', from: '/x', path: '/y' }], { ...document, y: null }],
    ['tests what is not there for null', [{ op: 'test', path: '/x', value: null }], document],
  ])('%s', (_, operations, made) => {
    expect(jsonPatch(document, operations)).toEqual(made)
  })

  it.each([
    [{ op: 'remove', path: '/x' }],
    [{ op: 'test', path: '/a/b~1c', value: 2 }],
    [{ op: 'add', path: '/a/d~0e/5', value: 2 }],
    [{ op: 'add', path: '/none/x', value: 2 }],
    [{ op: 'add', path: '', value: {} }],
    [{ op: 'spin', path: '/a' }],
    [null],
  ])('does not say why %j fails, as the real server', (operation) => {
    expect(refusal([operation])).toBe('422 the server rejected our request due to an error in our request')
  })

  it.each<[Json, string]>([
    [{}, 'object into Go value of type []handlers.jsonPatchOp'],
    [[1], 'number into Go value of type handlers.jsonPatchOp'],
    [[{ op: 1 }], 'number into Go struct field jsonPatchOp.op of type string'],
    [[{ op: 'add', path: [] }], 'array into Go struct field jsonPatchOp.path of type string'],
  ])('says what %j is not', (operations, what) => {
    expect(refusal(operations)).toBe(`400 error decoding patch: json: cannot unmarshal ${what}`)
  })

  it('has ten thousand operations at most', () => {
    const operations = (count: number): Json =>
      Array.from({ length: count }, () => ({ op: 'test', path: '/none', value: null }))
    expect(jsonPatch(document, operations(10_000))).toBe(document)
    expect(refusal(operations(10_001))).toMatch(/^413 Request entity too large: .* got 10001$/)
  })

  it('leaves the document as it was', () => {
    const path = fc.constantFrom('/a', '/a/b~1c', '/a/d~0e', '/a/d~0e/0', '/a/d~0e/-', '/none', '/x')
    const op = fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test')
    const operation = fc.record({ op, path, from: path, value: fc.constantFrom<Json[]>(1, {}, [1]) })
    const before = JSON.stringify(document)
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 4 }), (operations) => {
        try {
          jsonPatch(document, operations)
        } catch {}
        expect(JSON.stringify(document)).toBe(before)
      }),
    )
  })
})
