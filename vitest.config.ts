// How the tests run: threads without isolation (quick), one set-up for the run, a reporter that ends with the count.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'test/**/*.test.ts', 'checks/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/fixtures/**', '**/testdata/**'],
    pool: 'threads',
    isolate: false,
    globalSetup: ['./test/run/setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 90_000,
    teardownTimeout: 20_000,
  },
})
