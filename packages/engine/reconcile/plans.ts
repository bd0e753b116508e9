// Making, finding, approving and running plans: the one write path of a session.
import { refKey } from '@mainstay/core/object/ref.ts'
import type { Approval, Intent, Plan } from '@mainstay/core/plan/plan.ts'
import { readPlan } from '@mainstay/core/plan/read.ts'
import { instant } from '../clock.ts'
import type { RunReport } from '../execute/execute.ts'
import { execute } from '../execute/execute.ts'
import { FaultError } from '../fault.ts'
import { parseJson } from '../json/parse.ts'
import type { RecordKey } from '../ports.ts'
import { removalCauses } from './causes.ts'
import { consentedPlan } from './consent.ts'
import { sha256 } from './digest.ts'
import { invalidInput } from './invalid.ts'
import { readSpec } from './load.ts'
import type { Connection, SessionParts } from './parts.ts'
import type { PlanningPorts, World } from './planning.ts'
import { decidedWorld, gatherWorld, planWorld } from './planning.ts'
import type { LoadedApplication, Planned, PlanRequest, RunOptions, RunResult } from './session.ts'
import { wantedBy } from './want.ts'

/** The shortest prefix of a plan id that people may type. */
const MIN_PREFIX = 6

/** A plan with the world and the connection it was made from. */
interface Made {
  readonly plan: Plan
  readonly world: World
  readonly connection: Connection
  readonly ports: PlanningPorts
}

/** Gathers a world for an intent: the shared first half of planning, status and diff. */
export async function worldOf(
  loaded: LoadedApplication,
  intent: Intent,
  parts: SessionParts,
  signal?: AbortSignal,
  fresh = false,
): Promise<{ readonly world: World; readonly connection: Connection; readonly ports: PlanningPorts }> {
  const connection = await parts.connect(loaded.application, signal)
  const tracking = await parts.tracking()
  const key: RecordKey = { app: loaded.application.key, cluster: connection.identity.id }
  const kinds = connection.kinds
  const how = { fresh, ...(signal === undefined ? {} : { signal }) }
  const context = { application: loaded.application, kinds, tracking, key, how }
  const wanted = await wantedBy(intent, context, parts)
  const ports: PlanningPorts = {
    reader: connection.reader,
    watched: connection.watched,
    records: parts.records,
    recent: parts.recent,
    tracking,
    limits: parts.limits,
  }
  const surplus = intent.kind === 'restore' ? 'ignore' : 'look'
  const input = { loaded, cluster: connection.identity, kinds, wanted, surplus, certainty: 'ask' } as const
  const world = await gatherWorld({ ...input, ...(signal === undefined ? {} : { signal }) }, ports)
  return { world, connection, ports }
}

/**
 * Makes a plan. One that deletes is never made from what an earlier render left behind: damaged or mixed up, that would
 * look like objects that left Git (argoproj/argo-cd#4423).
 */
async function make(
  loaded: LoadedApplication,
  intent: Intent,
  parts: SessionParts,
  signal?: AbortSignal,
): Promise<Made> {
  const made = await makeFrom(loaded, intent, parts, false, signal)
  const deletes = made.plan.steps.some((step) => step.kind === 'delete')
  return deletes && made.world.wanted.kept ? makeFrom(loaded, intent, parts, true, signal) : made
}

async function makeFrom(
  loaded: LoadedApplication,
  intent: Intent,
  parts: SessionParts,
  fresh: boolean,
  signal?: AbortSignal,
): Promise<Made> {
  const { world, connection, ports } = await worldOf(loaded, intent, parts, signal, fresh)
  const causes = await removalCauses(world, intent, parts)
  return { plan: await planWorld(world, { intent, causes }, ports, signal), world, connection, ports }
}

/** Makes a plan and stores it with the Application it was made for. */
export async function makeStoredPlan(
  loaded: LoadedApplication,
  request: PlanRequest,
  parts: SessionParts,
): Promise<Planned> {
  const { plan, world } = await make(loaded, request.intent, parts, request.signal)
  await parts.records.putApplication(loaded.digest, loaded.manifest)
  await parts.records.putPlan(plan, instant(parts.clock))
  return { plan, loaded, comparison: world.comparison }
}

/** Runs exactly this plan, or refuses and changes nothing. */
export async function runPlan(shown: Plan, options: RunOptions, parts: SessionParts): Promise<RunResult> {
  const manifest = await parts.records.application(shown.basis.application)
  if (manifest === null) {
    throw new FaultError({
      kind: 'not-found',
      what: `the records do not know the Application that plan ${shown.id.slice(0, 8)} was made for`,
      fix: ['Run it with the records it was made with (--home), or make a new plan.'],
    })
  }
  const loaded = readSpec(manifest, `plan ${shown.id.slice(0, 8)}`)
  const made = await make(loaded, shown.intent, parts, options.signal)
  if (made.plan.cluster.id !== shown.cluster.id) throw otherCluster(shown, made.plan)
  const earlier = await parts.records.runs(made.world.key)
  const started = earlier.some((run) => run.plan === shown.id && run.outcome !== 'succeeded')
  const plan = consentedPlan({
    shown,
    fresh: made.plan,
    approvals: await parts.records.approvals(shown.id),
    started,
  })
  return carryOut({ ...made, plan, resumed: started }, shown, options, parts)
}

