// Making a tool: once for everybody, whole or not at all, with a message that says what to install.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FaultError } from '../fault.ts'
import { findTool } from './find.ts'
import { getTool } from './get.ts'
import { buildsGadget, type Fixture, fixture, gadget, goToolchain } from './testing/fixture.ts'

/** Another process that gets the gadget. */
function otherProcess(at: Fixture): ChildProcess {
  const code = `
    import { getTool } from ${JSON.stringify(join(import.meta.dirname, 'get.ts'))}
    const [recipe, context] = JSON.parse(process.env.JOB)
    const pattern = new RegExp(recipe.versionPattern)
    const found = await getTool({ ...recipe, versionPattern: pattern }, { ...context, onEvent() {}, signal: null })
    process.stdout.write(found.source)`
  const job = JSON.stringify([{ ...gadget, versionPattern: gadget.versionPattern.source }, at.context])
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { JOB: job },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it never came to be')
    await delay(10)
  }
}

async function builds(at: Fixture): Promise<number> {
  return (await readFile(join(at.folder, 'builds'), 'utf8')).trim().split('\n').length
}

async function faultOf(at: Fixture): Promise<FaultError['fault']> {
  const error = await getTool(gadget, at.context).catch((thrown: unknown) => thrown)
  if (!(error instanceof FaultError)) throw new Error('expected a fault', { cause: error })
  return error.fault
}

describe('getTool', () => {
  it('builds what is nowhere, and finds it in the cache afterwards', async () => {
    const at = await fixture()
    await goToolchain(at, buildsGadget)
    expect(await getTool(gadget, at.context)).toMatchObject({ source: 'build', version: '2.5.1' })
    expect(await getTool(gadget, at.context)).toMatchObject({ source: 'cache' })
    expect(await builds(at)).toBe(1)
    expect(at.events.map((event) => event.kind)).toContain('building')
  })

  it('lets a second process wait for the first, and builds once', async () => {
    const at = await fixture()
    await goToolchain(at, `while [ ! -e '${at.folder}/go-on' ]; do sleep 0.02; done\n${buildsGadget}`)
    const first = otherProcess(at)
    await until(() => existsSync(join(at.folder, 'builds')))
    let waiting = ''
    const onEvent = (event: { kind: string; owner?: string }): void => {
      if (event.kind === 'waiting') waiting = event.owner ?? ''
    }
    const second = getTool(gadget, { ...at.context, onEvent })
    await until(() => waiting !== '')
    expect(waiting).toContain(String(first.pid))
    await writeFile(join(at.folder, 'go-on'), '')
    expect(await second).toMatchObject({ source: 'cache', version: '2.5.1' })
    expect(await builds(at)).toBe(1)
  })

  it('never uses what a killed process had half built, and makes it anew', async () => {
    const at = await fixture()
    const half = `printf '#!/bin/sh\\n' > "$out"; touch '${at.folder}/half'`
    await goToolchain(at, `${half}; while [ ! -e '${at.folder}/go-on' ]; do sleep 0.02; done`)
    const first = otherProcess(at)
    await until(() => existsSync(join(at.folder, 'half')))
    first.kill('SIGKILL')
    await once(first, 'exit')
    await writeFile(join(at.folder, 'go-on'), '')
    expect(await findTool(gadget, at.context)).toMatchObject({ kind: 'missing' })
    await goToolchain(at, buildsGadget)
    expect(await getTool(gadget, at.context)).toMatchObject({ source: 'build' })
    const left = (await readdir(at.context.cache)).filter((name) => /partial|lock/.test(name))
    expect(left).toEqual([])
  })

  it('says what to install where there is no Go toolchain', async () => {
    const fault = await faultOf(await fixture())
    expect(fault).toMatchObject({ kind: 'tool-missing', why: 'there is no Go toolchain on PATH' })
    expect(fault.fix[0]).toContain('install Go 1.26 or newer')
    expect(fault.fix.join('\n')).toContain('MAINSTAY_TOOL_GADGET')
  })

  it('says which Go toolchain is too old', async () => {
    const at = await fixture()
    await goToolchain(at, buildsGadget, 'go1.22.3')
    expect((await faultOf(at)).why).toBe('the Go toolchain on PATH is 1.22, and 1.26 is needed')
  })

  it('shows the last lines of a build that fails, and keeps nothing of it', async () => {
    const at = await fixture()
    await goToolchain(at, 'echo "example.test: no such module" >&2; exit 1')
    expect((await faultOf(at)).why).toContain('no such module')
    expect(await readdir(at.context.cache)).toEqual([])
  })

  it('throws away what it made when that reports another version', async () => {
    const at = await fixture()
    await goToolchain(at, buildsGadget.replace('2.5.1', '2.5.0'))
    expect((await faultOf(at)).why).toContain('it reports version 2.5.0')
    expect(await findTool(gadget, at.context)).toMatchObject({ kind: 'missing' })
  })

  it('says what else can be done where the recipes are not installed', async () => {
    const at = await fixture()
    const fault = await faultOf({ ...at, context: { ...at.context, recipes: null } })
    expect(fault.what).toBe('there is no gadget 2.5.1 on this machine')
  })

  it('stops a build when told to', async () => {
    const at = await fixture()
    await goToolchain(at, `while [ ! -e '${at.folder}/go-on' ]; do sleep 0.02; done`)
    const stop = new AbortController()
    const getting = getTool(gadget, { ...at.context, signal: stop.signal })
    await until(() => existsSync(join(at.folder, 'builds')))
    stop.abort()
    await expect(getting).rejects.toThrow()
    expect(await readdir(at.context.cache)).toEqual([])
    await writeFile(join(at.folder, 'go-on'), '')
  })
})
