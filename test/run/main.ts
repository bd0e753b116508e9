// `npm test` and `npm run test:real`: checks and tests, then one line for each real program, then the count.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { main as getTools } from '../../tools/main.ts'
import { subjectVariable } from '../conform/wish.ts'
import { counterpartLine, findCounterparts } from './counterparts.ts'
import { type Tally, tally, type VitestReport, verdict } from './report.ts'
import { notedUses, usageVariable } from './usage.ts'
import { chosenCluster, clusterLine, clusterVariable } from './which.ts'
import { wholeVariable } from './whole.ts'

const help = `Usage: npm test [-- FILTER…]
       npm run test:real [-- FILTER…]

Runs type check, lint, architecture check and all tests; with a FILTER (part of a file's path) only those tests.
npm test uses every real program (git, helm, kubectl, …) that is already on the machine and skips what needs another.
What needs a Kubernetes API runs on the sandbox of this repository (packages/sandbox), and on the real kube-apiserver
only where a test is about that itself. npm run test:real gets all programs first, runs everything on the real
kube-apiserver, and then a skipped test is a failed one. ${clusterVariable}=real (or sandbox) chooses by hand.

Exit codes: 0 all passed, 1 something failed or nothing ran, 2 wrong usage.
`

const root = join(import.meta.dirname, '..', '..')
const bin = join(root, 'node_modules')

/** One check beside the tests; counts as one test. */
interface Check {
  readonly name: string
  readonly commands: readonly (readonly string[])[]
}

const checks: readonly Check[] = [
  {
    name: 'typecheck',
    commands: [
      [process.execPath, join(bin, 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'],
      [process.execPath, join(bin, 'typescript', 'bin', 'tsc'), '-p', 'packages/core'],
      [process.execPath, join(bin, 'typescript', 'bin', 'tsc'), '-p', 'packages/sandbox'],
    ],
  },
  { name: 'lint', commands: [[process.execPath, join(bin, '@biomejs', 'biome', 'bin', 'biome'), 'ci', '.']] },
  { name: 'architecture', commands: [[process.execPath, join('checks', 'main.ts')]] },
]

/** Runs everything; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const wish = parse(args)
  if (typeof wish === 'string') {
    process.stdout.write(wish)
    return wish === help ? 0 : 2
  }
  const began = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'mainstay-test-'))
  try {
    const parts: Tally[] = []
    if (wish.real) parts.push(one((await getTools([])) === 0))
    if (wish.filters.length === 0) parts.push(...(await Promise.all(checks.map(runCheck))))
    parts.push(await runTests(wish, folder))
    return await conclude(sum(parts), wish.real, folder, performance.now() - began)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Wish {
  readonly real: boolean
  readonly filters: readonly string[]
}

function parse(args: readonly string[]): Wish | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { real: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
    })
    return values.help ? help : { real: values.real, filters: positionals }
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n${help}`
  }
}

async function runCheck(check: Check): Promise<Tally> {
  const began = performance.now()
  const results = []
  for (const [program = '', ...args] of check.commands) results.push(await run(program, args))
  const bad = results.filter((result) => result.code !== 0)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  const output = bad.map((result) => `\n${result.output.trimEnd()}`).join('')
  process.stdout.write(`${check.name.padEnd(14)}${bad.length === 0 ? 'passed' : 'failed'} in ${seconds} s${output}\n`)
  return one(bad.length === 0)
}

function run(program: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', (error) => resolve({ code: -1, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? -1, output }))
  })
}

async function runTests({ filters, real }: Wish, folder: string): Promise<Tally> {
  const reportFile = join(folder, 'report.json')
  await mkdir(join(folder, 'used'))
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...filters]
  const code = await new Promise<number>((resolve) => {
    const child = spawn(process.execPath, [join(bin, 'vitest', 'vitest.mjs'), ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...environment(real), [usageVariable]: join(folder, 'used') },
    })
    // Ctrl-C reaches vitest as well; it is waited for, so that it can end what it started.
    process.on('SIGINT', () => {})
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    child.on('error', () => resolve(-1))
    child.on('exit', (exit) => resolve(exit ?? -1))
  })
  const report = existsSync(reportFile) ? (JSON.parse(await readFile(reportFile, 'utf8')) as VitestReport) : null
  return tally(report, code)
}

/** What the tests are told of the kind of run. A real run is not narrowed by what somebody chose by hand before. */
function environment(real: boolean): NodeJS.ProcessEnv {
  if (!real) return process.env
  const { [clusterVariable]: _cluster, [subjectVariable]: _subject, ...rest } = process.env
  return { ...rest, [wholeVariable]: '1' }
}

async function conclude(total: Tally, real: boolean, folder: string, ms: number): Promise<number> {
  const ranFiles = total.ranFiles.map((file) => relative(root, file))
  const evidence = { noted: notedUses(join(folder, 'used')), ranFiles }
  const lines = (await findCounterparts()).map((counterpart) => counterpartLine(counterpart, evidence))
  const skips = groupedSkips(total.skipped)
  const end = verdict(total, real ? 'strict' : 'lenient')
  const blocks = [
    skips.length === 0 ? [] : [real ? 'Skipped, which this run does not allow:' : 'Skipped:', ...skips],
    ['Real programs:', ...lines],
    [clusterLine(evidence.noted, chosenCluster(environment(real)))],
    [`in ${(ms / 1000).toFixed(1)} s`],
    [end.line],
  ]
  process.stdout.write(`\n${blocks.map((block) => block.map((line) => `${line}\n`).join('')).join('\n')}`)
  return end.good ? 0 : 1
}

/** Tests that were skipped together carry the reason in the name of their group: one line a reason is enough. */
function groupedSkips(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const name of names) {
    const reason = /\(skipped: (.*?)\)(?: |$)/.exec(name)?.[1] ?? name
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return [...counts].map(([reason, count]) => `  ${count} ${count === 1 ? 'test' : 'tests'}: ${reason}`)
}

function one(good: boolean): Tally {
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: [], ranFiles: [] }
}

function sum(parts: readonly Tally[]): Tally {
  return {
    passed: parts.reduce((total, part) => total + part.passed, 0),
    failed: parts.reduce((total, part) => total + part.failed, 0),
    skipped: parts.flatMap((part) => part.skipped),
    ranFiles: parts.flatMap((part) => part.ranFiles),
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
