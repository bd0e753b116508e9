// A run about Secrets: whatever happens to it, their values are in no event, no error and no file of the records.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { StepEvent } from '@mainstay/core/run/run.ts'
import { object } from '@mainstay/core/testing/manifests.ts'
import { describe, expect, it } from 'vitest'
import { refused } from './testing/memory-target.ts'
import type { Bench, Ran } from './testing/world.ts'
import { benches, refIn } from './testing/world.ts'

const open = benches()
const db = refIn('Secret', 'db')
const values = ['hunter1', 'hunter2', 'hunter3']
const encoded = values.map((value) => Buffer.from(value).toString('base64'))
const [first = '', second = '', third = ''] = encoded

const secret = (password: string, more: JsonObject = {}) =>
  object('v1', 'Secret', 'db', { data: { password }, ...more })

/** Applied with the first value, edited by hand to the second; Git wants the third. */
async function edited(): Promise<Bench> {
  const bench = await open()
  await bench.sync('one', [secret(first)])
  bench.clock.advance(60_000)
  bench.target.edit(db, { data: { password: second } })
  bench.commit('two', [secret(third)])
  return bench
}

/** Everything of a run that people and files get to see. */
function said({ events, failed, message }: Ran): string {
  const errors = failed.map(({ error }) => [error.fault, error.message, String(error.stack)])
  return JSON.stringify([events satisfies readonly StepEvent[], errors, message])
}

async function expectSilence(bench: Bench, ran: Ran): Promise<void> {
  const hidden = [...values, ...encoded]
  const files = await readdir(bench.folder, { recursive: true, withFileTypes: true })
  const texts = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
  )
  for (const text of [said(ran), ...texts]) for (const value of hidden) expect(text.includes(value)).toBe(false)
}

describe('the values of a Secret are not told', () => {
  it('when it is changed over a hand edit, which goes to the trash', async () => {
    const bench = await edited()
    const ran = await bench.run(await bench.decide())
    expect([ran.outcome, await bench.trashed()]).toEqual(['succeeded', ['Secret/db uid-1']])
    expect(bench.live('Secret/db')?.data).toEqual({ password: third })
    await expectSilence(bench, ran)
  })

  it('when the change is refused because a value moved', async () => {
    const bench = await edited()
    const world = await bench.decide()
    bench.target.edit(db, { data: { password: first } })
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('stale')
    expect(ran.failed[0]?.error.fault.why).toContain('data.password')
    await expectSilence(bench, ran)
  })

  it('when the cluster refuses it', async () => {
    const bench = await edited()
    const world = await bench.decide()
    bench.target.on = (when, { verb, ref }) => {
      if (when === 'before' && verb === 'apply') throw refused('rejected', verb, ref, 'denied')
    }
    const ran = await bench.run(world)
    expect(ran.outcome).toBe('failed')
    await expectSilence(bench, ran)
  })

  it('when the manifest behind the step is another one', async () => {
    const bench = await edited()
    const world = await bench.decide()
    const ran = await bench.run({ ...world, desired: new Map() })
    expect(ran.outcome).toBe('stale')
    await expectSilence(bench, ran)
  })

  it('when it is deleted and restored', async () => {
    const bench = await edited()
    const ran = await bench.run(await bench.decide({ kind: 'delete', cascade: 'background' }))
    const [entry] = await bench.records.trash({ key: bench.key })
    const back = await bench.run(await bench.decide({ kind: 'restore', entries: [entry?.id ?? ''] }))
    expect([ran.outcome, back.outcome]).toEqual(['succeeded', 'succeeded'])
    expect(bench.live('Secret/db')?.data).toEqual({ password: second })
    await expectSilence(bench, ran)
    await expectSilence(bench, back)
  })
})

it('a value that was told would be found', async () => {
  const bench = await edited()
  const ran = await bench.run(await bench.decide())
  await expect(expectSilence(bench, { ...ran, message: `set to ${third}` })).rejects.toThrow()
  await writeFile(join(bench.folder, 'a.log'), 'password: hunter2')
  await expect(expectSilence(bench, ran)).rejects.toThrow()
})
