// The program as it is started: the right Node.js, exit codes, pipes, a real terminal.
import type { SpawnSyncReturns } from 'node:child_process'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const BIN = join(import.meta.dirname, 'mainstay.js')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-bin-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The environment of a child: nothing of the user's folders. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: folder, TERM: 'xterm', ...more }
}

function mainstay(args: readonly string[], env = environment()): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [BIN, ...args], { env, encoding: 'utf8' })
}

describe('the program', () => {
  it('prints its version and exits 0', () => {
    const { status, stdout, stderr } = mainstay(['version'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^mainstay \d+\.\d+\.\d+ \(node v\d/)
  })

  it('exits 2 for wrong usage', () => {
    expect(mainstay(['nonsense']).status).toBe(2)
  })

  it('loads for a small command nothing of the engine that opens databases, clusters or repositories', () => {
    const spy = join(folder, 'spy.mjs')
    const log = join(folder, 'loaded.txt')
    const write = `appendFileSync(${JSON.stringify(log)}, url + '\\n')`
    writeFileSync(
      spy,
      `import { appendFileSync } from 'node:fs'\nimport { registerHooks } from 'node:module'\n` +
        `registerHooks({ load(url, context, next) { ${write}; return next(url, context) } })\n`,
    )
    const { status } = spawnSync(process.execPath, ['--import', pathToFileURL(spy).href, BIN, 'version'], {
      env: environment(),
    })
    expect(status).toBe(0)
    const loaded = readFileSync(log, 'utf8').split('\n')
    expect(loaded.some((url) => url.endsWith('/cli/main.ts'))).toBe(true)
    expect(
      loaded.filter((url) => /undici|node:sqlite|js-yaml|reconcile|cluster|record|command\/app/.test(url)),
    ).toEqual([])
  })

  it('is not troubled by a reader that has seen enough', async () => {
    const child = spawn(process.execPath, [BIN, 'completion', 'bash'], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    let errors = ''
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
  })
})

describe('a sandbox', () => {
  it('ends cleanly when it is asked to terminate', async () => {
    const kubeconfig = join(folder, 'kubeconfig')
    const child = spawn(process.execPath, [BIN, 'sandbox', '--json', '--kubeconfig', kubeconfig], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.once('data', () => child.kill('SIGTERM'))
    let errors = ''
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    const ended = await new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })))
    expect({ ended, errors }).toEqual({ ended: { code: 0, signal: null }, errors: '' })
  })

  it('ends with the program that it runs, and with its exit code', () => {
    const { status } = mainstay(['sandbox', '--exec', '--', 'sh', '-c', 'test -s "$KUBECONFIG" && exit 9'])
    expect(status).toBe(9)
  })

  it('lets a program that is to terminate do so in its own way', async () => {
    const script = 'trap "echo bye; exit 4" TERM; echo ready; for _ in $(seq 400); do sleep 0.05; done'
    const child = spawn(process.execPath, [BIN, 'sandbox', '--exec', '--', 'sh', '-c', script], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let out = ''
    child.stdout.on('data', (chunk) => {
      if (out === '') child.kill('SIGTERM')
      out += chunk
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, out }).toEqual({ code: 4, out: 'ready\nbye\n' })
  })
})

describe('an old Node.js', () => {
  /** The first lines of the program as an old Node.js would see itself: only the version is another. */
  function asOld(args: readonly string[], env = environment()): SpawnSyncReturns<string> {
    const old = join(folder, 'old.mjs')
    writeFileSync(
      old,
      `if (!process.env.MAINSTAY_STARTED || process.env.STILL_OLD)\n` +
        `  Object.defineProperty(process.versions, 'node', { value: '20.1.0' })\n`,
    )
    return spawnSync(process.execPath, ['--import', pathToFileURL(old).href, BIN, ...args], { env, encoding: 'utf8' })
  }

  it('hands over to the one that comes with the package, with words and exit code', () => {
    const done = asOld(['version'])
    expect(done.status).toBe(0)
    expect(done.stdout).toMatch(/^mainstay /)
    expect(asOld(['nonsense']).status).toBe(2)
  })

  it('is named in a clear message where there is no other, and never starts itself in a circle', () => {
    const { status, stderr } = asOld(['version'], environment({ MAINSTAY_STARTED: '1', STILL_OLD: '1' }))
    expect(status).toBe(2)
    expect(stderr).toContain('needs Node.js 22.19 or newer; this is 20.1.0')
    expect(stderr).toContain('fix')
  })
})

const script = hasScript()

/** Whether `script` of util-linux is here, which gives a program a real terminal. */
function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe.runIf(script)('approval on a real terminal', () => {
  const demo = join(import.meta.dirname, '..', 'testing', 'approval.ts')

  /** Starts a sync that needs approval on a pseudo-terminal, types an answer at the question; returns what was changed. */
  async function answer(
    typed: (id: string) => string | null,
  ): Promise<{ readonly changed: boolean; readonly screen: string }> {
    const log = join(mkdtempSync(join(folder, 'run-')), 'changed.txt')
    const command = `'${process.execPath}' '${demo}' '${log}'`
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: environment({ NO_COLOR: '1' }),
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let screen = ''
    let asked = false
    child.stdout.on('data', (chunk) => {
      screen += chunk
      const id = /Type ([0-9a-f]{6}) to approve/.exec(screen)?.[1]
      if (id === undefined || asked) return
      asked = true
      const keys = typed(id)
      if (keys === null) child.kill('SIGKILL')
      else child.stdin.write(keys)
    })
    await new Promise((resolve) => child.on('close', resolve))
    expect(asked).toBe(true)
    await gone(Number(/pid (\d+)/.exec(screen)?.[1]))
    return { changed: existsSync(log), screen }
  }

  /** Until the program itself is gone too: it may outlive the terminal by a moment. */
  async function gone(pid: number): Promise<void> {
    expect(pid).toBeGreaterThan(1)
    await vi.waitUntil(() => !isRunning(pid), { timeout: 10_000, interval: 20 })
  }

  it('runs the plan for its exact id', async () => {
    const { changed, screen } = await answer((id) => `${id}\r`)
    expect(screen).toContain('1 deleted')
    expect(changed).toBe(true)
  })

  const refusals: readonly (readonly [string, (id: string) => string | null])[] = [
    ['n', () => 'n\r'],
    ['y', () => 'y\r'],
    ['nothing', () => '\r'],
    ['the id with one digit less', (id) => `${id.slice(0, 5)}\r`],
    ['end of input', () => '\u0004'],
    ['Ctrl-C', () => '\u0003'],
    ['Ctrl-C after the id', (id) => `${id}\u0003`],
    ['a closed terminal', () => null],
  ]
  for (const [name, keys] of refusals) {
    it(`changes nothing for ${name}`, async () => {
      expect((await answer(keys)).changed).toBe(false)
    })
  }
})
