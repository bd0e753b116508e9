// `npm run conform`: the conformance suite, asked of the real API server or of the sandbox.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { subjectVariable } from './wish.ts'

const help = `npm run conform [-- real|sandbox|both [FILTER…]]
npm run conform -- fuzz [OPTIONS]

Runs the checks of test/conform on the real API server (the default), on the sandbox, or on both.
fuzz does random things to both and compares (fuzz --help tells more).
`
const SUBJECTS = new Set(['real', 'sandbox', 'both'])

const [subject = 'real', ...filters] = process.argv.slice(2)
if (subject === 'fuzz') {
  const { main } = await import('./fuzz/main.ts')
  process.exitCode = await main(filters)
} else if (!SUBJECTS.has(subject)) {
  process.stdout.write(help)
  process.exitCode = subject === '--help' || subject === '-h' ? 0 : 2
} else {
  const root = join(import.meta.dirname, '../..')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', `--reporter=${join(import.meta.dirname, 'report.ts')}`]
  const wanted = filters.length > 0 ? filters : ['test/conform/topics']
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...wanted], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, [subjectVariable]: subject },
  })
  child.on('error', (error) => {
    process.stderr.write(`cannot run vitest: ${error.message}\n`)
    process.exitCode = 2
  })
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
