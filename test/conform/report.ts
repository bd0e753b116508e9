// Ends a run of the conformance suite with what was asked of whom: how many checks, and how many differ.

import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { exceptions } from './exceptions.ts'
import { subjectTitles } from './subject.ts'

/** A reporter of vitest, beside the one that tells of each check. */
export default class ConformReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const cases = modules.flatMap((module) => [...module.children.allTests()])
    for (const line of summaryLines(cases.map(told))) process.stdout.write(`${line}\n`)
  }
}

/** One check, as far as a summary needs it. */
export interface Told {
  /** Titles from the topic to the check. */
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending'
}

function told(test: TestCase): Told {
  return { name: test.fullName, state: test.result().state }
}

/** A line for each subject that was asked. */
export function summaryLines(cases: readonly Told[]): readonly string[] {
  return Object.values(subjectTitles).flatMap((title) => {
    const own = cases.filter(({ name }) => name.split(' > ')[0]?.endsWith(`, on ${title}`))
    const asked = own.filter(({ state }) => state === 'passed' || state === 'failed')
    if (asked.length === 0) return []
    const topics = new Set(asked.map(({ name }) => name.split(' > ')[0])).size
    const failed = asked.filter(({ state }) => state === 'failed').length
    const known = asked.filter(({ name }) => title === subjectTitles.sandbox && isKnown(name)).length
    const differ = failed === 0 ? 'all as they should be' : `${failed} otherwise than they should be`
    return [
      `Conformance: ${asked.length} checks of ${topics} topics on ${title}, ${differ}${known === 0 ? '' : `; ${known} known to differ`}`,
    ]
  })
}

function isKnown(name: string): boolean {
  const [topic = '', check = ''] = name.split(' > ')
  return exceptions.some((one) => topic.startsWith(`${one.topic}, on `) && check === one.check)
}
