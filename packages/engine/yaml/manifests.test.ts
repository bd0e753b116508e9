// Documents of a file: what is read, what is refused, and which line is named.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Json } from '@mainstay/core/object/json.ts'
import fc from 'fast-check'
import { dump } from 'js-yaml'
import { describe, expect, it, test } from 'vitest'
import { FaultError } from '../fault.ts'
import { type ParseOptions, parseDocuments, parseManifests } from './manifests.ts'

const values = (text: string, file = 'app.yaml') => parseDocuments(text, { file }).documents.map((one) => one.value)

function faultOf(text: string, options: Partial<ParseOptions> = {}) {
  try {
    parseManifests(text, { file: 'app.yaml', ...options })
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    throw error
  }
  throw new Error('nothing was refused')
}

describe('documents', () => {
  it('are numbered with the empty ones, which are left out, and know their first line', () => {
    const text = '# licence\n---\n---\n# nothing\n---\na: 1\n--- # next\n\nb: 2\n...\n---\n~\n'
    const { documents } = parseDocuments(text, { file: 'app.yaml' })
    expect(documents.map(({ value, document, line }) => ({ value, document, line }))).toEqual([
      { value: { a: 1 }, document: 3, line: 6 },
      { value: { b: 2 }, document: 4, line: 9 },
    ])
  })

  it('of an empty file are none', () => {
    expect(values('')).toEqual([])
    expect(values('\n# only a comment\n')).toEqual([])
  })

  it('are read with a byte order mark and with Windows line ends', () => {
    expect(values('\uFEFFa: |\r\n  x\r\n  y\r\nb: 1\r\n')).toEqual([{ a: 'x\ny\n', b: 1 }])
  })

  it('end a block scalar with a line break even where the file ends without one', () => {
    expect(values('a: |\n  x')).toEqual([{ a: 'x\n' }])
  })
})

describe('keys', () => {
  it('that are no strings become strings as in Go', () => {
    expect(values('1: a\ntrue: b\n1.5: c\non: d\n')).toEqual([{ '1': 'a', true: 'd', '1.5': 'c' }])
  })

  it('that JSON cannot write are refused with their line', () => {
    expect(faultOf('a: 1\n~: 2\n').where).toBe('app.yaml:2:1')
    expect(faultOf('? [a]\n: 1\n').where).toBe('app.yaml:1:3')
    expect(faultOf('? {a: 1}\n: 1\n').where).toBe('app.yaml:1:3')
  })

  it('called __proto__ stay keys and reach no prototype', () => {
    for (const text of [
      '__proto__: {polluted: yes}',
      '<<: {__proto__: {polluted: yes}}',
      '{"__proto__": {"polluted": true}}',
    ]) {
      const [value] = values(text)
      expect(Object.keys(value as object)).toEqual(['__proto__'])
      expect((value as { polluted?: unknown }).polluted).toBeUndefined()
    }
  })

  it('written twice use the last value and give a warning with the line', () => {
    const { documents, warnings } = parseDocuments('a: 1\nb: 2\na: 3\n---\n{"c": 1,\n "c": 2}\n', { file: 'app.yaml' })
    expect(documents.map((one) => one.value)).toEqual([{ a: 3, b: 2 }, { c: 2 }])
    expect(warnings.map(({ line, document }) => ({ line, document }))).toEqual([
      { line: 3, document: 1 },
      { line: 6, document: 2 },
    ])
    expect(warnings[0]?.what).toContain('"a"')
    const merged = parseDocuments('<<: {a: 1}\na: 2\na: 3\n', { file: 'app.yaml' })
    expect(merged.warnings.map(({ line }) => line)).toEqual([3])
  })
})

