// What is promised of a program that is run: its end, its limits, and that nothing of it is left.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ProcessRun, runProcess } from './run.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-process-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const node = (script: string, change: Partial<ProcessRun> = {}) =>
  runProcess({
    program: process.execPath,
    args: ['-e', script],
    cwd: folder,
    env: {},
    timeoutMs: 20_000,
    outputBytes: 1000,
    errorBytes: 10,
    ...change,
  })

it('gives back output and exit code, and the beginning of what was complained of', async () => {
  const end = await node('process.stdout.write("out"); process.stderr.write("e".repeat(50)); process.exitCode = 3')
  expect(end).toEqual({ kind: 'ended', code: 3, stdout: Buffer.from('out'), stderr: 'e'.repeat(10) })
})

it('hands over standard input and nothing of its own environment', async () => {
  process.env.MAINSTAY_TEST_LEAK = 'x'
  const end = await node(
    'process.stdin.pipe(process.stdout); process.stderr.write(String(process.env.MAINSTAY_TEST_LEAK))',
    { stdin: 'typed' },
  )
  delete process.env.MAINSTAY_TEST_LEAK
  expect(end).toMatchObject({ stdout: Buffer.from('typed'), stderr: 'undefined' })
})

it('stops what takes too long, writes too much, or is called off', async () => {
  expect(await node('setInterval(() => {}, 1000)', { timeoutMs: 100 })).toEqual({ kind: 'timeout' })
  const endless = 'const go = () => process.stdout.write("x".repeat(65536), go); go()'
  expect(await node(endless)).toEqual({ kind: 'too-large' })
  const stop = new AbortController()
  const running = node('setInterval(() => {}, 1000)', { signal: stop.signal })
  stop.abort()
  expect(await running).toEqual({ kind: 'cancelled' })
  expect(await node('', { signal: AbortSignal.abort() })).toEqual({ kind: 'cancelled' })
})

it('ends what the program started as well', async () => {
  const child = `require("fs").writeFileSync("pid", String(process.pid)); setInterval(() => {}, 1000)`
  const parent = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "ignore" })
    const wait = () => require("fs").existsSync("pid") ? process.exit(0) : setTimeout(wait, 5); wait()`
  expect(await node(parent)).toMatchObject({ kind: 'ended', code: 0 })
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
  // A killed process is a zombie until somebody looks: both mean that it runs no more.
  const state = () => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] ?? 'gone'
    } catch {
      return 'gone'
    }
  }
  if (process.platform === 'linux') await expect.poll(state).toMatch(/Z|X|gone/)
})

it('says where there is no such program', async () => {
  expect(await node('', { program: join(folder, 'nothing') })).toMatchObject({ kind: 'not-started' })
})
