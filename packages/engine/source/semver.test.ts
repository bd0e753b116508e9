// Ranges over versions: the expected answers come from Masterminds/semver 3.5.0.
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  compareVersions,
  highestInRange,
  inRange,
  parseRange,
  parseVersion,
  type Range,
  type Version,
} from './semver.ts'

function version(text: string): Version {
  const parsed = parseVersion(text)
  if (parsed === null) throw new Error(`${text} is no version`)
  return parsed
}

function range(text: string): Range {
  const parsed = parseRange(text)
  if (parsed === null) throw new Error(`${text} is no range`)
  return parsed
}

describe('a version', () => {
  it.each(['1', 'v1', '1.2', 'v1.2.3', '1.2.3-rc.1', '1.2.3+build.5', '1.2.3-a.b-c.0+x', '01.2.3'])('is %s', (text) => {
    expect(parseVersion(text)).not.toBeNull()
  })

  it.each(['', 'main', '1.2.3.4', '1.2-', 'v', '1.x', '1.2.3-01', 'V1', '1.2.3 ', '99999999999999999999'])(
    'is not %j',
    (text) => {
      expect(parseVersion(text)).toBeNull()
    },
  )

  it('is ordered as semantic versioning says', () => {
    const texts = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.1',
      '1.10.0',
      '2',
    ]
    const sorted = texts.map(version).toReversed().toSorted(compareVersions)
    expect(sorted.map(({ text }) => text)).toEqual(texts)
    expect(compareVersions(version('1.0.0+a'), version('1.0.0+b'))).toBe(0)
  })
})

describe('a range', () => {
  it.each([
    ['^1.2', ['1.2.0', '1.9.9'], ['1.1.9', '2.0.0', '1.3.0-rc.1']],
    ['^0.2.3', ['0.2.3', '0.2.9'], ['0.3.0', '0.2.2']],
    ['^0.0.3', ['0.0.3'], ['0.0.4']],
    ['^0.0', ['0.0.0', '0.0.9'], ['0.1.0']],
    ['^0', ['0.0.0', '0.9.0'], ['1.0.0']],
    ['~1.2.3', ['1.2.3', '1.2.9'], ['1.3.0', '1.2.2']],
    ['~1', ['1.0.0', '1.9.0'], ['2.0.0']],
    ['~>1.2', ['1.2.0', '1.2.7'], ['1.3.0']],
    ['>=1 <2', ['1.0.0', '1.9.9'], ['2.0.0', '0.9.9']],
    ['>=1.0.0, <1.5', ['1.4.9'], ['1.5.0']],
    ['1.x', ['1.0.0', '1.9.0'], ['2.0.0']],
    ['1.2.*', ['1.2.0', '1.2.9'], ['1.3.0']],
    ['*', ['0.0.1', '9.9.9'], ['1.0.0-rc.1']],
    ['*-0', ['0.0.1', '1.0.0-rc.1'], []],
    ['1.2 - 1.4', ['1.2.0', '1.4.0', '1.4.9'], ['1.5.0', '1.1.9']],
    ['1.2.0 - 1.4.5', ['1.4.5'], ['1.4.6']],
    ['1.0 || 3.1', ['1.0.0', '1.0.5', '3.1.0'], ['2.0.0', '1.1.0']],
    ['!=1.2', ['1.3.0', '1.1.0'], ['1.2.0', '1.2.5']],
    ['!=1.2.3', ['1.2.4'], ['1.2.3']],
    ['>11', ['12.0.0'], ['11.1.0', '11.0.0']],
    ['>11.1', ['11.2.0'], ['11.1.1']],
    ['<=11', ['11.9.9'], ['12.0.0']],
    ['>=2.0.0-0', ['2.0.0-rc.1', '2.0.0', '3.0.0-a'], ['1.9.0']],
    ['>=1.0.0-alpha <2', ['1.0.0-beta', '1.5.0', '2.0.0-a'], ['1.0.0-aa', '2.0.0']],
    ['=v1.2.3', ['v1.2.3', '1.2.3'], ['1.2.4']],
  ])('%s holds %j and not %j', (text, inside, outside) => {
    for (const one of inside) expect([one, inRange(version(one), range(text))]).toEqual([one, true])
    for (const one of outside) expect([one, inRange(version(one), range(text))]).toEqual([one, false])
  })

  it.each([
    'main',
    '',
    'HEAD',
    'release-1.2',
    'feature/x',
    '>',
    '^',
    '1.2.3.4',
    '1.0.0.x',
    `>=1${' >=1'.repeat(200)}`,
    '1 '.repeat(40).trim().replaceAll(' ', ' || '),
  ])('is not %j', (text) => {
    expect(parseRange(text)).toBeNull()
  })

  it('gives the highest version in it, as the tag writes it', () => {
    const tags = ['v1.0.0', 'v1.10.0', 'v1.9.0', 'v2.0.0', 'v1.11.0-rc.1'].map(version)
    expect(highestInRange(tags, range('^1'))?.text).toBe('v1.10.0')
    expect(highestInRange(tags, range('^7'))).toBeNull()
  })
})

const versions = fc
  .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.constantFrom('', '-alpha', '-rc.1', '-0'))
  .map(([major, minor, patch, pre]) => version(`${major}.${minor}.${patch}${pre}`))

test('the order of versions is total', () => {
  fc.assert(
    fc.property(versions, versions, versions, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0)
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).toBeLessThanOrEqual(0)
    }),
  )
})

test('a version is in the range that names it, and one alternative is enough', () => {
  fc.assert(
    fc.property(versions, versions, (a, b) => {
      expect(inRange(a, range(`=${a.text}`))).toBe(true)
      expect(inRange(a, range(`=${b.text} || ${a.text}`))).toBe(true)
      expect(inRange(a, range(`>=${a.text} <=${a.text}`))).toBe(true)
    }),
  )
})

test('parsing takes no more than linear time', () => {
  const started = performance.now()
  expect(parseRange(`>=${'1'.repeat(500)} !`)).toBeNull()
  expect(parseRange(`${' '.repeat(250)}1${' '.repeat(250)}!`)).toBeNull()
  expect(performance.now() - started).toBeLessThan(200)
})
