// Patterns of include and exclude: the expected answers come from gobwas/glob 0.2.3.
import { describe, expect, it, test } from 'vitest'
import { compileGlob, GlobError } from './glob.ts'

describe('a pattern', () => {
  it.each([
    ['*.yaml', ['a.yaml', 'sub/a.yaml', '.yaml'], ['a.yml', 'a.yaml.txt', '']],
    ['**/*.yaml', ['a/b.yaml', 'a/b/c.yaml'], ['b.yaml']],
    [
      '{config.json,env-usw2/*}',
      ['config.json', 'env-usw2/x.yaml', 'env-usw2/y/z.yaml'],
      ['env-usw2', 'a/config.json'],
    ],
    ['{*.yml,*.yaml}', ['a.yml', 'b.yaml'], ['c.json']],
    ['a?c', ['abc', 'a/c'], ['ac', 'abbc']],
    ['[abc]x', ['ax', 'cx'], ['dx', 'x']],
    ['[!a-c]x', ['dx', '/x'], ['ax', 'bx']],
    ['a{b,{c,d}e}f', ['abf', 'acef', 'adef'], ['abef', 'af']],
    ['\\*.yaml', ['*.yaml'], ['a.yaml']],
    ['a,b', ['a,b'], ['a', 'b']],
    ['a}b]', ['a}b]'], []],
    ['ü?.yaml', ['üö.yaml', 'ü😀.yaml'], ['ü.yaml']],
  ])('%s matches %j and not %j', (pattern, inside, outside) => {
    const glob = compileGlob(pattern)
    for (const text of inside) expect([text, glob(text)]).toEqual([text, true])
    for (const text of outside) expect([text, glob(text)]).toEqual([text, false])
  })

  it.each(['[abc', '[]', '[z-a]', '[a-', '{a,b', 'x{', '{'.repeat(50)])('is not %s', (pattern) => {
    expect(() => compileGlob(pattern)).toThrow(GlobError)
  })
})

test('no pattern can be made slow', () => {
  const glob = compileGlob(`${'*a'.repeat(30)}b`)
  const started = performance.now()
  expect(glob('a'.repeat(2000))).toBe(false)
  expect(performance.now() - started).toBeLessThan(1000)
})
