// The command line as a whole: what is refused, what is suggested, where errors go, what each exit code is for.

import type { Session } from '@mainstay/engine/reconcile/session.ts'
import { describe, expect, it } from 'vitest'
import { allNodes } from './commands.ts'
import { run } from './testing/io.ts'
import { MemorySession } from './testing/session.ts'
import { shopWorld } from './testing/world.ts'

describe('wrong usage', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['aap', "unknown command 'aap'"],
    ['app plna', "unknown command 'plna'"],
    ['app plan shop --prun', "unknown option '--prun'"],
    ['app plan shop --revision', 'argument missing'],
    ['app plan shop other', 'too many arguments'],
    ['apply', "missing required argument 'plan'"],
    ['completion tcsh', 'Allowed choices are bash, zsh, fish'],
    ['app plan shop -o xml', 'Allowed choices are text, wide, json, yaml, name'],
    ['completion bash -o name', 'no output in the form "name"'],
    ['app plan', 'no application is named'],
    ['app plan a/b/c', '"a/b/c" is not the name of an application'],
    ['app plan argocd/shop -N other', '--app-namespace says other'],
    ['app plan shop --resource web', '"web" is not a resource selector'],
    ['app sync shop --timeout soon', '"soon" is not a whole number'],
    ['app sync shop --timeout 0', '"0" is not a whole number'],
    ['app delete shop --cascade=all', '"all" is no way to delete'],
    ['app delete shop --cascade=none -p foreground', '--cascade says none'],
    ['trash restore', 'nothing is named to restore'],
    ['trash restore 4b7c01 --app shop', 'entries are named twice'],
    ['sandbox prod', 'a sandbox takes no arguments'],
    ['sandbox --exec', 'no program is named'],
    ['sandbox --port 70000', '70000 is too much'],
    ['sandbox --nodes none', '"none" is not a whole number'],
    ['sandbox --context prod', 'a sandbox is no context'],
    ['sandbox --with-secrets', 'there are no Secrets without --load'],
    ['sandbox --empty --nodes 2', 'begins empty has no Nodes'],
    ['sandbox --empty --load prod', 'begins empty or with the objects'],
    ['tools hlm', 'no tool is named "hlm"'],
    ['apply no-such-file.json', 'cannot read the plan "no-such-file.json"'],
  ]
  for (const [line, text] of cases) {
    it(`refuses "mainstay ${line}" with exit code 2 and a reason`, async () => {
      const world = shopWorld()
      const { code, out, err } = await run(line, { session: new MemorySession(world) })
      expect(code).toBe(2)
      expect(out).toBe('')
      expect(err).toContain(text)
      expect(err).toContain('✗ ')
      expect(err).not.toContain('    at ')
      expect(world).toEqual({ ...shopWorld(), beforeStep: world.beforeStep, now: world.now })
    })
  }

  it('suggests the command and the flag that was meant', async () => {
    expect((await run('app plna')).err).toContain('Did you mean plan?')
    expect((await run('ap')).err).toContain('Did you mean app?')
    expect((await run('app plan shop --prun')).err).toContain('Did you mean --prune?')
  })

  it('names the help of the command that was meant', async () => {
    expect((await run('app plan shop --prun')).err).toContain('see: mainstay app plan --help')
  })

  it('shows the commands of a group that was named alone, as an error', async () => {
    const { code, out, err } = await run('app')
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain('Usage: mainstay app')
  })
})

describe('errors', () => {
  it('are one JSON document on the output where one was asked for', async () => {
    for (const line of ['app plan nope -o json', 'app plan nope --json', 'app plan nope --output=json']) {
      const { code, out } = await run(line, { session: new MemorySession(shopWorld()) })
      expect(code).toBe(2)
      expect(JSON.parse(out)).toEqual({
        error: {
          kind: 'not-found',
          what: 'there is no such Application',
          where: 'argocd/nope',
          why: null,
          fix: ['-f app.yaml'],
        },
      })
    }
  })

  it('of usage are such a document too', async () => {
    const { out } = await run('app plan shop --prun --json')
    expect(JSON.parse(out).error.kind).toBe('invalid-input')
  })

  it('that nobody expected are called a bug, without a stack trace unless --debug', async () => {
    const quiet = await run('app plan shop', { session: brokenSession() })
    expect(quiet.code).toBe(2)
    expect(quiet.err).toContain('this is a bug in Mainstay')
    expect(quiet.err).toContain('TypeError: no such thing')
    expect(quiet.err).toContain('--debug')
    expect(quiet.err).not.toMatch(/^ {4}at /m)
    const loud = await run('app plan shop --debug', { session: brokenSession() })
    expect(loud.err).toMatch(/^ {4}at /m)
    expect(loud.err).toContain('caused by Error: the root')
  })

  it('take no flag of another program for one of their own', async () => {
    const { code, out, err } = await run('sandbox --load a --empty --exec -- kubectl get -o yaml --debug --color')
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('begins empty or with the objects')
    expect(err).not.toMatch(/^ {4}at /m)
    expect(err).not.toContain('\u001b')
    const { out: asked } = await run('sandbox --load a --empty -o json --exec -- kubectl get -o name')
    expect(JSON.parse(asked).error.kind).toBe('invalid-input')
  })

  it('cannot steer the terminal by what they quote', async () => {
    const { err } = await run('app plan sh\u001b[2Jop', { session: new MemorySession(shopWorld()) })
    expect(err).not.toContain('\u001b')
    expect(err).toContain('argocd/sh\\x1b[2Jop')
  })
})

