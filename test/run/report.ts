// Reads vitest's JSON report into the counts that a run ends with.

/** As much of vitest's JSON report as is read here. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message?: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: 'passed' | 'failed' | 'skipped' | 'pending' | 'todo' | 'disabled'
    }[]
  }[]
}

/** Counts of a run, and the names behind what was not run. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly string[]
  /** Test files with at least one test that ran, as vitest names them. */
  readonly ranFiles: readonly string[]
}

/**
 * Counts a report. A file that failed without a failed test (it could not be loaded, a hook failed) is one failure,
 * and so is a run that ended badly although nothing in the report says why, or that left no report.
 */
export function tally(report: VitestReport | null, exitCode: number): Tally {
  if (report === null) return { passed: 0, failed: 1, skipped: [], ranFiles: [] }
  const all = report.testResults.flatMap((file) => file.assertionResults)
  const passed = all.filter((one) => one.status === 'passed').length
  const failedTests = all.filter((one) => one.status === 'failed').length
  const failedFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed'),
  ).length
  const failed = failedTests + failedFiles
  const skipped = all.filter((one) => one.status !== 'passed' && one.status !== 'failed').map((one) => one.fullName)
  const ran = report.testResults.filter((file) =>
    file.assertionResults.some((one) => one.status === 'passed' || one.status === 'failed'),
  )
  return {
    passed,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: skipped.map((name) => name.trim()),
    ranFiles: ran.map((file) => file.name),
  }
}

/** How a run ends: the closing line and whether it was good. */
export interface Verdict {
  readonly line: string
  readonly good: boolean
}

/** In a strict run whatever was skipped has failed. A run in which nothing passed is never good. */
export function verdict(total: Omit<Tally, 'ranFiles'>, strictness: 'strict' | 'lenient'): Verdict {
  const skipped = total.skipped.length
  const failed = strictness === 'strict' ? total.failed + skipped : total.failed
  const tail = strictness === 'lenient' && skipped > 0 ? `, ${skipped} skipped` : ''
  return { line: `${total.passed} passed, ${failed} failed${tail}`, good: failed === 0 && total.passed > 0 }
}
