// How the tests run: threads without isolation (quick), one set-up for the run, a reporter that ends with the count.

import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { chosenCluster } from './test/run/which.ts'

// Tests on a sandbox compute and have each their own; on the one real API server they wait, and meet each other.
const workers = chosenCluster() === 'sandbox' ? { maxWorkers: Math.max(2, availableParallelism() - 1) } : {}

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'test/**/*.test.ts', 'checks/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/fixtures/**', '**/testdata/**'],
    pool: 'threads',
    isolate: false,
    ...workers,
    globalSetup: ['./test/run/setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 90_000,
    teardownTimeout: 20_000,
  },
})