async function carryOut(
  made: Made & { readonly resumed: boolean },
  shown: Plan,
  options: RunOptions,
  parts: SessionParts,
): Promise<RunResult> {
  const startedAt = instant(parts.clock)
  const report = await execute(
    // The run belongs to the plan that was shown and approved, also when it goes on with what was left of it.
    decidedWorld({ ...made.plan, id: shown.id }, made.world, made.ports, made.resumed),
    { target: made.connection.target, records: parts.records, clock: parts.clock },
    {
      key: made.world.key,
      by: options.by,
      signal: options.signal,
      onEvent: options.onEvent,
      onSucceeded: () => remember(made, shown, startedAt, options.by, parts),
    },
  )
  return resultOf(report)
}

/** A whole sync or rollback that succeeded becomes history; a selective one does not (as in Argo CD). */
async function remember(
  made: Made & { readonly resumed: boolean },
  shown: Plan,
  startedAt: string,
  by: string,
  parts: SessionParts,
): Promise<void> {
  const { intent, totals } = made.plan
  const newest = made.resumed ? (await parts.records.history(made.world.key)).at(-1) : undefined
  // The run that this one takes up came as far as this.
  if (newest?.plan === shown.id) return
  // What could not be seen, or was on its way out, was not synced: such a run is in the journal, and is nothing to roll back to.
  if (totals.unseen > 0 || totals.ending !== undefined) return
  const whole = intent.kind === 'rollback' || (intent.kind === 'sync' && intent.only.length === 0)
  if (!whole) return
  const entry = {
    plan: shown.id,
    revisions: made.plan.revisions,
    application: made.plan.basis.application,
    startedAt,
    deployedAt: instant(parts.clock),
    by,
  }
  await parts.records.putHistory(made.world.key, entry, made.world.loaded.application.revisionHistoryLimit)
}

function resultOf(report: RunReport): RunResult {
  const counts: Record<string, number> = {}
  for (const { kind } of report.results.values()) {
    // Waiting changes nothing; and where all went well, what was terminating was waited for until it was gone.
    if (kind === 'healthy' || kind === 'gone') continue
    const told = kind === 'terminating' && report.outcome === 'succeeded' ? 'deleted' : kind
    counts[told] = (counts[told] ?? 0) + 1
  }
  const failed = report.failed.map(({ step, error }) => ({ step, what: error.fault.what, why: error.fault.why }))
  return { run: report.run, outcome: report.outcome, message: report.message, failed, counts }
}

function otherCluster(shown: Plan, fresh: Plan): FaultError {
  return new FaultError({
    kind: 'stale-plan',
    what: `plan ${shown.id.slice(0, 8)} was made for another cluster; nothing was changed`,
    where: fresh.cluster.server,
    why: `planned for ${shown.cluster.name} (${shown.cluster.id}), this is ${fresh.cluster.name} (${fresh.cluster.id})`,
    fix: ['Choose the context it was made for: --context', 'Or make a new plan.'],
  })
}

/** Finds a stored plan by its id or a unique prefix of it. */
export async function findStoredPlan(prefix: string, parts: SessionParts): Promise<Plan> {
  if (!/^[0-9a-f]+$/.test(prefix) || prefix.length < MIN_PREFIX) {
    throw new FaultError({
      kind: 'invalid-input',
      what: `"${prefix}" is not a plan id`,
      fix: [`A plan id is hexadecimal; give at least ${MIN_PREFIX} digits of it.`],
    })
  }
  const ids = await parts.records.planIds(prefix)
  const [id, another] = ids
  if (id === undefined) {
    throw new FaultError({ kind: 'not-found', what: `there is no plan ${prefix}`, fix: ['mainstay plan list'] })
  }
  if (another !== undefined) {
    const what = `${ids.length} plans begin with ${prefix}`
    throw new FaultError({ kind: 'invalid-input', what, why: ids.slice(0, 5).join(', '), fix: ['Give more digits.'] })
  }
  const plan = await parts.records.plan(id)
  if (plan === null) throw new FaultError({ kind: 'record-failed', what: `the records lost plan ${id}` })
  return plan
}

/** Reads a plan from a file's text: another shape or another digest is refused, never guessed at. */
export function parsePlan(text: string, where: string): Plan {
  const read = readPlan(parseJson(text, where), where, sha256)
  if (read.kind === 'plan') return read.plan
  throw invalidInput('this is not a plan that Mainstay made', read.problems)
}

/** Records consent to a plan that needs it. */
export async function approvePlan(plan: Plan, by: string, parts: SessionParts): Promise<Approval> {
  if (plan.verdict === 'blocked') {
    const blocking = plan.findings.filter((finding) => finding.level === 'blocked').map((finding) => finding.title)
    throw new FaultError({
      kind: 'blocked',
      what: `plan ${plan.id.slice(0, 8)} is blocked; no approval can make it proceed`,
      why: blocking.join('; '),
      fix: ['Remove the cause and make a new plan.'],
    })
  }
  await parts.records.putPlan(plan, instant(parts.clock))
  const accepts = plan.findings
    .filter((finding) => finding.level === 'needs-approval')
    .map((finding) => `${finding.rule} ${finding.ref === null ? '' : refKey(finding.ref)}`.trim())
  const approval: Approval = { plan: plan.id, by, at: instant(parts.clock), accepts }
  await parts.records.putApproval(approval)
  return approval
}
