// Everything a record store gives to its readers, as one value: what must stay the same when the tables change.
import type { Json } from '@mainstay/core/object/json.ts'
import type { RecordStore } from '@mainstay/engine/ports.ts'

/** Asks for the owners of objects without owning any. */
const NOBODY = { namespace: '', name: '' }

/** What the fixtures ask for beside what can be listed. */
export const ASKED = { uids: ['uid-web', 'uid-db'], digest: 'spec-1', manifest: 'digest-1', resourceVersion: '7' }

/** Reads all of it. Equal contents, equal records. */
export async function contentsOf(store: RecordStore): Promise<Json> {
  const contents: unknown[] = []
  for (const key of await store.keys()) {
    const runs = await store.runs(key)
    const owners = await store.owners(key.cluster, ASKED.uids, NOBODY)
    contents.push({
      key,
      inventory: await store.inventory(key),
      owners: [...owners],
      history: await store.history(key),
      runs: await Promise.all(runs.map(async (run) => ({ ...run, events: await store.events(run.id) }))),
      dryRun: await store.dryRun(key.cluster, ASKED.manifest, ASKED.resourceVersion),
    })
  }
  const plans = await store.planIds('')
  const trash = await store.trash({})
  const accesses = await store.accesses('repository')
  const whole = {
    contents,
    // The first version knew of none.
    ...(accesses.length === 0 ? {} : { accesses }),
    plans: await Promise.all(
      plans.map(async (id) => ({ plan: await store.plan(id), approvals: await store.approvals(id) })),
    ),
    trash: await Promise.all(trash.map(async (entry) => ({ entry, object: await store.trashObject(entry.id) }))),
    application: await store.application(ASKED.digest),
    mask: store.mask('a password'),
  }
  // Built of records, which are built of JSON; TypeScript cannot see that of interfaces.
  return whole as unknown as Json
}
