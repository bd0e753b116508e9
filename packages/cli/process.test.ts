// The real outside: signals, pagers, standard input, errors that nobody caught.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { processIo } from './process.ts'

const HERE = import.meta.dirname
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mainstay-process-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs a program; `onText` is called with all that it has written so far. */
function program(
  args: readonly string[],
  options: { readonly input?: string; readonly onText?: (text: string, child: ReturnType<typeof spawn>) => void } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
    options.onText?.(out, child)
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  child.stdin.end(options.input ?? '')
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

/** Lines of a module that uses the real Io. */
function inline(code: string): readonly string[] {
  const head = `import { processIo, start } from ${JSON.stringify(join(HERE, 'process.ts'))}\nconst io = processIo()\n`
  return ['--input-type=module', '-e', `${head}${code}`]
}

describe('a program that is run', () => {
  const execute = (name: string, ...args: readonly string[]): Promise<number> =>
    processIo().execute({ program: name, args, env: { GREETING: 'hello' } })

  it('has more in its environment, and its exit code or signal is told as a shell does', async () => {
    expect(await execute('sh', '-c', 'test "$GREETING" = hello && exit 9')).toBe(9)
    expect(await execute('sh', '-c', 'kill -TERM $$')).toBe(143)
  })

  it.each([
    ['ends', 'trap "echo asked; exit 0" TERM'],
    ['goes on', 'trap "echo asked" TERM'],
  ])('is ended where an error that nobody caught ends us, whether it %s when it is asked', async (_, trap) => {
    const script = `${trap}; echo pid $$; while :; do read -r line <&3 || :; done 3<>"$0"`
    const fifo = join(folder, `fifo-${_.replace(' ', '-')}`)
    spawnSync('mkfifo', [fifo])
    let child = 0
    const code = `
      process.on('SIGUSR2', () => { throw new Error('a timer of a controller') })
      await start((_, io) => io.execute({ program: 'sh', args: ['-c', ${JSON.stringify(script)}, ${JSON.stringify(fifo)}], env: {} }))`
    const ended = await program(inline(code), {
      onText: (text, node) => {
        if (child === 0) node.kill('SIGUSR2')
        child = Number(/pid (?<pid>\d+)/.exec(text)?.groups?.pid ?? 0)
      },
    })
    expect([ended.code, ended.out.includes('asked'), /a timer of a controller/.test(ended.err)]).toEqual([
      2,
      true,
      true,
    ])
    expect(() => process.kill(child, 0)).toThrow('ESRCH')
  })

  it('that is not there is a fault', async () => {
    await expect(execute('no-such-program')).rejects.toMatchObject({ fault: { why: 'there is no such program' } })
  })
})

describe('Ctrl-C', () => {
  it('once lets the running step end, and tells it', async () => {
    let pressed = false
    const { code, out } = await program([join(HERE, 'testing', 'held.ts')], {
      onText: (text, child) => {
        if (pressed || !text.includes('started')) return
        pressed = true
        child.kill('SIGINT')
      },
    })
    expect(out).toContain('Stopping after the steps that are running. Ctrl-C again stops at once.')
    expect(out).toContain('configured')
    expect(out).toContain('cancelled')
    expect(code).toBe(2)
  })

  it('twice ends the program at once', async () => {
    let presses = 0
    const { code, out } = await program([join(HERE, 'testing', 'held.ts'), 'forever'], {
      onText: (text, child) => {
        if (presses === 0 && text.includes('started')) presses += Number(child.kill('SIGINT'))
        else if (presses === 1 && text.includes('Ctrl-C again')) presses += Number(child.kill('SIGINT'))
      },
    })
    expect(presses).toBe(2)
    expect(out).not.toContain('configured')
    expect(code).toBe(130)
  })
})

describe('the pager', () => {
  it('gets the text and what it needs in its environment', async () => {
    const file = join(folder, 'paged.txt')
    const code = `const fs = require('node:fs'); fs.writeFileSync(process.argv[1], process.env.LESS + ' ' + fs.readFileSync(0, 'utf8'))`
    const command = { program: process.execPath, args: ['-e', code, file], env: { LESS: 'FRX' } }
    expect(await processIo().page(command, 'a diff\n')).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe('FRX a diff\n')
  })

  it('that leaves early is no error, one that is not there is told', async () => {
    const early = { program: process.execPath, args: ['-e', 'process.exit(0)'], env: {} }
    expect(await processIo().page(early, 'x'.repeat(5_000_000))).toBe(true)
    expect(await processIo().page({ program: join(folder, 'no-such-program'), args: [], env: {} }, 'x')).toBe(false)
  })
})

describe('standard input', () => {
  it('is read whole, up to a limit', async () => {
    const read = inline('process.stdout.write(await io.readInput(10).catch((error) => error.fault.kind))')
    expect((await program(read, { input: 'abc äö' })).out).toBe('abc äö')
    expect((await program(read, { input: 'x'.repeat(11) })).out).toBe('too-large')
  })
})

it('an error that nobody caught is told as a bug, without its stack', async () => {
  const { code, err } = await program(
    inline(
      `await start(async () => { setTimeout(() => { throw new TypeError('out of nowhere') }); await new Promise((r) => setTimeout(r, 10_000)) })`,
    ),
  )
  expect(code).toBe(2)
  expect(err).toContain('this is a bug in Mainstay')
  expect(err).toContain('TypeError: out of nowhere')
  expect(err).not.toContain('    at ')
})
