// Finding a tool: environment before PATH before cache, and never the wrong version.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../fault.ts'
import { buildKey, install } from './cache.ts'
import { findTool } from './find.ts'
import { fixture, gadget, gadgetScript, program } from './testing/fixture.ts'

describe('findTool', () => {
  it('takes the program that the environment names, whatever is on PATH and whatever its version', async () => {
    const { bin, folder, context } = await fixture()
    await program(join(bin, 'gadget'), gadgetScript('2.5.1'))
    const own = join(folder, 'my gadget')
    await program(own, gadgetScript('9.0.0'))
    const env = { ...context.env, MAINSTAY_TOOL_GADGET: own }
    const found = await findTool(gadget, { ...context, env })
    expect(found).toEqual({ kind: 'found', name: 'gadget', path: own, version: '9.0.0', source: 'environment' })
  })

  it('refuses an environment variable that names nothing usable instead of taking another program', async () => {
    const { bin, context } = await fixture()
    await program(join(bin, 'gadget'), gadgetScript('2.5.1'))
    const env = { ...context.env, MAINSTAY_TOOL_GADGET: '/nowhere/gadget' }
    const error = await findTool(gadget, { ...context, env }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(FaultError)
    expect(error).toMatchObject({ fault: { kind: 'tool-missing', where: '/nowhere/gadget' } })
  })

  it('takes a program on PATH with another patch level', async () => {
    const { bin, context } = await fixture()
    await program(join(bin, 'gadget'), gadgetScript('2.5.9'))
    expect(await findTool(gadget, context)).toMatchObject({ source: 'path', version: '2.5.9' })
  })

  it('ignores a program on PATH whose version does not fit, says so, and looks further on PATH', async () => {
    const { bin, folder, context } = await fixture()
    await program(join(bin, 'gadget'), gadgetScript('2.4.0'))
    const missing = await findTool(gadget, context)
    expect(missing).toMatchObject({ kind: 'missing' })
    expect(missing.kind === 'missing' && missing.looked[0]).toBe(`${join(bin, 'gadget')} is version 2.4.0`)
    const second = join(folder, 'second')
    await mkdir(second)
    await program(join(second, 'gadget'), gadgetScript('2.5.0'))
    const env = { ...context.env, PATH: `${bin}:${second}` }
    expect(await findTool(gadget, { ...context, env })).toMatchObject({ path: join(second, 'gadget') })
  })

  it('ignores what cannot be run, prints no version, or lies in a relative folder of PATH', async () => {
    const { bin, context } = await fixture()
    await program(join(bin, 'gadget'), '#!/bin/sh\nexit 3\n')
    expect(await findTool(gadget, context)).toMatchObject({ kind: 'missing' })
    await program(join(bin, 'gadget'), '#!/bin/sh\necho hello\n')
    expect(await findTool(gadget, context)).toMatchObject({ kind: 'missing' })
    await writeFile(join(bin, 'gadget'), gadgetScript('2.5.1'), { mode: 0o644 })
    const env = { ...context.env, PATH: '.:bin' }
    expect(await findTool(gadget, { ...context, env })).toMatchObject({ kind: 'missing' })
  })

  it('takes what is in the cache when nothing else fits', async () => {
    const { context } = await fixture()
    const key = (await buildKey(gadget, context)) ?? ''
    const path = await install(context, key, 'gadget', 'build', (at) => writeFile(at, gadgetScript('2.5.1')))
    expect(await findTool(gadget, context)).toMatchObject({ source: 'cache', path })
  })
})
