// The cache of tools: keyed by what they are made from, whole or not there.

import { access, appendFile, mkdir, readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildKey, install, lookup, releaseKey } from './cache.ts'
import { fixture, gadget, gadgetScript } from './testing/fixture.ts'

const make = (path: string): Promise<void> => writeFile(path, gadgetScript('2.5.1'))

describe('buildKey', () => {
  it('changes with go.mod, go.sum, linker settings and platform, and with nothing else', async () => {
    const { context } = await fixture()
    const first = await buildKey(gadget, context)
    expect(await buildKey({ ...gadget, purpose: 'something else' }, context)).toBe(first)
    const keys = [
      first,
      await buildKey({ ...gadget, build: { ...gadget.build, ldflags: ['-s'] } }, context),
      await buildKey(gadget, { ...context, platform: 'plan9-mips' }),
    ]
    await appendFile(join(context.recipes ?? '', 'gadget', 'go.sum'), 'example.test/x v1.0.0 h1:=\n')
    keys.push(await buildKey(gadget, context))
    await appendFile(join(context.recipes ?? '', 'gadget', 'go.mod'), '\nrequire example.test/x v1.0.0\n')
    keys.push(await buildKey(gadget, context))
    expect(new Set(keys).size).toBe(5)
  })

  it('is null where the recipes are not installed', async () => {
    const { context, folder } = await fixture()
    expect(await buildKey(gadget, { ...context, recipes: null })).toBeNull()
    expect(await buildKey(gadget, { ...context, recipes: join(folder, 'nowhere') })).toBeNull()
  })
})

describe('releaseKey', () => {
  it('changes with the pinned digest', () => {
    const release = { url: 'https://example.test/gadget', sha256: 'a'.repeat(64), member: null }
    expect(releaseKey(gadget, release)).not.toBe(releaseKey(gadget, { ...release, sha256: 'b'.repeat(64) }))
  })
})

describe('install', () => {
  it('puts a finished tool in place, sealed and runnable', async () => {
    const { context } = await fixture()
    const path = await install(context, 'key', 'gadget', 'build', make)
    expect((await stat(path)).mode & 0o111).not.toBe(0)
    expect(await lookup(context, 'key', 'gadget', 'full')).toEqual({ kind: 'here', path, origin: 'build' })
  })

  it('leaves nothing behind when making fails, neither a tool nor a draft', async () => {
    const { context } = await fixture()
    const failing = install(context, 'key', 'gadget', 'build', async (path) => {
      await make(path)
      throw new Error('half way')
    })
    await expect(failing).rejects.toThrow('half way')
    expect(await readdir(context.cache)).toEqual([])
    expect(await lookup(context, 'key', 'gadget', 'quick')).toEqual({ kind: 'absent' })
  })

  it('removes the drafts of processes that have ended, and not those of living ones', async () => {
    const { context } = await fixture()
    const [dead, living] = ['key.partial-999999999-aa', `key.partial-${process.pid}-bb`]
    for (const draft of [dead, living]) await mkdir(join(context.cache, draft), { recursive: true })
    await install(context, 'key', 'gadget', 'build', make)
    await expect(access(join(context.cache, dead))).rejects.toThrow()
    await access(join(context.cache, living))
  })
})

describe('lookup', () => {
  it('does not use a folder without a seal: it was never finished', async () => {
    const { context } = await fixture()
    await mkdir(join(context.cache, 'key'), { recursive: true })
    await make(join(context.cache, 'key', 'gadget'))
    expect(await lookup(context, 'key', 'gadget', 'quick')).toMatchObject({ kind: 'damaged' })
  })

  it('does not use a file that was cut short or changed', async () => {
    const { context } = await fixture()
    const path = await install(context, 'key', 'gadget', 'build', make)
    const bytes = await readFile(path)
    await truncate(path, bytes.length - 1)
    expect(await lookup(context, 'key', 'gadget', 'quick')).toMatchObject({ why: 'its size has changed' })
    await writeFile(
      path,
      bytes.map((byte) => byte ^ 1),
    )
    expect(await lookup(context, 'key', 'gadget', 'quick')).toMatchObject({ why: 'its content has changed' })
  })

  it('notices a change that kept size and time when it looks in full', async () => {
    const { context } = await fixture()
    const path = await install(context, 'key', 'gadget', 'build', make)
    const { atime, mtime } = await stat(path)
    await writeFile(
      path,
      (await readFile(path)).map((byte) => byte ^ 1),
    )
    await utimes(path, atime, mtime)
    expect(await lookup(context, 'key', 'gadget', 'full')).toMatchObject({ why: 'its content has changed' })
  })

  it('goes on using a file whose time alone has changed', async () => {
    const { context } = await fixture()
    const path = await install(context, 'key', 'gadget', 'build', make)
    await utimes(path, new Date(0), new Date(0))
    expect(await lookup(context, 'key', 'gadget', 'quick')).toMatchObject({ kind: 'here' })
  })
})
