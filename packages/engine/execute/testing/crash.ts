// A session in a process of its own that runs one plan, asks before each write to its records, and is killed.
import type { Plan } from '@mainstay/core/plan/plan.ts'
import type { RecordStore } from '../../ports.ts'
import { runPlan } from '../../reconcile/plans.ts'
import { openRecords } from '../../record/open.ts'
import { heldClock } from './clock.ts'
import type { Commit } from './parts.ts'
import { partsOf } from './parts.ts'
import { RemoteCluster } from './remote.ts'

/** What the process is told to do. */
export interface Orders {
  /** Where the records are. */
  readonly folder: string
  /** What Git holds. */
  readonly commit: Commit
  readonly plan: Plan
}

/** The methods that write what a run leaves behind. */
const WRITES = new Set<string>([
  'openRun',
  'appendEvents',
  'closeRun',
  'putEntries',
  'removeEntries',
  'putTrash',
  'putHistory',
] satisfies readonly (keyof RecordStore)[])

/** The records, with a point before each write. */
function pointed(records: RecordStore, point: (name: string) => Promise<void>): RecordStore {
  return new Proxy(records, {
    get(store, name) {
      const method: unknown = Reflect.get(store, name)
      if (typeof name !== 'string' || !WRITES.has(name) || typeof method !== 'function') return method
      return async (...args: readonly unknown[]): Promise<unknown> => {
        await point(name)
        return Reflect.apply(method, store, args)
      }
    },
  })
}

const [orders = ''] = process.argv.slice(2)
const { folder, commit, plan } = JSON.parse(orders) as Orders // The test wrote it.
const clock = heldClock()
const cluster = new RemoteCluster()
const records = openRecords({ folder, clock })
const pointedRecords = pointed(records, (name) => cluster.point(name))
const parts = partsOf({ target: cluster, reader: cluster, records: pointedRecords, clock, commit })
const options = { by: 'Ana', signal: new AbortController().signal, onEvent: () => undefined }
await runPlan(plan, options, parts)
await records.close()
process.disconnect()