describe('merge keys and aliases', () => {
  it('merge mappings, and earlier ones of a list win', () => {
    expect(values('a: &a {x: 1}\nb: {<<: *a, w: 2}\nc: {<<: [*a, {x: 5, z: 3}]}\n')).toEqual([
      { a: { x: 1 }, b: { x: 1, w: 2 }, c: { x: 1, z: 3 } },
    ])
  })

  it('let the later of merge key and written key win, as Go does', () => {
    expect(values('a: 1\n<<: {a: 2}\n')).toEqual([{ a: 2 }])
    expect(values('<<: {a: 2}\na: 1\n')).toEqual([{ a: 1 }])
  })

  it('do not merge where << is quoted, and refuse to merge what is no mapping', () => {
    expect(values('"<<": {a: 1}\n')).toEqual([{ '<<': { a: 1 } }])
    expect(faultOf('<<: 5\n').where).toBe('app.yaml:1:5')
  })

  it('refuse an alias without an anchor, and an anchor that contains itself', () => {
    expect(faultOf('a: *x\n').where).toBe('app.yaml:1:4')
    expect(faultOf('a: &x [1, *x]\n').where).toBe('app.yaml:1:11')
    expect(faultOf('a: &x 1\n---\nb: *x\n').where).toBe('app.yaml:3:4')
  })

  it('refuse aliases that grow a small file beyond measure', () => {
    const lines = ['a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]']
    for (let level = 1; level < 9; level++) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`)
    }
    const started = performance.now()
    expect(faultOf(lines.join('\n')).why).toContain('aliases')
    expect(performance.now() - started).toBeLessThan(2000)
    const long = `a: &a ${'x'.repeat(10_000)}\nb: [${Array.from({ length: 200 }, () => '*a').join(',')}]\n`
    expect(faultOf(long).why).toContain('aliases')
  })

  it('count the nesting that aliases add', () => {
    const lines = ['a0: &a0 {k: v}']
    for (let level = 1; level < 300; level++) lines.push(`a${level}: &a${level} {k: *a${level - 1}}`)
    expect(faultOf(lines.join('\n')).why).toContain('nested deeper')
  })
})

describe('quoted scalars that run on at the left edge', () => {
  it.each([
    ["a: 'x\ny'\nb: 1\n", { a: 'x y', b: 1 }],
    ['a: "x\ny \\\n  z"\n', { a: 'x y z' }],
    ["a:\n  - b: \"x\n\ny\"\n    c: |\n      it's\n    d: 'q\n  r'\n", { a: [{ b: 'x\ny', c: "it's\n", d: 'q r' }] }],
    ['{a: \'x\ny\', b: ["1\n2"]}\n', { a: 'x y', b: ['1 2'] }],
    ["# don't\na: it's # isn't\nb: &x !!str 'x\n''y'\n", { a: "it's", b: "x 'y" }],
  ])('%j is read as Go reads it', (text, value) => {
    expect(values(text)).toEqual([value])
  })

  it('keep the lines that errors name', () => {
    const [document] = parseDocuments("a: 'x\ny'\nb: 1\n", { file: 'app.yaml' }).documents
    expect(document?.lineOf(['b'])).toBe(3)
    expect(faultOf("a: 'x\ny'\nb: [1\n").where).toMatch(/^app\.yaml:2:/)
  })

  it('do not swallow a document separator or a quote that never ends', () => {
    expect(faultOf("a: 'x\n---\ny'\n").where).toMatch(/^app\.yaml:2:/)
    expect(faultOf("a: 'x\ny: 1\n").kind).toBe('invalid-input')
  })
})

describe('errors', () => {
  it.each([
    ['a: [1, 2\nb: 3\n', 'app.yaml:2:1'],
    ['a: b: c\n', 'app.yaml:1:5'],
    ['a: 1\n\tb: 2\n', /^app\.yaml:2:/],
    ['a: @x\n', 'app.yaml:1:4'],
    ['a: !!int x\n', 'app.yaml:1:10'],
    ['a: .inf\n', 'app.yaml:1:4'],
    ['a: "\0"\n', /^app\.yaml:1:/],
  ])('of %j name file, line and column', (text, where) => {
    const fault = faultOf(text)
    expect(fault.kind).toBe('invalid-input')
    if (typeof where === 'string') expect(fault.where).toBe(where)
    else expect(fault.where).toMatch(where)
    expect(fault.why).not.toBeNull()
    expect(fault.fix.length).toBeGreaterThan(0)
  })

  it('carry the class that the caller asked for', () => {
    expect(faultOf('a: [', { faultKind: 'render-failed' }).kind).toBe('render-failed')
  })

  it('do not quote the text, which may be a secret', () => {
    const fault = faultOf('kind: Secret\ndata: {password: hunter2\n')
    expect(JSON.stringify(fault)).not.toContain('hunter2')
  })

  it('name a document that is no mapping', () => {
    expect(faultOf('a: 1\n---\n- b\n')).toMatchObject({ where: 'app.yaml:3', why: 'document 2 is a list' })
    expect(faultOf('just text\n')).toMatchObject({ where: 'app.yaml:1', why: 'document 1 is a string' })
  })
})

describe('limits', () => {
  it('refuse what is too large, too many or too deep', () => {
    expect(faultOf('a: 12345', { limits: { bytes: 5 } }).kind).toBe('too-large')
    expect(faultOf('a\n---\nb\n---\nc', { limits: { documents: 2 } }).kind).toBe('too-large')
    expect(faultOf('{"a":1}{"a":1}{"a":1}', { limits: { documents: 2 } }).kind).toBe('too-large')
    expect(faultOf(`a: ${'['.repeat(300)}${']'.repeat(300)}`).where).toMatch(/^app\.yaml:1:/)
    expect(faultOf(`${'['.repeat(50_000)}`).kind).toBe('invalid-input')
    expect(faultOf(`${'['.repeat(50_000)}`, { file: 'app.json' }).kind).toBe('invalid-input')
    expect(faultOf(`${'- '.repeat(50_000)}`).kind).toBe('invalid-input')
  })
})

describe('JSON', () => {
  it('keeps 64-bit integers', () => {
    expect(values('{"a": 9007199254740993, "b": -9223372036854775808, "c": 1e3, "d": 1.0}', 'a.json')).toEqual([
      { a: 9007199254740993n, b: -9223372036854775808n, c: 1000, d: 1 },
    ])
  })

  it.each([
    ['{"a": 1,}', 'app.json:1:9'],
    ['{\n  "a": tru\n}', 'app.json:2:8'],
    ['{"a": 01}', 'app.json:1:8'],
    ['{"a": "x\ny"}', 'app.json:1:9'],
    ['{"a": "\\x"}', 'app.json:1:8'],
    ['[1, 2', 'app.json:1:6'],
    ['{a: 1}', 'app.json:1:2'],
    ['{}{}', 'app.json:1:3'],
    ['', 'app.json:1:1'],
    ['{"a": 1e999}', 'app.json:1:7'],
  ])('%j is refused at %s', (text, where) => {
    expect(faultOf(text, { file: 'app.json' }).where).toBe(where)
  })

  it('in a YAML file may be one value or several in a row, and may be indented by tabs', () => {
    expect(values('{\n\t"a": 1\n}\n{"b": 2}\n')).toEqual([{ a: 1 }, { b: 2 }])
    expect(values('{a: 1}\n')).toEqual([{ a: 1 }])
  })

  it('reads whatever JSON.parse reads, and refuses whatever it refuses', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.json().chain(spoiled)), (text) => {
        const expected = parsed(text)
        if (expected === undefined) {
          expect(() => parseDocuments(text, { file: 'a.json' })).toThrow(FaultError)
          return
        }
        const [document] = parseDocuments(text, { file: 'a.json', limits: { depth: 10_000 } }).documents
        expect(plain(document?.value ?? null)).toEqual(plain(expected))
      }),
    )
  })
})

/** What JSON.parse reads; undefined where it reads nothing, or a number that is only infinity in disguise. */
function parsed(text: string): Json | undefined {
  let infinite = false
  try {
    const value: Json = JSON.parse(text, (_, part) => {
      infinite ||= part === Number.POSITIVE_INFINITY || part === Number.NEGATIVE_INFINITY
      return part
    })
    return infinite ? undefined : value
  } catch {
    return undefined
  }
}

/** A JSON text with one character taken out. */
function spoiled(text: string): fc.Arbitrary<string> {
  return fc.nat({ max: Math.max(text.length - 1, 0) }).map((at) => text.slice(0, at) + text.slice(at + 1))
}

/** Without the sign of zero, and with numbers as JavaScript has them. */
function plain(value: Json): unknown {
  return JSON.parse(JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? Number(part) : part)))
}

const json = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value))
      .map((value) => value + 0),
    fc.maxSafeInteger().map((value) => value + 0),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('yes', 'NULL', '0755', '1e3', '.inf', '<<', '2001-01-01', '~', ' x ', 'a\nb\n', '- a', "it's", '#'),
    fc.array(tie('json')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('1', 'true', '<<', '__proto__', 'null')), tie('json')),
  ),
})).json

test('a JSON value that is written as YAML is read as the same value', () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = JSON.stringify({ value }, (_, part) => (typeof part === 'bigint' ? `<int>${part}` : part))
      const yaml = dump(JSON.parse(text), { noRefs: true }).replace(/(['"]?)<int>([0-9]+)\1/g, '$2')
      expect(values(yaml)).toEqual([{ value }])
    }),
  )
})

test('a JSON text means the same whether it is read as JSON or as YAML', () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = JSON.stringify([value], (_, part) => (typeof part === 'bigint' ? Number(part) : part))
      expect(values(text)).toEqual(values(text, 'a.json'))
    }),
  )
})

describe('the line of a field', () => {
  const text = [
    'base: &base', // 1
    '  name: web', // 2
    '  ports:', // 3
    '    - port: 80', // 4
    '    - port: 81', // 5
    'spec:', // 6
    '  <<: *base', // 7
    '  name: api', // 8
    '  flow: {a: 1,', // 9
    '    b: 2}', // 10
    '  alias: *base', // 11
    '"1": x', // 12
    '---', // 13
    'spec: {}', // 14
  ].join('\n')

  it.each([
    [0, [], 1],
    [0, ['base', 'ports', 1, 'port'], 5],
    [0, ['spec', 'name'], 8],
    [0, ['spec', 'ports', 0], 4],
    [0, ['spec', 'flow', 'b'], 10],
    [0, ['spec', 'alias', 'name'], 2],
    [0, ['1'], 12],
    [0, ['spec', 'missing', 'deeper'], 6],
    [1, ['spec', 'x'], 14],
  ] as const)('in document %i at %j is %i', (document, path, line) => {
    expect(parseDocuments(text, { file: 'a.yaml' }).documents[document]?.lineOf(path)).toBe(line)
  })

  it('is known for JSON as well', () => {
    const [first, second] = parseDocuments('{"a": {\n"b": [1,\n2]}}\n{"c":\n1,\n"d": 2}', { file: 'a.yaml' }).documents
    expect(first?.lineOf(['a', 'b', 1])).toBe(3)
    expect(first?.lineOf(['a', 'x'])).toBe(1)
    expect(second?.lineOf(['d'])).toBe(6)
  })
})

const corpus = process.env.MAINSTAY_CORPUS ?? resolve(import.meta.dirname, '../../../../shared/corpus')

// The corpus is no part of the project: where it is not beside it, there is nothing to test.
const corpusTest = existsSync(corpus) ? test : () => undefined

corpusTest('every plain YAML file of the public corpus is read', () => {
  const files = globSync('**/*.{yaml,yml,json}', { cwd: corpus })
  const plainFiles = files.filter((file) => !/(?:^|\/)templates\//.test(file))
  expect(plainFiles.length).toBeGreaterThan(50)
  for (const file of plainFiles) {
    const { documents } = parseDocuments(readFileSync(join(corpus, file), 'utf8'), { file })
    for (const { value } of documents) expect(value).not.toBeNull()
  }
})
