// Paths as people read them, and JSON pointers as rules write them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Path } from './path.ts'
import { parsePointer, printPath, resolvePointer, withoutPlaces } from './path.ts'

const PRINTED: readonly (readonly [string, Path])[] = [
  [
    'spec.template.spec.containers[name=web].image',
    ['spec', 'template', 'spec', 'containers', { keys: [['name', 'web']] }, 'image'],
  ],
  ['metadata.annotations["example.com/x"]', ['metadata', 'annotations', 'example.com/x']],
  [
    'spec.ports[port=80,protocol=TCP]',
    [
      'spec',
      'ports',
      {
        keys: [
          ['port', 80],
          ['protocol', 'TCP'],
        ],
      },
    ],
  ],
  ['metadata.finalizers[=example.com/keep]', ['metadata', 'finalizers', { value: 'example.com/keep' }]],
  ['spec.rules[0].host', ['spec', 'rules', 0, 'host']],
  ['data["tls.crt"]', ['data', 'tls.crt']],
  ['env[name="a b"]', ['env', { keys: [['name', 'a b']] }]],
]

describe('printed paths', () => {
  it.each(PRINTED)('%s', (text, path) => {
    expect(printPath(path)).toBe(text)
  })
})

describe('JSON pointers', () => {
  const root = { a: { 'b/c': [{ x: 1 }, { x: 2 }], '~t': null }, '': 0 }

  it('resolve escaped names, positions and the empty name', () => {
    const resolve = (pointer: string) => resolvePointer(root, parsePointer(pointer) ?? ['missing'])
    expect(resolve('/a/b~1c/1/x')).toEqual(['a', 'b/c', 1, 'x'])
    expect(resolve('/a/~0t')).toEqual(['a', '~t'])
    expect(resolve('/')).toEqual([''])
  })

  it('lead nowhere where the value has no such place, not even into the prototype', () => {
    for (const pointer of [
      '/a/none',
      '/a/b~1c/9',
      '/a/b~1c/-',
      '/a/b~1c/01',
      '/a/~0t/x',
      '/constructor',
      '/__proto__',
    ]) {
      expect(resolvePointer(root, parsePointer(pointer) ?? [])).toBeNull()
    }
  })

  it('are refused without a leading slash, with a stray tilde, and for the whole document', () => {
    expect(['', 'a/b', '/a~', '/a~2'].map(parsePointer)).toEqual([null, null, null, null])
  })
})

describe('taking places out', () => {
  it('counts positions as they were before anything was taken out', () => {
    expect(
      withoutPlaces({ a: [0, 1, 2, 3] }, [
        ['a', 0],
        ['a', 2],
      ]),
    ).toEqual({ a: [1, 3] })
  })

  it('leaves the original as it was', () => {
    const root = { a: { b: 1, c: 2 } }
    expect(withoutPlaces(root, [['a', 'b']])).toEqual({ a: { c: 2 } })
    expect(root).toEqual({ a: { b: 1, c: 2 } })
  })

  it('changes nothing where a place does not exist', () => {
    expect(withoutPlaces({ a: 1 }, [['b'], ['a', 'c'], ['a', 0]])).toEqual({ a: 1 })
  })

  it('takes a value out whatever its key is called', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (gone, kept) => {
        fc.pre(gone !== kept)
        const root = Object.fromEntries([
          [gone, 1],
          [kept, 2],
        ])
        expect(withoutPlaces(root, [[gone]])).toEqual(Object.fromEntries([[kept, 2]]))
      }),
    )
  })
})
