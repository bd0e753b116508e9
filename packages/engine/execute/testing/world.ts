// An application, a cluster in memory and real records, put together as a session does it: plans and decided worlds.

import type { DesiredObject } from '@mainstay/core/desired/desired.ts'
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { ObjectRef } from '@mainstay/core/object/ref.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { Intent, Plan } from '@mainstay/core/plan/plan.ts'
import type { StepEvent } from '@mainstay/core/run/run.ts'
import { afterEach } from 'vitest'
import type { RecordKey, RecordStore } from '../../ports.ts'
import type { SessionParts } from '../../reconcile/parts.ts'
import { decidedWorld, planWorld } from '../../reconcile/planning.ts'
import { worldOf } from '../../reconcile/plans.ts'
import type { LoadedApplication } from '../../reconcile/session.ts'
import { openRecords } from '../../record/open.ts'
import { recordFolder } from '../../record/testing/folder.ts'
import type { DecidedWorld, StepContext } from '../context.ts'
import type { RunReport, RunRequest } from '../execute.ts'
import { execute } from '../execute.ts'
import type { HeldClock } from './clock.ts'
import { heldClock } from './clock.ts'
import { CLUSTER, MemoryReader } from './memory-reader.ts'
import type { Editor } from './memory-target.ts'
import { MemoryTarget } from './memory-target.ts'
import type { Commit } from './parts.ts'
import { loadedAt, partsOf } from './parts.ts'

/** The intent of most tests. */
export const SYNC = { kind: 'sync', prune: true, only: [], revision: null } as const satisfies Intent

/** What a run came to, with its journal as it was shown. */
export interface Ran extends RunReport {
  readonly events: readonly StepEvent[]
}

/** How a run differs from the usual one. */
export interface RunChange extends Partial<RunRequest> {
  /** Methods of the record store that do something else. */
  readonly records?: Partial<RecordStore>
}

/** One test's world. */
export class Bench {
  readonly clock: HeldClock = heldClock()
  readonly target = new MemoryTarget(this.clock)
  readonly records: RecordStore
  /** Where the records are. */
  readonly folder: string
  #commit: Commit = { name: 'nothing', manifests: [] }

  constructor(folder: string) {
    this.folder = folder
    this.records = openRecords({ folder, clock: this.clock })
  }

