// Renders that are done once: what is found again, what is not, and that nothing damaged is ever used.
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openVault } from '../../record/vault.ts'
import { faultOf } from '../../source/contract.ts'
import type { TestRepository } from '../../source/testing/repository.ts'
import { RenderBench } from '../testing/bench.ts'
import { type RenderCache, type RenderedText, type Rendering, renderCache } from './rendering.ts'
import { renderStore } from './store.ts'

const key = (byte: string) => byte.repeat(64)

let bench: RenderBench
let folder = ''
beforeAll(() => {
  bench = new RenderBench({})
  folder = join(bench.folder, 'store')
})
beforeEach(() => rmSync(folder, { recursive: true, force: true }))
afterAll(() => bench.close())

const vault = openVault(new Uint8Array(32).fill(1))
const open = (limitBytes = 1_000_000) => renderStore({ folder, vault, limitBytes })
const files = () => (readdirSync(folder, { recursive: true }) as string[]).filter((name) => /[0-9a-f]{64}$/.test(name))
const fileOf = (name: string) => join(folder, name.slice(0, 2), name)

describe('the store', () => {
  it('gives back what was put, to every process with the same key, and to no other', async () => {
    await open().put(key('a'), 'text: ü\n')
    expect(await open().get(key('a'))).toBe('text: ü\n')
    expect(await open().get(key('b'))).toBeNull()
    expect(readFileSync(fileOf(key('a'))).includes('text')).toBe(false)
    expect(statSync(fileOf(key('a'))).mode & 0o077).toBe(0)
    const stranger = renderStore({ folder, vault: openVault(new Uint8Array(32).fill(2)) })
    expect(await stranger.get(key('a'))).toBeNull()
  })

  it.each<[string, () => void]>([
    ['cut short', () => truncateSync(fileOf(key('a')), 20)],
    ['empty', () => truncateSync(fileOf(key('a')), 0)],
    [
      'changed in one bit',
      () => {
        const bytes = readFileSync(fileOf(key('a')))
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
        writeFileSync(fileOf(key('a')), bytes)
      },
    ],
    ['of another key', () => writeFileSync(fileOf(key('a')), readFileSync(fileOf(key('b'))))],
  ])('drops what is %s', async (_, damage) => {
    const store = open()
    await store.put(key('a'), 'one')
    await store.put(key('b'), 'two')
    damage()
    expect(await store.get(key('a'))).toBeNull()
    expect(files().some((name) => name.endsWith(key('a')))).toBe(false)
    expect(await store.get(key('b'))).toBe('two')
  })

  it('lets go of what was not used for longest', async () => {
    const store = open(4000)
    for (const [age, byte] of ['a', 'b', 'c'].entries()) {
      await store.put(key(byte), byte.repeat(1000))
      const used = new Date(Date.now() - (10 - age) * 60_000)
      utimesSync(fileOf(key(byte)), used, used)
    }
    expect(await store.get(key('a'))).toBe('a'.repeat(1000))
    await store.put(key('d'), 'd'.repeat(1000))
    expect(await store.get(key('b'))).toBeNull()
    for (const byte of ['a', 'd']) expect(await store.get(key(byte))).toBe(byte.repeat(1000))
  })
})

describe('a render', () => {
  const ran: string[] = []
  const rendering = (change: Partial<Rendering> = {}): Rendering => ({
    parameters: { renderer: 'test' },
    reuse: true,
    signal: undefined,
    wish: async () => ({ wish: { folders: ['app'], files: ['shared/x', 'shared/later'] }, keep: true }),
    run: async (tree) => {
      ran.push(tree.root)
      return readFileSync(join(tree.root, 'app/a'), 'utf8')
    },
    ...change,
  })
  let repository: TestRepository
  beforeEach(() => {
    ran.length = 0
    repository = bench.repository({ 'app/a': 'one', 'shared/x': 'x', 'other/o': 'o' })
  })
  const cache = (): RenderCache => renderCache(open())
  const renderNow = async (change: Partial<Rendering> = {}, by: RenderCache = cache()): Promise<RenderedText> =>
    by.render(await bench.snapshot(repository), rendering(change))

  it('is done once for the same inputs, also in a commit that touched others, and anew for changed ones', async () => {
    const first = await renderNow()
    expect(first).toMatchObject({ text: 'one', from: 'tool' })
    repository.commit('elsewhere', { 'other/o': 'p' })
    let looked = 0
    const again = await renderNow({ wish: () => Promise.reject(new Error(`looked ${looked++}`)) })
    expect(again).toMatchObject({ text: 'one', from: 'store', digest: first.digest })
    repository.commit('change', { 'app/a': 'two' })
    expect(await renderNow()).toMatchObject({ text: 'two', from: 'tool' })
    repository.commit('back', { 'app/a': 'one' })
    expect(await renderNow()).toMatchObject({ text: 'one', from: 'store' })
    repository.commit('what was missing', { 'shared/later': '' })
    expect(await renderNow()).toMatchObject({ text: 'one', from: 'tool' })
    expect(await renderNow({ parameters: { renderer: 'other' } })).toMatchObject({ from: 'tool' })
  })

  it('is not taken from the store where it is asked for anew, or where a network took part', async () => {
    await renderNow()
    expect(await renderNow({ reuse: false, run: async () => 'fresh' })).toMatchObject({ text: 'fresh', from: 'tool' })
    expect(await renderNow()).toMatchObject({ text: 'fresh', from: 'store' })
    const outside = { parameters: 'n', wish: async () => ({ wish: { folders: ['app'], files: [] }, keep: false }) }
    for (const _ of [1, 2]) expect(await renderNow(outside)).toMatchObject({ from: 'tool' })
  })

  it('is made anew where what was kept is damaged', async () => {
    await renderNow()
    for (const name of files()) truncateSync(join(folder, name), 30)
    expect(await renderNow()).toMatchObject({ text: 'one', from: 'tool' })
    expect(ran).toHaveLength(2)
  })

  it('is shared by all who ask for it at once, in one process and in several', async () => {
    const one = cache()
    const results = await Promise.all([renderNow({}, one), renderNow({}, one), renderNow({}, cache())])
    expect(new Set(results.map(({ text }) => text))).toEqual(new Set(['one']))
    expect(ran).toHaveLength(1)
  })

  it('goes on while anybody waits, and ends with the last', async () => {
    const one = cache()
    const stop = [new AbortController(), new AbortController()]
    let ended: AbortSignal | null = null
    const run: Rendering['run'] = (_, signal) => {
      ended = signal
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))))
    }
    const waiting = stop.map(({ signal }) => faultOf(renderNow({ run, signal }, one)))
    await expect.poll(() => ended).not.toBeNull()
    stop[0]?.abort()
    expect((await waiting[0])?.kind).toBe('cancelled')
    expect((ended as AbortSignal | null)?.aborted).toBe(false)
    stop[1]?.abort()
    expect((await waiting[1])?.kind).toBe('cancelled')
    expect((ended as AbortSignal | null)?.aborted).toBe(true)
  })

  it('that failed leaves nothing, and the next one tries again', async () => {
    await expect(renderNow({ run: () => Promise.reject(new Error('broken')) })).rejects.toThrow('broken')
    expect(await renderNow()).toMatchObject({ text: 'one', from: 'tool' })
  })
})
