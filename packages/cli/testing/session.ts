// A small engine in memory: objects, plans, approvals, runs, trash, without cluster or Git. For tests of commands only.
import type { AppKey } from '@mainstay/core/app/application.ts'
import { readApplication } from '@mainstay/core/app/read.ts'
import { canonicalJson } from '@mainstay/core/object/canonical.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refOf } from '@mainstay/core/object/object.ts'
import { refKey } from '@mainstay/core/object/ref.ts'
import type { Approval, Plan } from '@mainstay/core/plan/plan.ts'
import { readPlan } from '@mainstay/core/plan/read.ts'
import type { StepEvent, StepResult } from '@mainstay/core/run/run.ts'
import { FaultError } from '@mainstay/engine/fault.ts'
import { parseJson } from '@mainstay/engine/json/parse.ts'
import type { HistoryEntry, TrashEntry } from '@mainstay/engine/ports.ts'
import type {
  ApplicationAddress,
  AppState,
  LoadedApplication,
  ObjectDiff,
  Planned,
  PlanRequest,
  RunOptions,
  RunResult,
  Session,
} from '@mainstay/engine/reconcile/session.ts'
import { planOf, sha256 } from './plan.ts'
import type { World } from './world.ts'
import { diffsOf, resourcesOf } from './world.ts'

/** The engine in memory; `world` is what tests set up and look at. */
export class MemorySession implements Session {
  readonly world: World
  closed = 0
  private readonly plansById = new Map<string, Plan>()
  private readonly given: Approval[] = []
  private readonly past: { readonly entry: HistoryEntry }[] = []
  private readonly ran: Awaited<ReturnType<Session['runs']>>[number][] = []
  private readonly binned: { readonly entry: TrashEntry; readonly object: KubeObject }[] = []

  constructor(world: World) {
    this.world = world
  }

  /** Only tests of commands about repositories have any, and give the real thing over records of their own. */
  get repositories(): Session['repositories'] {
    if (this.world.repositories === undefined) throw new TypeError('this test has no repositories')
    return this.world.repositories
  }

  async server(): Promise<{ version: string; context: string; server: string }> {
    return { version: 'v1.36.3', context: 'memory', server: 'https://127.0.0.1:6443' }
  }

  async loadApplication(address: ApplicationAddress): Promise<LoadedApplication> {
    const place = address.kind === 'file' ? address.file : `${address.namespace ?? 'argocd'}/${address.name}`
    const manifest = this.world.applications.get(place)
    if (manifest === undefined) {
      throw new FaultError({
        kind: 'not-found',
        what: 'there is no such Application',
        where: place,
        fix: ['-f app.yaml'],
      })
    }
    const read = readApplication(manifest, place)
    if (read.kind === 'invalid') throw new TypeError(`the test's Application is not valid: ${canonicalJson(manifest)}`)
    const digest = sha256(canonicalJson(manifest))
    return { application: read.application, manifest, digest, findings: read.findings, from: place }
  }

  async plan(loaded: LoadedApplication, request: PlanRequest): Promise<Planned> {
    const plan = planOf(this.world, loaded, request.intent, this.binned)
    this.plansById.set(plan.id, plan)
    return { plan, loaded, comparison: { drifts: [], gone: [], uncertain: [] } }
  }

  async run(plan: Plan, options: RunOptions): Promise<RunResult> {
    const loaded = await this.loadApplication(this.addressOf(plan.app))
    const fresh = planOf(this.world, loaded, plan.intent, this.binned)
    if (fresh.id !== plan.id) {
      throw new FaultError({ kind: 'stale-plan', what: 'the world moved since the plan was made; nothing was changed' })
    }
    if (plan.verdict === 'blocked') throw new FaultError({ kind: 'blocked', what: 'the plan is blocked' })
    if (plan.verdict === 'needs-approval' && !this.given.some((each) => each.plan === plan.id)) {
      const fix = [`mainstay approve ${plan.id.slice(0, 8)}`, `mainstay apply ${plan.id.slice(0, 8)}`]
      throw new FaultError({ kind: 'needs-approval', what: 'the plan needs an approval; nothing was changed', fix })
    }
    return await this.carryOut(plan, options)
  }

