// Unquoted scalars and keys mean what they mean to Go: the expected values come from sigs.k8s.io/yaml 1.6.0.
import { describe, expect, it } from 'vitest'
import { keyText, resolvePlain, resolveTagged } from './scalar.ts'

const PLAIN: readonly (readonly [string, unknown])[] = [
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['yEs', 'oN', 'nO', 'tRUE', 'yess', 'nULL', 'none'].map((word) => [word, word] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ['0', 0],
  ['-0', 0],
  ['+5', 5],
  ['-17', -17],
  ['0755', 493],
  ['0o755', 493],
  ['-0755', -493],
  ['089', 89],
  ['08.5', 8.5],
  ['0o8', '0o8'],
  ['00', 0],
  ['0x1F', 31],
  ['0X1f', 31],
  ['-0x10', -16],
  ['0b11', 3],
  ['-0b11', -3],
  ['0b-11', -3],
  ['0b2', '0b2'],
  ['1_000', 1000],
  ['1__0', 10],
  ['1_', 1],
  ['_1', '_1'],
  ['0_7', 7],
  ['12:30', '12:30'],
  ['1:2', '1:2'],
  ['190:20:30.15', '190:20:30.15'],
  ['1e3', 1000],
  ['1E+3', 1000],
  ['1.', 1],
  ['1.e3', 1000],
  ['.5', 0.5],
  ['+.5', 0.5],
  ['.5e3', 500],
  ['.', '.'],
  ['.e5', '.e5'],
  ['-', '-'],
  ['+', '+'],
  ['1.5_0', 1.5],
  ['.5_0', '.5_0'],
  ['-0.0', 0],
  ['1e400', '1e400'],
  ['.1e400', '.1e400'],
  ['1234e567', '1234e567'],
  ['2001-01-01', '2001-01-01'],
  ['2001-01-01T00:00:00Z', '2001-01-01T00:00:00Z'],
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', 9007199254740993n],
  ['-9223372036854775808', -9223372036854775808n],
  ['18446744073709551615', 18446744073709551615n],
  ['+18446744073709551615', 2 ** 64],
  ['99999999999999999999', 1e20],
  ['0xffffffffffffffff', 18446744073709551615n],
  ['1.2.3', '1.2.3'],
  ['v1', 'v1'],
  ['<<', '<<'],
]

describe('a plain scalar', () => {
  it.each(PLAIN)('%s means %s', (text, value) => {
    expect(resolvePlain(text).value).toBe(value)
  })

  it.each(['.inf', '-.Inf', '+.INF', '.nan', '.NaN'])('%s is a float that JSON cannot say', (text) => {
    const { kind, value } = resolvePlain(text)
    expect(kind).toBe('float')
    expect(Number.isFinite(value)).toBe(false)
  })
})

describe('a tagged scalar', () => {
  it.each([
    ['int', '5', 5],
    ['int', 'x', undefined],
    ['int', '5.5', undefined],
    ['float', '3', 3],
    ['float', '18446744073709551615', undefined],
    ['bool', 'yes', true],
    ['bool', 'maybe', undefined],
    ['null', '', null],
    ['null', 'x', undefined],
    ['str', 'yes', 'yes'],
    ['binary', 'aGk=', 'hi'],
    ['binary', '%', undefined],
    ['timestamp', '2001-01-01', '2001-01-01'],
    ['timestamp', 'x', undefined],
  ])('!!%s %s is %s', (tag, text, value) => {
    expect(resolveTagged(`tag:yaml.org,2002:${tag}`, text)?.value).toBe(value)
  })

  it('with an unknown tag is the text as it stands', () => {
    expect(resolveTagged('!Ref', '5')).toEqual({ kind: 'string', value: '5' })
  })
})

describe('a key', () => {
  it.each([
    ['1', '1'],
    ['0x10', '16'],
    ['true', 'true'],
    ['on', 'true'],
    ['1.5', '1.5'],
    ['089', '89'],
    ['1e5', '100000'],
    ['1e6', '1e+06'],
    ['16777217.0', '1.6777216e+07'],
    ['123456.789', '123456.79'],
    ['0.1234567891', '0.12345679'],
    ['1e-4', '0.0001'],
    ['1e-5', '1e-05'],
    ['1e300', '.inf'],
    ['.nan', '.nan'],
    ['-1.5', '-1.5'],
    ['9007199254740993', '9007199254740993'],
    ['18446744073709551615', null],
    ['~', null],
  ])('%s is written %s', (text, key) => {
    expect(keyText(resolvePlain(text))).toBe(key)
  })
})
