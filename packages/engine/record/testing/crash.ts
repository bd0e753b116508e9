// A process that writes records until somebody kills it: `node crash.ts FOLDER`. Tells each write that is durable.
import { systemClock } from '../../clock.ts'
import { openRecords } from '../open.ts'
import { entryOf, SECRET, SHOP, trashOf } from './values.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: crash.ts FOLDER')

const store = openRecords({ folder, clock: systemClock })
const run = await store.openRun(SHOP, 'plan-1', 'ann', '2026-03-01T12:00:00.000Z')
process.stdout.write(`run ${run}\n`)
for (let round = 0; ; round++) {
  const at = '2026-03-01T12:00:00.000Z'
  // Each round is one batch of entries that must be there whole or not at all.
  const batch = [0, 1, 2, 3].map((part) => entryOf(`r${round}-${part}`, { order: round }))
  await Promise.all([
    store.putEntries(SHOP, batch),
    store.appendEvents(run, [{ kind: 'step-started', at, step: `s${round}` }]),
    store.putTrash(trashOf({ step: `s${round}` }), SECRET),
  ])
  process.stdout.write(`done ${round}\n`)
}
