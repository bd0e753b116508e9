// How the tests run: threads without isolation (quick), one set-up for the run, a reporter that ends with the count.

import { defineConfig } from 'vitest/config'

// The conformance suite judges the sandbox, which is being built: `npm run conform` runs it, until the sandbox passes all.
const conform = process.env.MAINSTAY_CONFORM === undefined ? ['test/conform/**'] : []

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'test/**/*.test.ts', 'checks/**/*.test.ts', 'tools/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/fixtures/**', '**/testdata/**', ...conform],
    pool: 'threads',
    isolate: false,
    globalSetup: ['./test/run/setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 90_000,
    teardownTimeout: 20_000,
  },
})