  get parts(): SessionParts {
    const { target, records, clock } = this
    return partsOf({ target, reader: new MemoryReader(target), records, clock, commit: this.#commit })
  }

  /** What Git holds now. */
  get commitNow(): Commit {
    return this.#commit
  }

  get loaded(): LoadedApplication {
    return loadedAt(this.#commit)
  }

  get key(): RecordKey {
    return { app: this.loaded.application.key, cluster: CLUSTER.id }
  }

  /** Git moves on. */
  commit(name: string, manifests: readonly JsonObject[], more: Omit<Commit, 'name' | 'manifests'> = {}): void {
    this.#commit = { name, manifests, ...more }
  }

  /** A plan for what Git holds, and the world it was decided on, as a session hands them to the executor. */
  async decide(intent: Intent = SYNC): Promise<DecidedWorld> {
    const { world, ports } = await worldOf(this.loaded, intent, this.parts)
    return decidedWorld(await planWorld(world, { intent, causes: new Map() }, ports), world, ports, false)
  }

  /** Carries a plan out. */
  async run(world: DecidedWorld, change: RunChange = {}): Promise<Ran> {
    const { records, ...request } = change
    const events: StepEvent[] = []
    const ports = { target: this.target, clock: this.clock, records: { ...this.records, ...records } }
    const usual = { key: this.key, by: 'Ana', signal: new AbortController().signal, onEvent: () => undefined }
    const report = await execute(world, ports, {
      ...usual,
      ...request,
      onEvent: (event) => {
        events.push(event)
        request.onEvent?.(event)
      },
    })
    return { ...report, events }
  }

  /** What a single step is given, for the tests of what needs no run. */
  context(world: DecidedWorld, change: Partial<StepContext> = {}): StepContext {
    const order = [...world.desired.keys()]
    const never = new AbortController().signal
    const { target, records, clock, key } = this
    return {
      ...world,
      ...{ target, records, clock, key, by: 'Ana', signal: never, requests: never },
      transferred: new Map(),
      progress: () => Promise.resolve(),
      orderOf: (ref) => order.indexOf(refKey(ref)),
      ...change,
    }
  }

  /** Commits, plans and runs, for what a test begins with. */
  async sync(name: string, manifests: readonly JsonObject[], more: Omit<Commit, 'name' | 'manifests'> = {}) {
    this.commit(name, manifests, more)
    const ran = await this.run(await this.decide())
    if (ran.outcome !== 'succeeded') throw new Error(`${name}: ${ran.message} ${JSON.stringify(ran.failed)}`)
    this.target.requests.length = 0
    return ran
  }

  /** The inventory in words: `ConfigMap/a` → `applied uid-1`. */
  async recorded(): Promise<Readonly<Record<string, string>>> {
    const { entries } = await this.records.inventory(this.key)
    return Object.fromEntries(
      entries.map(({ ref, state }) => [
        `${ref.kind}/${ref.name}`,
        state.kind === 'intended' ? state.kind : `${state.kind} ${state.uid}`,
      ]),
    )
  }

  /** The trash in words, oldest first: `ConfigMap/a uid-1`. */
  async trashed(): Promise<readonly string[]> {
    const trash = await this.records.trash({ key: this.key })
    return trash.map(({ ref, uid }) => `${ref.kind}/${ref.name} ${uid}`).toReversed()
  }

  /** A live object by `Kind/name`, whatever its namespace. */
  live(name: string): KubeObject | null {
    return this.target.objects.find((object) => `${object.kind}/${object.metadata.name}` === name) ?? null
  }

  /** Somebody else makes an object, in the namespace of the application unless its kind has none. */
  make(manifest: JsonObject, editor?: Editor): KubeObject {
    const { apiVersion, kind, metadata } = manifest
    const named = isObject(metadata) && typeof metadata.name === 'string' ? { name: metadata.name } : null
    if (typeof apiVersion !== 'string' || typeof kind !== 'string' || named === null) throw new Error('not an object')
    const place = kind === 'PersistentVolume' || kind === 'Namespace' ? {} : { namespace: 'shop' }
    const whole = { ...(isObject(metadata) ? metadata : {}), ...place, ...named }
    return this.target.create({ ...manifest, apiVersion, kind, metadata: whole }, editor)
  }

  close(): Promise<void> {
    return this.records.close()
  }
}

/** Opens benches that are closed after each test of the calling file. Call it once, at the top of the file. */
export function benches(): () => Promise<Bench> {
  const closing: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close()
  })
  return async () => {
    const { folder, remove } = await recordFolder()
    const bench = new Bench(folder)
    closing.push(remove, () => bench.close())
    return bench
  }
}

/** The step of a plan by its id; the test fails where there is none. */
export function stepOf<K extends Plan['steps'][number]['kind']>(plan: Plan, kind: K, name: string) {
  const found = plan.steps.find((step) => step.kind === kind && step.id.endsWith(`/${name}`))
  if (found === undefined) throw new Error(`the plan has no ${kind} of ${name}`)
  return found as Extract<Plan['steps'][number], { kind: K }> // `find` asked for the kind.
}

/** What Git wants of an object that the plan applies. */
export function desiredOf(world: DecidedWorld, name: string): DesiredObject {
  const found = [...world.desired.values()].find((each) => each.ref.name === name)
  if (found === undefined) throw new Error(`${name} is not wanted`)
  return found
}

/** A ref in the namespace of the application. */
export function refIn(kind: string, name: string, group = ''): ObjectRef {
  return { group, kind, namespace: 'shop', name }
}
