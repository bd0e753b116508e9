// The forms of output: tables, widths, YAML, JSON, durations, and text that must not steer a terminal.
import fc from 'fast-check'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { cleanLine } from './clean.ts'
import { jsonText } from './json.ts'
import { span } from './line.ts'
import { table } from './table.ts'
import { durationText, momentText } from './time.ts'
import { cut, pad, widthOf } from './width.ts'
import { objectStream, yamlText } from './yaml.ts'

const textOf = (lines: ReturnType<typeof table>): string =>
  lines.map((line) => line.map((each) => each.text).join('')).join('\n')

describe('tables', () => {
  it('stand in columns two spaces apart, without blanks at the end', () => {
    const rows = [
      ['a', span('✓ Synced', 'good'), ''],
      ['longer', '', 'x'],
    ]
    expect(textOf(table(['NAME', 'SYNC', 'NOTE'], rows, { width: null }))).toBe(
      ['NAME    SYNC      NOTE', 'a       ✓ Synced', 'longer            x'].join('\n'),
    )
  })

  it('cut only the last column to the terminal', () => {
    const lines = table(['NAME', 'SUBJECT'], [['web', 'a subject that is long']], { width: 16 })
    expect(textOf(lines)).toBe('NAME  SUBJECT\nweb   a subject…')
  })

  it('count wide characters as two columns', () => {
    expect(
      textOf(
        table(
          ['A', 'B'],
          [
            ['日本', 'x'],
            ['abcd', 'y'],
          ],
          { width: null },
        ),
      ),
    ).toBe('A     B\n日本  x\nabcd  y')
  })
})

describe('widths', () => {
  it('of text are what a terminal shows', () => {
    expect(widthOf('abc')).toBe(3)
    expect(widthOf('é')).toBe(1)
    expect(widthOf('e\u0301')).toBe(1)
    expect(widthOf('日本')).toBe(4)
    expect(widthOf('✓ ❚❚ …')).toBe(6)
    expect(widthOf('🚀')).toBe(2)
  })

  it('are kept by cut and reached by pad', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.nat(12), (text, width) => {
        const clean = cleanLine(text)
        expect(widthOf(cut(clean, width))).toBeLessThanOrEqual(Math.max(width, 0))
        expect(widthOf(pad(clean, width))).toBeGreaterThanOrEqual(width)
        expect(pad(clean, width).startsWith(clean)).toBe(true)
      }),
    )
  })
})

describe('text from outside', () => {
  it('cannot move the cursor, break lines or turn the direction of text', () => {
    expect(cleanLine('a\u001b[2Jb\r\nc\td\u009b\u202e')).toBe('a\\x1b[2Jb\\r\\nc    d\\x9b\\u202e')
  })

  it('is left alone otherwise', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const clean = cleanLine(text)
        expect(cleanLine(clean)).toBe(clean)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
        expect(clean).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
      }),
    )
  })
})

describe('JSON', () => {
  it('keeps every digit of an integer', () => {
    expect(jsonText({ n: 9007199254740993n })).toBe('{\n  "n": 9007199254740993\n}\n')
  })

  it('reads back as the same value and holds no character that steers a terminal', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = jsonText(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
    expect(jsonText('a\u001b\u009b\u202e')).toBe('"a\\u001b\\u009b\\u202e"\n')
  })

  it('refuses what is no data instead of losing it', () => {
    expect(() => jsonText(new Map())).toThrow(TypeError)
  })
})

describe('YAML', () => {
  it('quotes what readers of either version of YAML would take for something else', () => {
    const words = ['yes', 'on', 'n', '0755', '0o7', '1e3', '12:30', '2020-01-01', '~', '', '1_000', '0x1F', '.inf']
    for (const word of words) {
      expect(yamlText({ v: word })).toBe(`v: '${word}'\n`)
    }
  })

  it('writes integers beyond 2^53 with all digits, lists without indentation, long lines whole', () => {
    expect(yamlText({ int: 9223372036854775807n, l: [{ a: 1 }], t: 'x '.repeat(100).trim() })).toBe(
      `int: 9223372036854775807\nl:\n- a: 1\nt: ${'x '.repeat(100).trim()}\n`,
    )
  })

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 3 }), (values) => {
        // As JSON: it writes minus zero as zero.
        expect(JSON.stringify(values.map((value) => load(yamlText(value))))).toBe(JSON.stringify(values))
      }),
    )
  })

  it('of objects has its keys in alphabetical order, at every depth', () => {
    const object = {
      kind: 'K',
      apiVersion: 'v1',
      metadata: { name: 'a', labels: { z: '1', b: '2' } },
      spec: [{ d: 1, c: 2 }],
    }
    const text =
      "apiVersion: v1\nkind: K\nmetadata:\n  labels:\n    b: '2'\n    z: '1'\n  name: a\nspec:\n- c: 2\n  d: 1\n"
    expect(objectStream([object, object])).toBe(`${text}---\n${text}`)
  })

  it('shares nothing between places by reference', () => {
    const shared = { a: 1 }
    expect(yamlText({ p: shared, q: shared })).toBe('p:\n  a: 1\nq:\n  a: 1\n')
  })
})

describe('times', () => {
  it('of a run are told in the two largest units', () => {
    expect([0, 449, 9_949, 9_960, 59_400, 60_000, 200_000, 3_600_000, 7_500_000].map(durationText)).toEqual([
      '0.0 s',
      '0.4 s',
      '9.9 s',
      '10 s',
      '59 s',
      '1 min',
      '3 min 20 s',
      '1 h',
      '2 h 5 min',
    ])
  })

  it('of records are told in UTC, and left as they are where they are none', () => {
    expect(momentText('2026-11-23T12:42:01.500+02:00')).toBe('2026-11-23 10:42:01Z')
    expect(momentText('yesterday')).toBe('yesterday')
  })
})
