// The counts that a run of the tests ends with.

import { describe, expect, it } from 'vitest'
import { counterpartLine } from './counterparts.ts'
import { tally, type VitestReport, verdict } from './report.ts'

type Status = VitestReport['testResults'][number]['assertionResults'][number]['status']

function file(name: string, status: string, ...tests: readonly Status[]): VitestReport['testResults'][number] {
  return { name, status, assertionResults: tests.map((one, index) => ({ fullName: ` test ${index}`, status: one })) }
}

describe('tally', () => {
  it('counts tests by what became of them', () => {
    const report = { testResults: [file('a', 'failed', 'passed', 'failed'), file('b', 'passed', 'skipped', 'todo')] }
    expect(tally(report, 1)).toEqual({ passed: 1, failed: 1, skipped: ['test 0', 'test 1'], ranFiles: ['a'] })
  })

  it('counts a file that cannot be loaded as a failure', () => {
    expect(tally({ testResults: [file('a', 'failed'), file('b', 'passed', 'passed')] }, 1)).toMatchObject({
      passed: 1,
      failed: 1,
    })
  })

  it('counts a bad end that the report does not explain, and a missing report, as a failure', () => {
    expect(tally({ testResults: [file('a', 'passed', 'passed')] }, 1)).toMatchObject({ passed: 1, failed: 1 })
    expect(tally(null, 0)).toMatchObject({ passed: 0, failed: 1 })
  })
})

describe('verdict', () => {
  it('ends with one plain line', () => {
    expect(verdict({ passed: 3, failed: 0, skipped: [] }, 'lenient')).toEqual({
      line: '3 passed, 0 failed',
      good: true,
    })
    expect(verdict({ passed: 3, failed: 0, skipped: ['x'] }, 'lenient').line).toBe('3 passed, 0 failed, 1 skipped')
  })

  it('is never good when nothing passed or something failed', () => {
    expect(verdict({ passed: 0, failed: 0, skipped: [] }, 'lenient').good).toBe(false)
    expect(verdict({ passed: 9, failed: 1, skipped: [] }, 'lenient').good).toBe(false)
  })

  it('takes a skipped test for a failed one in a strict run', () => {
    expect(verdict({ passed: 3, failed: 0, skipped: ['x'] }, 'strict')).toEqual({
      line: '3 passed, 1 failed',
      good: false,
    })
  })
})

describe('counterpartLine', () => {
  const helm = { name: 'helm', purpose: '', there: true, state: '3.22.0 from cache' }

  it('claims a use only where a test noted one', () => {
    expect(counterpartLine(helm, { noted: new Set(['helm']), ranFiles: [] })).toMatch(/^helm +used: 3\.22\.0/)
    expect(counterpartLine(helm, { noted: new Set(), ranFiles: [] })).toMatch(/^helm +there, not needed/)
    expect(counterpartLine({ ...helm, there: false, state: 'none' }, { noted: new Set(), ranFiles: [] })).toMatch(
      /^helm +not used: none/,
    )
  })
})
