// Tools as they are run: what they see, what they may cost, and how their failures are told.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultOf } from '../../source/contract.ts'
import { processContext } from '../../tools/context.ts'
import { type ToolRun, type ToolRunner, toolRunner } from './runner.ts'

// A small program in the place of a tool: it does what its argument says.
const PROGRAM = `#!${process.execPath}
const [what] = process.argv.slice(2)
if (what === '--version') console.log('Jsonnet (Go implementation) v0.22.0')
if (what === 'env') console.log(JSON.stringify(process.env))
if (what === 'cwd') console.log(process.cwd())
if (what === 'fail') { console.error('bad ' + process.cwd() + '/x.jsonnet near pa55word in ' + process.env.HOME); process.exit(2) }
if (what === 'silent') process.exit(7)
if (what === 'loop') setInterval(() => {}, 1000)
if (what === 'write') { const go = () => process.stdout.write('x'.repeat(65536), go); go() }
if (what === 'dial') require('net').connect(Number(process.argv[3]), '127.0.0.1').on('connect', () => { console.log('reached'); process.exit(0) }).on('error', (e) => { console.log(e.code); process.exit(0) })
if (what === 'eat') { const all = []; for (;;) all.push(Buffer.alloc(64 * 1024 * 1024, 1)) }
`

let folder = ''
let runner: ToolRunner
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-runner-'))
  const program = join(folder, 'program')
  writeFileSync(program, PROGRAM)
  chmodSync(program, 0o755)
  mkdirSync(join(folder, 'tree', 'sub'), { recursive: true })
  runner = toolRunner(processContext(null, { env: { MAINSTAY_TOOL_JSONNET: program, PATH: process.env.PATH } }))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (args: readonly string[], change: Partial<ToolRun> = {}) =>
  runner.run({ tool: 'jsonnet', args, root: join(folder, 'tree'), folder: '', where: 'apps/shop', ...change })

describe('a tool', () => {
  it('sees folders of its own, what is declared, and nothing of ours', async () => {
    const env = JSON.parse((await run(['env'], { env: { ARGOCD_APP_NAME: 'shop' } })).toString()) as object
    expect(Object.keys(env).toSorted()).toEqual(
      ['ARGOCD_APP_NAME', 'HOME', 'LC_ALL', 'TMPDIR', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'].toSorted(),
    )
    expect((await run(['cwd'], { folder: 'sub' })).toString().trim()).toMatch(/tree\/sub$/)
  })

  it('is told of with its complaint, the paths of the repository, and no secret', async () => {
    const fault = await faultOf(run(['fail'], { secrets: () => ['pa55word'] }))
    expect(fault).toMatchObject({ kind: 'render-failed', where: 'apps/shop' })
    expect(fault.why).toMatch(/^bad x\.jsonnet near \(secret\) in \(temporary\)\/home$/)
    expect((await faultOf(run(['silent']))).why).toBe('it ended with exit code 7')
  })

  it('is stopped where it takes too long, writes too much, or nobody waits for it', async () => {
    expect((await faultOf(run(['loop'], { limits: { milliseconds: 300 } }))).kind).toBe('timeout')
    expect((await faultOf(run(['write'], { limits: { outputBytes: 1000 } }))).kind).toBe('too-large')
    expect((await faultOf(run(['loop'], { signal: AbortSignal.timeout(200) }))).kind).toBe('cancelled')
    expect((await faultOf(run(['env'], { signal: AbortSignal.abort() }))).kind).toBe('cancelled')
  })

  it('that is not there is a fault that says how to get it', async () => {
    const none = toolRunner(processContext(null, { env: { PATH: '', HOME: folder } }))
    const fault = await faultOf(none.find('kustomize'))
    expect(fault).toMatchObject({ kind: 'tool-missing', where: 'kustomize' })
    expect(fault.fix[0]).toBe('mainstay tools kustomize')
  })
})

describe('a tool of a process that is gone', () => {
  it('is gone with it', async () => {
    const { lifetime } = await runner.isolation()
    if (lifetime === null) return
    // The parent runs the tool as the runner does, says its number, and is killed before it could end anything.
    const parent = `const { spawn } = require('child_process')
      const child = spawn(${JSON.stringify(lifetime.program)}, ${JSON.stringify([...lifetime.args, '--', join(folder, 'program'), 'loop'])}, { detached: true, stdio: 'ignore' })
      console.log(child.pid)
      setInterval(() => {}, 1000)`
    const started = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'ignore'] })
    const [line] = (await once(started.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    const state = () => {
      try {
        return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] ?? 'gone'
      } catch {
        return 'gone'
      }
    }
    await expect.poll(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('loop')
    started.kill('SIGKILL')
    // Dead and not yet looked at by anybody, or gone altogether.
    await expect.poll(state).toMatch(/Z|X|gone/)
  })
})

describe('isolation', () => {
  it('keeps tools from the network unless a run is declared to need it', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const dial = async (network: boolean) => (await run(['dial', port], { network })).toString().trim()
    try {
      expect(await dial(true)).toBe('reached')
      const { network } = await runner.isolation()
      // Where the kernel gives no namespace, the machine says so (mainstay tools) and this is how it is.
      expect(await dial(false)).toBe(network === null ? 'reached' : 'ENETUNREACH')
    } finally {
      server.close()
    }
  })

  it('limits memory where there is a way to', async () => {
    const { limits } = await runner.isolation()
    if (limits === null) return
    const fault = await faultOf(run(['eat'], { limits: { milliseconds: 25_000 } }))
    expect(fault.kind).toBe('render-failed')
  })
})
