// What a killed run and the run after it come to, in a form in which two lives of one scenario can be compared.
import { DEFAULT_TRACKING, readMark } from '@mainstay/core/app/tracking.ts'
import { managedFieldsOf } from '@mainstay/core/diff/fields.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refOf, uidOf } from '@mainstay/core/object/object.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { Bench } from './world.ts'

/** Everything that must be the same whether the run was killed or not. */
export interface Outcome {
  /** Objects by name, with who owns what of them. */
  readonly live: Readonly<Record<string, JsonObject>>
  /** What every application recorded, by name. */
  readonly inventory: Readonly<Record<string, Recorded>>
  /** What came to be, changed or went, each as often as it did. */
  readonly happened: readonly string[]
  /** Objects that were destroyed or overwritten, each once however often it was put there. */
  readonly trash: readonly string[]
  /** What must not be: records of nothing, marked objects that nobody recorded, deletions that the trash knows not of. */
  readonly unaccounted: readonly string[]
}

/** Uids of what is there: a new object has another one in each life. */
export function uidsOf(bench: Bench): ReadonlySet<string> {
  return new Set(bench.target.objects.flatMap((object) => uidOf(object) ?? []))
}

/** Looks at everything; `before` are the uids that were there when the scenario began. */
export async function outcomeOf(bench: Bench, before: ReadonlySet<string>): Promise<Outcome> {
  const named = (uid: string): string => (before.has(uid) ? uid : 'new')
  const live = new Map(bench.target.objects.map((object) => [refKey(refOf(object)), object]))
  const inventory = await inventoryOf(bench, live)
  const trash = await trashOf(bench)
  const happened = bench.target.happened
  const recorded = new Set([...inventory.keys()].map((name) => name.slice(name.indexOf(' ') + 1)))
  return {
    live: Object.fromEntries([...live].map(([key, object]) => [key, shown(object, named)])),
    inventory: Object.fromEntries(inventory),
    happened: happened.map((line) => line.replace(/\S+$/, named)).toSorted(),
    trash: [...trash].toSorted(),
    unaccounted: [
      ...[...inventory].flatMap(([name, { state }]) => (state === LIVE ? [] : [name])),
      ...[...live].flatMap(([key, object]) => (isMarked(object) && !recorded.has(key) ? [key] : [])),
      ...happened.filter((line) => line.startsWith('gone ') && !trash.has(line.slice('gone '.length))),
    ],
  }
}

const LIVE = 'applied, live'

interface Recorded {
  readonly state: unknown
}

/** The inventories of all applications, by application and object. */
async function inventoryOf(
  bench: Bench,
  live: ReadonlyMap<string, KubeObject>,
): Promise<ReadonlyMap<string, Recorded>> {
  const inventory = new Map<string, Recorded>()
  for (const key of await bench.records.keys()) {
    for (const entry of (await bench.records.inventory(key)).entries) {
      const object = live.get(refKey(entry.ref))
      const isLive = entry.state.kind === 'applied' && object !== undefined && entry.state.uid === uidOf(object)
      inventory.set(`${key.app.name} ${refKey(entry.ref)}`, { ...entry, state: isLive ? LIVE : entry.state })
    }
  }
  return inventory
}

/** `ConfigMap/a uid-1` for every object that can be brought back. */
async function trashOf(bench: Bench): Promise<ReadonlySet<string>> {
  const trash = new Set<string>()
  for (const { id, ref, uid } of await bench.records.trash({})) {
    const object = await bench.records.trashObject(id)
    if (object !== null && uidOf(object) === uid) trash.add(`${ref.kind}/${ref.name} ${uid}`)
  }
  return trash
}

function isMarked(object: KubeObject): boolean {
  return readMark(object, DEFAULT_TRACKING).kind !== 'none'
}

/** An object without what counts requests: versions, and the order of its owners. */
function shown(object: KubeObject, named: (uid: string) => string): JsonObject {
  const { resourceVersion: _, ...metadata } = object.metadata
  const owners = managedFieldsOf(object).map((entry) => JSON.stringify(entry))
  return { ...object, metadata: { ...metadata, uid: named(uidOf(object) ?? ''), managedFields: owners.toSorted() } }
}
