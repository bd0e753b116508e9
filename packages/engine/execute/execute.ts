// Carries a plan out: starts the steps whose groups are ready, journals each before and after, decides nothing.
import type { InventoryEntry } from '@mainstay/core/inventory/inventory.ts'
import { inventoryText } from '@mainstay/core/inventory/inventory.ts'
import type { ObjectRef, RefKey } from '@mainstay/core/object/ref.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import { appText } from '@mainstay/core/plan/keep.ts'
import type { Step } from '@mainstay/core/plan/plan.ts'
import { ready } from '@mainstay/core/run/next.ts'
import { replay } from '@mainstay/core/run/replay.ts'
import type { RunOutcome, StepEvent, StepResult } from '@mainstay/core/run/run.ts'
import { instant } from '../clock.ts'
import { FaultError, isFault } from '../fault.ts'
import type { RecordKey, RecordStore } from '../ports.ts'
import { applyStep } from './apply.ts'
import type { DecidedWorld, RunPorts, StepContext } from './context.ts'
import { deleteStep } from './delete.ts'
import { intendedEntry } from './entries.ts'
import type { Journal } from './journal.ts'
import { openJournal } from './journal.ts'
import { rebindStep } from './rebind.ts'
import { settleRestored } from './restored.ts'
import { retainStep } from './retain.ts'
import { recordChanges, settleDeleted, transferredEntries } from './settle.ts'
import { waitStep } from './wait.ts'

/** Requests in flight at most: as many as Argo CD's kubectl parallelism limit. */
export const CONCURRENCY = 20

/** What a run needs beside the decided world. */
export interface RunRequest {
  readonly key: RecordKey
  readonly by: string
  readonly signal: AbortSignal
  readonly onEvent: (event: StepEvent) => void
  /** Records what belongs to a run that succeeded, before it is closed: a crash in between leaves it to be gone on with. */
  readonly onSucceeded?: () => Promise<void>
  readonly concurrency?: number
}

/** What a run came to. `failed` holds every step that failed, with its fault. */
export interface RunReport {
  readonly run: string
  readonly outcome: RunOutcome
  readonly message: string
  readonly failed: readonly { readonly step: string; readonly error: FaultError }[]
  readonly results: ReadonlyMap<string, StepResult>
}

/**
 * Runs a plan to its end. Order: the run is opened, what will be applied is recorded as intended, then groups of steps
 * run as they become ready, at most `concurrency` at a time. After a failure the steps of the same group still run
 * (one report of everything that is wrong) but no later group starts. An abort lets the running steps finish.
 */
export async function execute(world: DecidedWorld, ports: RunPorts, request: RunRequest): Promise<RunReport> {
  const { records, clock } = ports
  // Before the run is opened: one that did nothing must not look like one that was begun.
  if (await recordsMoved(world, request.key, records)) throw movedRecords(request.key)
  const transferred = await transferredEntries(world.plan, request.key, records)
  const run = await records.openRun(request.key, world.plan.id, request.by, instant(clock))
  const journal = openJournal(records, run, request.onEvent)
  const context: StepContext = { ...contextOf(world, ports, request, journal), transferred }
  const progress = new RunProgress(run)
  try {
    await journal.write({ kind: 'run-started', at: instant(clock), plan: world.plan.id, by: request.by })
    if (await recordsMoved(world, request.key, records))
      return await close(context, journal, progress, 'stale', RECORDS_MOVED)
    await records.putEntries(request.key, intendedEntries(context))
    await recordChanges(context)
    await settleRestored(context)
    await runGroups(context, journal, progress, request.concurrency ?? CONCURRENCY)
    await settleDeleted(context, progress.results)
    if (outcomeOf(progress, context) === 'succeeded') await request.onSucceeded?.()
  } catch (error) {
    await abandon(context, journal, progress)
    throw error
  }
  const outcome = outcomeOf(progress, context)
  return close(context, journal, progress, outcome, messageOf(outcome, progress))
}

const RECORDS_MOVED = 'the world moved: another run changed what is recorded of the application; nothing was done'

/** True where a run came between the decision and this one: two runs at once are refused, one after the other is this. */
async function recordsMoved({ inventory }: DecidedWorld, key: RecordKey, records: RecordStore): Promise<boolean> {
  const now = await records.inventory(key)
  return inventoryText(now.entries) !== inventoryText(inventory.values())
}

function movedRecords(key: RecordKey): FaultError {
  return new FaultError({
    kind: 'stale-plan',
    what: RECORDS_MOVED,
    where: appText(key.app),
    fix: ['Make a new plan.'],
  })
}

/** What happened so far in one run. */
class RunProgress {
  readonly run: string
  readonly events: StepEvent[] = []
  readonly results = new Map<string, StepResult>()
  readonly failed: { step: string; error: FaultError }[] = []

  constructor(run: string) {
    this.run = run
  }
}

