// kill -9 in the middle of writing: the database opens, is whole, and the run can be taken over.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RecordStore } from '../ports.ts'
import { openRecords } from './open.ts'
import { faultOf } from './testing/faults.ts'
import { recordFolder } from './testing/folder.ts'
import { NOON, SECRET, SHOP, standingClock } from './testing/values.ts'

type Child = ChildProcessByStdio<null, Readable, null>

let place: Awaited<ReturnType<typeof recordFolder>>
const opened: RecordStore[] = []
const children: Child[] = []
beforeEach(async () => {
  place = await recordFolder()
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const store of opened.splice(0)) await store.close()
  await place.remove()
})

function open(): RecordStore {
  const store = openRecords({ folder: place.folder, clock: standingClock() })
  opened.push(store)
  return store
}

function startWriter(): { readonly child: Child; readonly lines: AsyncIterator<string> } {
  const script = fileURLToPath(new URL('testing/crash.ts', import.meta.url))
  const child = spawn(process.execPath, [script, place.folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
}

async function nextLine(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next()
  if (done === true) throw new Error('the writer ended by itself')
  return value
}

it('loses nothing that was told durable and leaves nothing half-written', async () => {
  const { child, lines } = startWriter()
  const run = (await nextLine(lines)).slice('run '.length)
  let told = -1
  while (told < 15) told = Number((await nextLine(lines)).slice('done '.length))
  child.kill('SIGKILL')
  await once(child, 'exit')
  // Lines that were on their way when it was killed are promises too.
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    if (/^done \d+$/.test(next.value)) told = Number(next.value.slice('done '.length))
  }

  const store = open()
  const steps = (await store.events(run)).map((event) => (event.kind === 'step-started' ? event.step : ''))
  expect(steps.length).toBeGreaterThan(told)
  expect(steps).toEqual(steps.map((_, index) => `s${index}`))
  const { entries } = await store.inventory(SHOP)
  expect(entries.length % 4).toBe(0)
  expect(entries.length).toBeGreaterThanOrEqual((told + 1) * 4)
  const trash = await store.trash({ key: SHOP })
  expect(trash.length).toBeGreaterThan(told)
  for (const each of trash) expect(await store.trashObject(each.id)).toEqual(SECRET)
})

it('lets the next run take over from a killed process, not from a living one', async () => {
  const { child, lines } = startWriter()
  const run = (await nextLine(lines)).slice('run '.length)
  await nextLine(lines)
  const store = open()
  expect(await store.runs(SHOP)).toMatchObject([{ id: run, outcome: null, interrupted: false }])
  const fault = await faultOf(() => store.openRun(SHOP, 'plan-2', 'bob', NOON))
  expect(fault.kind).toBe('conflict')
  expect(fault.why).toContain(`by ann since 2026-03-01T12:00:00.000Z (pid ${child.pid}`)

  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await store.runs(SHOP)).toMatchObject([{ id: run, outcome: null, interrupted: true }])
  const next = await store.openRun(SHOP, 'plan-2', 'bob', NOON)
  expect(await store.runs(SHOP)).toMatchObject([
    { id: next, interrupted: false },
    { id: run, outcome: 'cancelled' },
  ])
  expect((await store.events(run)).at(-1)).toMatchObject({
    kind: 'run-ended',
    outcome: 'cancelled',
    message: expect.stringContaining(`pid ${child.pid}`),
  })
})