describe('global flags', () => {
  it('may stand before and after the command', async () => {
    for (const line of [
      '--context prod --home /h app plan shop --kubeconfig /k',
      'app plan shop --context prod --home /h --kubeconfig /k',
    ]) {
      const { io } = await run(line, { session: new MemorySession(shopWorld()) })
      const [opened] = io.seen.opened
      expect(opened).toMatchObject({ home: '/h', kubeconfig: '/k', context: 'prod', controlPlaneNamespace: 'argocd' })
    }
  })

  it('find the records by MAINSTAY_HOME, the XDG data folder or the home folder', async () => {
    const homeFor = async (env: Record<string, string | undefined>): Promise<string | undefined> =>
      (await run('app plan shop', { session: new MemorySession(shopWorld()), env })).io.seen.opened[0]?.home
    expect(await homeFor({ MAINSTAY_HOME: '/m', XDG_DATA_HOME: '/x' })).toBe('/m')
    expect(await homeFor({ XDG_DATA_HOME: '/x' })).toBe('/x/mainstay')
    expect(await homeFor({ HOME: '/u' })).toBe('/u/.local/share/mainstay')
    expect((await run('app plan shop', { env: { HOME: undefined } })).err).toContain('HOME is not set')
  })

  it('colour a terminal unless NO_COLOR, --no-color or a dumb terminal says no', async () => {
    const coloured = async (line: string, isTTY: boolean, env = {}): Promise<boolean> =>
      (await run(line, { session: new MemorySession(shopWorld()), isTTY, env })).out.includes('\u001b[')
    expect(await coloured('app plan shop', true)).toBe(true)
    expect(await coloured('app plan shop', false)).toBe(false)
    expect(await coloured('app plan shop --no-color', true)).toBe(false)
    expect(await coloured('app plan shop --color', false)).toBe(true)
    expect(await coloured('app plan shop', true, { NO_COLOR: '1' })).toBe(false)
    expect(await coloured('app plan shop', true, { TERM: 'dumb' })).toBe(false)
  })

  it('give the same lines with and without colours', async () => {
    const lines = async (line: string): Promise<string> =>
      (await run(line, { session: new MemorySession(shopWorld()) })).out
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what it takes away
    expect((await lines('app plan shop --color')).replaceAll(/\u001b\[\d*m/g, '')).toBe(await lines('app plan shop'))
  })
})

describe('the session', () => {
  it('is closed after success and after failure', async () => {
    const session = new MemorySession(shopWorld())
    await run('app plan shop', { session })
    await run('app plan nope', { session })
    expect(session.closed).toBe(2)
  })

  it('is not opened where the words are wrong already', async () => {
    const { io } = await run('app delete shop --cascade=all', { session: new MemorySession(shopWorld()) })
    expect(io.seen.opened).toEqual([])
  })
})

it('every option that a command reads is declared once, and long', async () => {
  for (const node of await allNodes()) {
    for (const command of node.kind === 'group' ? node.commands : [node]) {
      const longs = command.options.map((option) => /--(no-)?([a-z-]+)/.exec(option.usage)?.[0])
      expect(new Set(longs).size).toBe(longs.length)
    }
  }
})

function brokenSession(): Session {
  const session = new MemorySession(shopWorld())
  session.plan = async () => {
    throw new TypeError('no such thing', { cause: new Error('the root') })
  }
  return session
}

describe('version', () => {
  it('is told without asking anybody, and with the server on request', async () => {
    const session = new MemorySession(shopWorld())
    const own = await run('version', { session })
    expect([own.code, own.out.includes('server'), session.closed]).toEqual([0, false, 0])
    const both = await run('version --server', { session })
    expect(both.out).toContain('server v1.36.3 (context memory, https://127.0.0.1:6443)')
    const json = await run('version --server -o json', { session })
    expect(JSON.parse(json.out)).toMatchObject({ server: { version: 'v1.36.3' } })
  })
})