  private addressOf(app: AppKey): ApplicationAddress {
    return { kind: 'cluster', name: app.name, namespace: app.namespace }
  }

  private async carryOut(plan: Plan, options: RunOptions): Promise<RunResult> {
    const at = new Date(this.world.now()).toISOString()
    const events: StepEvent[] = []
    const tell = (event: StepEvent): void => {
      events.push(event)
      options.onEvent(event)
    }
    tell({ kind: 'run-started', at, plan: plan.id, by: options.by })
    const counts: Record<string, number> = {}
    const failed: { step: string; what: string; why: string | null }[] = []
    for (const step of plan.steps) {
      if (options.signal.aborted || failed.length > 0) break
      tell({ kind: 'step-started', at, step: step.id })
      await this.world.beforeStep(step)
      const reason = this.world.failing.get(step.id)
      if (reason === undefined) {
        const result = this.act(plan, step, options.by)
        counts[result.kind] = (counts[result.kind] ?? 0) + 1
        tell({ kind: 'step-done', at, step: step.id, result })
      } else {
        failed.push({ step: step.id, what: 'the server refused it', why: reason })
        tell({ kind: 'step-failed', at, step: step.id, what: 'the server refused it', why: reason })
      }
    }
    const outcome = failed.length > 0 ? 'failed' : options.signal.aborted ? 'cancelled' : 'succeeded'
    const message = outcome === 'succeeded' ? 'all steps done' : outcome === 'failed' ? 'a step failed' : 'stopped'
    tell({ kind: 'run-ended', at, outcome, message })
    const run = `run-${this.ran.length + 1}`
    const key = { app: plan.app, cluster: plan.cluster.id }
    this.ran.push({
      record: { id: run, key, plan: plan.id, by: options.by, startedAt: at, endedAt: at, outcome, interrupted: false },
      events,
    })
    if (outcome === 'succeeded' && plan.intent.kind === 'sync') this.remember(plan, options.by, at)
    return { run, outcome, message, failed, counts }
  }

  private act(plan: Plan, step: Plan['steps'][number], by: string): StepResult {
    if (!('apiVersion' in step)) return { kind: 'healthy' }
    const object = this.world.objects.get(refKey(step.ref))
    if (step.kind === 'delete') {
      if (object?.live) this.putTrash(plan, step.id, object.live, by)
      if (object?.desired) this.world.objects.set(refKey(step.ref), { ...object, live: null })
      else this.world.objects.delete(refKey(step.ref))
      return { kind: 'deleted' }
    }
    const wanted = plan.intent.kind === 'restore' ? this.fromTrash(step.id) : (object?.desired ?? null)
    this.world.objects.set(refKey(step.ref), { live: wanted, desired: object?.desired ?? null, health: 'Healthy' })
    return { kind: step.verb === 'create' ? 'created' : 'configured', uid: 'u' }
  }

  private fromTrash(step: string): KubeObject | null {
    return this.binned.find(({ object }) => step.endsWith(refKey(refOf(object))))?.object ?? null
  }

  private putTrash(plan: Plan, step: string, object: KubeObject, by: string): void {
    const id = sha256(`${plan.id} ${step}`).slice(0, 12)
    const key = { app: plan.app, cluster: plan.cluster.id }
    const at = new Date(this.world.now()).toISOString()
    const entry = { id, key, ref: refOf(object), apiVersion: object.apiVersion, uid: 'u', plan: plan.id, step, at, by }
    this.binned.unshift({ entry: { ...entry, entry: null }, object })
  }

  private remember(plan: Plan, by: string, at: string): void {
    const { basis, revisions } = plan
    const entry = { plan: plan.id, revisions, application: basis.application, startedAt: at, deployedAt: at, by }
    this.past.push({ entry: { id: this.past.length + 1, ...entry } })
  }