function contextOf(
  world: DecidedWorld,
  ports: RunPorts,
  request: RunRequest,
  journal: Journal,
): Omit<StepContext, 'transferred'> {
  // The place among everything that is wanted, not among what this plan happens to change.
  const order = new Map<RefKey, number>([...world.desired.keys()].map((key, at) => [key, at]))
  return {
    ...world,
    ...ports,
    key: request.key,
    by: request.by,
    signal: request.signal,
    requests: new AbortController().signal,
    progress: (step, message) => journal.write({ kind: 'step-progress', at: instant(ports.clock), step, message }),
    orderOf: (ref: ObjectRef) => order.get(refKey(ref)) ?? 0,
  }
}

/** Intent first: whatever is about to exist is recorded before it does, so a crash never leaves an unknown object. */
function intendedEntries(context: StepContext): InventoryEntry[] {
  const entries: InventoryEntry[] = []
  const deleted = new Set(context.plan.steps.flatMap((step) => (step.kind === 'delete' ? [refKey(step.ref)] : [])))
  for (const step of context.plan.steps) {
    // What is replaced stays recorded as it is until it is seen gone.
    if (step.kind !== 'apply' || deleted.has(refKey(step.ref))) continue
    const desired = context.desired.get(refKey(step.ref))
    if (desired !== undefined) entries.push(intendedEntry(step, desired, context))
  }
  return entries
}

/** Starts ready steps until nothing is ready and nothing runs. */
async function runGroups(context: StepContext, journal: Journal, progress: RunProgress, limit: number): Promise<void> {
  const running = new Set<Promise<void>>()
  const queue: Step[] = []
  const queued = new Set<string>()
  let fatal: unknown
  const refill = (): void => {
    for (const step of ready(context.plan, replay(progress.events))) {
      if (queued.has(step.id)) continue
      queued.add(step.id)
      queue.push(step)
    }
  }
  refill()
  for (;;) {
    while (queue.length > 0 && running.size < limit && !context.signal.aborted && fatal === undefined) {
      const step = queue.shift()
      if (step === undefined) break
      const work: Promise<void> = runStep(step, context, journal, progress)
        .catch((error: unknown) => {
          fatal ??= error
        })
        .finally(() => running.delete(work))
      running.add(work)
    }
    if (running.size === 0) break
    await Promise.race(running)
    // New steps become ready only when a whole group is done, which leaves the queue empty and nothing running of it.
    if (queue.length === 0) refill()
  }
  if (fatal !== undefined) throw fatal
}

/** One step between its two journal entries. Expected failures are recorded; anything else is thrown. */
async function runStep(step: Step, context: StepContext, journal: Journal, progress: RunProgress): Promise<void> {
  const write = async (event: StepEvent): Promise<void> => {
    await journal.write(event)
    progress.events.push(event)
  }
  await write({ kind: 'step-started', at: instant(context.clock), step: step.id })
  try {
    const result = await act(step, context)
    progress.results.set(step.id, result)
    await write({ kind: 'step-done', at: instant(context.clock), step: step.id, result })
  } catch (error) {
    if (!isFault(error) || error.fault.kind === 'record-failed') throw error
    progress.failed.push({ step: step.id, error })
    const { what, why } = error.fault
    await write({ kind: 'step-failed', at: instant(context.clock), step: step.id, what, why })
  }
}

function act(step: Step, context: StepContext): Promise<StepResult> {
  switch (step.kind) {
    case 'apply':
      return applyStep(step, context)
    case 'wait':
      return waitStep(step, context)
    case 'delete':
      return deleteStep(step, context)
    case 'rebind':
      return rebindStep(step, context)
    case 'retain':
      return retainStep(step, context)
  }
}

function outcomeOf(progress: RunProgress, { plan, signal }: StepContext): RunOutcome {
  if (progress.failed.some((each) => each.error.fault.kind === 'stale-plan')) return 'stale'
  if (progress.failed.some((each) => each.error.fault.kind !== 'cancelled')) return 'failed'
  // Whoever stops a run while its last step is under way finds everything done.
  return signal.aborted && progress.results.size < plan.steps.length ? 'cancelled' : 'succeeded'
}

function messageOf(outcome: RunOutcome, progress: RunProgress): string {
  const done = progress.results.size
  switch (outcome) {
    case 'succeeded':
      return `${done} steps done`
    case 'cancelled':
      return `cancelled after ${done} steps`
    case 'stale':
      return `the world moved; ${done} steps were done, ${progress.failed.length} refused`
    case 'failed':
      return `${progress.failed.length} steps failed, ${done} done`
  }
}

/**
 * A bug or lost records: closes the run as failed so that it is not taken for a crash, and, where its last event cannot
 * be written, at least does not leave it open: no other run of the application could start while this process lives.
 */
async function abandon(context: StepContext, journal: Journal, progress: RunProgress): Promise<void> {
  const at = instant(context.clock)
  const message = 'the run stopped unexpectedly'
  await journal.write({ kind: 'run-ended', at, outcome: 'failed', message }).catch(() => undefined)
  await context.records.closeRun(progress.run, 'failed', at).catch(() => undefined)
}

async function close(
  context: StepContext,
  journal: Journal,
  progress: RunProgress,
  outcome: RunOutcome,
  message: string,
): Promise<RunReport> {
  const at = instant(context.clock)
  await journal.write({ kind: 'run-ended', at, outcome, message })
  await context.records.closeRun(progress.run, outcome, at)
  return { run: progress.run, outcome, message, failed: progress.failed, results: progress.results }
}