  async findPlan(prefix: string): Promise<Plan> {
    const found = [...this.plansById.values()].filter((plan) => plan.id.startsWith(prefix))
    const [plan] = found
    if (plan !== undefined && found.length === 1) return plan
    throw new FaultError({ kind: 'not-found', what: `there is no plan ${prefix}` })
  }

  async plans(filter: { readonly app?: AppKey; readonly limit: number }): Promise<readonly Plan[]> {
    const { app, limit } = filter
    const all = [...this.plansById.values()].reverse()
    return all
      .filter((plan) => app === undefined || canonicalJson({ ...app }) === canonicalJson({ ...plan.app }))
      .slice(0, limit)
  }

  readPlan(text: string, where: string): Plan {
    const read = readPlan(parseJson(text, where), where, sha256)
    if (read.kind === 'plan') return read.plan
    const what = read.problems.map((problem) => problem.what).join('; ')
    throw new FaultError({ kind: 'invalid-input', what: `this is not a plan: ${what}`, where })
  }

  async approve(plan: Plan, by: string): Promise<Approval> {
    if (plan.verdict === 'blocked') throw new FaultError({ kind: 'blocked', what: 'the plan is blocked' })
    const accepts = plan.findings.filter((finding) => finding.level === 'needs-approval').map((finding) => finding.rule)
    const approval = { plan: plan.id, by, at: new Date(this.world.now()).toISOString(), accepts }
    this.given.push(approval)
    return approval
  }

  async approvals(plan: Plan): Promise<readonly Approval[]> {
    return this.given.filter((approval) => approval.plan === plan.id)
  }

  async state(loaded: LoadedApplication): Promise<AppState> {
    const resources = resourcesOf(this.world)
    const sync = resources.every((each) => each.sync === 'Synced') ? 'Synced' : 'OutOfSync'
    const sick = resources.find((each) => each.health !== null && each.health.status !== 'Healthy')
    const health = sick?.health ?? { status: 'Healthy' as const, message: '' }
    const { cluster, revision } = this.world
    return { loaded, cluster, revisions: [revision], sync, health, resources, findings: loaded.findings }
  }

  async diff(_loaded: LoadedApplication): Promise<readonly ObjectDiff[]> {
    return diffsOf(this.world)
  }

  async manifests(_loaded: LoadedApplication, source: 'git' | 'live'): Promise<readonly KubeObject[]> {
    return [...this.world.objects.values()].flatMap((each) => (source === 'git' ? each.desired : each.live) ?? [])
  }

  async wait(loaded: LoadedApplication, request: Parameters<Session['wait']>[1]): ReturnType<Session['wait']> {
    const state = await this.state(loaded)
    request.onState(state)
    const synced = !request.sync || state.sync === 'Synced'
    const healthy = !request.health || state.health.status === 'Healthy'
    return { reached: request.deleted ? state.resources.length === 0 : synced && healthy, state }
  }

  async history(): Promise<readonly HistoryEntry[]> {
    return this.past.map(({ entry }) => entry)
  }

  async runs(): ReturnType<Session['runs']> {
    return this.ran
  }

  async trash(filter: { readonly app?: AppKey; readonly plan?: string }): Promise<readonly TrashEntry[]> {
    const { app, plan } = filter
    return this.binned
      .map(({ entry }) => entry)
      .filter((entry) => plan === undefined || entry.plan === plan)
      .filter((entry) => app === undefined || canonicalJson({ ...app }) === canonicalJson({ ...entry.key.app }))
  }

  async trashObject(id: string): Promise<{ readonly entry: TrashEntry; readonly object: KubeObject }> {
    const found = this.binned.filter(({ entry }) => entry.id.startsWith(id))
    const [first] = found
    if (first !== undefined && found.length === 1) return first
    throw new FaultError({ kind: 'not-found', what: `the trash has no entry ${id}` })
  }

  async applicationOf(entries: readonly TrashEntry[]): Promise<LoadedApplication> {
    const [entry] = entries
    if (entry === undefined) throw new FaultError({ kind: 'not-found', what: 'there is nothing to restore' })
    return await this.loadApplication(this.addressOf(entry.key.app))
  }

  async close(): Promise<void> {
    this.closed++
  }
}
