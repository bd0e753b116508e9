// Opens a session: puts records, repositories and clusters together behind the one interface that edges see.
import { join } from 'node:path'
import { instanceName } from '@mainstay/core/app/tracking.ts'
import { DEFAULT_LIMITS } from '@mainstay/core/plan/input.ts'
import type { Intent, Plan } from '@mainstay/core/plan/plan.ts'
import { ChartSource } from '../chart/chart-source.ts'
import { systemClock } from '../clock.ts'
import { FaultError } from '../fault.ts'
import { OciSource } from '../oci/oci-source.ts'
import type { Clock, RecordStore, RepositoryAccesses } from '../ports.ts'
import { openRecords } from '../record/open.ts'
import { removeLeftTrees } from '../render/tree/leftover.ts'
import { openRepositories } from '../repository/open.ts'
import type { Repositories } from '../repository/repositories.ts'
import { removeUnusedMirrors } from '../source/cache.ts'
import { collectGarbage } from '../source/garbage.ts'
import { gitSource } from '../source/git-source.ts'
import { routedSource } from '../source/routed-source.ts'
import type { Source } from '../source/source.ts'
import { recordedCommits } from './commits.ts'
import { Connections } from './connections.ts'
import { applicationOfTrash, loadApplication } from './load.ts'
import type { SessionParts } from './parts.ts'
import { approvePlan, findStoredPlan, makeStoredPlan, parsePlan, runPlan, worldOf } from './plans.ts'
import { clusterFacts, renderTools } from './programs.ts'
import { RecentAnswers } from './recent.ts'
import { applicationRenderer } from './rendered.ts'
import { fileSchemaStore } from './schema-store.ts'
import type { LoadedApplication, Session, SessionOptions } from './session.ts'
import { type InstallationSettings, readInstallation } from './settings.ts'
import { diffOf, shown, stateOf } from './view.ts'
import { waitFor } from './wait.ts'

/** What tests and other edges may put in place of the real thing. */
export interface SessionOverrides {
  readonly clock?: Clock
  /** Watch instead of listing again: for a session that lives on. Off by default; a command looks once. */
  readonly watch?: boolean
  /** How repositories on servers are reached. Default: as this machine's records and the control plane's Secrets say. */
  readonly accesses?: RepositoryAccesses
}

/** A session with what only its owner should see. */
export interface OpenSession extends Session {
  /** Requests sent to API servers so far. */
  requests(): number
}

/** A copy of a repository that nobody asked for in this time is removed; it is fetched again when it is needed. */
const UNUSED_MIRROR_MS = 30 * 24 * 60 * 60 * 1000
/** A commit that no branch and no record speaks of stays readable for this time. */
const UNREACHABLE_COMMIT_MS = 30 * 24 * 60 * 60 * 1000
const COLLECT_EVERY_MS = 24 * 60 * 60 * 1000

/** Opens a session. Clusters and repositories are opened when first needed; the records at once. */
export async function openSession(options: SessionOptions, overrides: SessionOverrides = {}): Promise<OpenSession> {
  const clock = overrides.clock ?? systemClock
  const records = openRecords({ folder: options.home, clock })
  const cache = join(options.home, 'git')
  const connections = new Connections(
    {
      env: options.env,
      clock,
      ...(options.kubeconfig === null ? {} : { kubeconfig: options.kubeconfig }),
      ...(options.context === null ? {} : { context: options.context }),
    },
    fileSchemaStore(join(options.home, 'schemas')),
    overrides.watch === true,
  )
  const written = openRepositories({
    ...{ records, clock, namespace: options.controlPlaneNamespace },
    reader: async () => ((await connections.isConfigured()) ? (await connections.controlPlane()).reader : null),
  })
  const accesses = overrides.accesses ?? written.accesses
  const archives = { cache: join(options.home, 'charts'), accesses, clock }
  const sources = routedSource({
    git: gitSource({ cache, clock, accesses }),
    charts: new ChartSource(archives),
    oci: new OciSource(archives),
  })
  const parts = partsOf({ options, clock, records, sources, connections })
  const close = async (): Promise<void> => {
    await Promise.all([sources.close(), connections.close()])
    await collectGarbage({
      cache,
      clock,
      unreachableMs: UNREACHABLE_COMMIT_MS,
      everyMs: COLLECT_EVERY_MS,
      keep: () => recordedCommits(records),
    })
    await records.close()
    // The folder is shared with other processes: their clock counts, whatever this session's says.
    await removeLeftTrees(systemClock)
    await removeUnusedMirrors({ cache, unusedMs: UNUSED_MIRROR_MS, clock })
  }
  const { repositories } = written
  const requests = () => connections.requests()
  return new EngineSession(parts, options.controlPlaneNamespace, { close, requests, repositories })
}

interface Opened {
  readonly options: SessionOptions
  readonly clock: Clock
  readonly records: RecordStore
  readonly sources: Source
  readonly connections: Connections
}

function partsOf({ options, clock, records, sources, connections }: Opened): SessionParts {
  let read: Promise<InstallationSettings> | null = null
  const installation = (): Promise<InstallationSettings> => {
    read ??= connections.controlPlane().then(({ reader }) => readInstallation(reader, options.controlPlaneNamespace))
    return read
  }
  const renderer = applicationRenderer(sources, {
    tools: renderTools(options),
    settings: async () => (await installation()).render,
    cluster: async (application) => clusterFacts(await connections.connect(application)),
  })
  return {
    records,
    recent: new RecentAnswers(clock),
    clock,
    limits: DEFAULT_LIMITS,
    connect: (application, signal) => connections.connect(application, signal),
    controlPlane: (signal) => connections.controlPlane(signal),
    tracking: async () => (await installation()).tracking,
    removedIn: async ({ repoURL, project }, path, from, to) =>
      (await sources.removedIn(repoURL, path, from, to, project))?.commit ?? null,
    moved: ({ repoURL, project }, from, to) => sources.moved(repoURL, from, to, project),
    render: (application, own, revisions, how) =>
      renderer.render(application, instanceName(application.key, own), revisions, how),
  }
}

/** A status view wants what a sync would want, as the spec says. */
const asSpecified = (revision: string | undefined): Intent => ({
  kind: 'sync',
  prune: false,
  only: [],
  revision: revision ?? null,
})

class EngineSession implements OpenSession {
  readonly #parts: SessionParts
  readonly #namespace: string
  readonly close: OpenSession['close']
  readonly requests: OpenSession['requests']
  readonly repositories: Repositories

  constructor(
    parts: SessionParts,
    controlPlaneNamespace: string,
    own: Pick<OpenSession, 'close' | 'requests' | 'repositories'>,
  ) {
    this.#parts = parts
    this.#namespace = controlPlaneNamespace
    this.close = own.close
    this.requests = own.requests
    this.repositories = own.repositories
  }

  loadApplication: Session['loadApplication'] = (address) => loadApplication(address, this.#namespace, this.#parts)

  plan: Session['plan'] = (loaded, request) => makeStoredPlan(loaded, request, this.#parts)

  run: Session['run'] = (plan, options) => runPlan(plan, options, this.#parts)

  findPlan: Session['findPlan'] = (prefix) => findStoredPlan(prefix, this.#parts)

  plans: Session['plans'] = async ({ app, limit }) => {
    const { records } = this.#parts
    const found: Plan[] = []
    for (const id of await records.planIds('')) {
      if (found.length >= limit) break
      const plan = await records.plan(id)
      if (plan === null) continue
      if (app === undefined || (plan.app.name === app.name && plan.app.namespace === app.namespace)) found.push(plan)
    }
    return found
  }

  readPlan: Session['readPlan'] = (text, where) => parsePlan(text, where)

  approve: Session['approve'] = (plan, by) => approvePlan(plan, by, this.#parts)

  approvals: Session['approvals'] = (plan) => this.#parts.records.approvals(plan.id)

  state: Session['state'] = async (loaded, options) => {
    const { world } = await worldOf(loaded, asSpecified(options.revision), this.#parts, options.signal)
    return stateOf(world)
  }

  diff: Session['diff'] = async (loaded, options) => {
    const { world } = await worldOf(loaded, asSpecified(options.revision), this.#parts)
    return diffOf(world, this.#parts.records.mask)
  }

  manifests: Session['manifests'] = async (loaded, source, options) => {
    const { mask } = this.#parts.records
    const { world } = await worldOf(loaded, asSpecified(options.revision), this.#parts)
    if (source === 'git') return world.wanted.set.objects.map((each) => shown(each.manifest, mask))
    return world.comparison.drifts.flatMap((drift) => ('live' in drift ? [shown(drift.live, mask)] : []))
  }

  wait: Session['wait'] = (loaded, request) =>
    waitFor(loaded, request, this.#parts, (each) => this.state(each, { signal: request.signal }))

  history: Session['history'] = async (loaded) => this.#parts.records.history(await this.#key(loaded))

  runs: Session['runs'] = async (loaded) => {
    const { records } = this.#parts
    const runs = await records.runs(await this.#key(loaded))
    return Promise.all(runs.map(async (record) => ({ record, events: await records.events(record.id) })))
  }

  trash: Session['trash'] = async (filter) => {
    const entries = await this.#parts.records.trash(filter.plan === undefined ? {} : { plan: filter.plan })
    const { app } = filter
    if (app === undefined) return entries
    return entries.filter(({ key }) => key.app.name === app.name && key.app.namespace === app.namespace)
  }

  trashObject: Session['trashObject'] = async (id) => {
    const { records } = this.#parts
    const [entry, another] = (await records.trash({})).filter((each) => each.id.startsWith(id))
    const object = entry === undefined || another !== undefined ? null : await records.trashObject(entry.id)
    if (entry !== undefined && object !== null) return { entry, object: shown(object, records.mask) }
    throw new FaultError({
      kind: another === undefined ? 'not-found' : 'invalid-input',
      what: another === undefined ? `the trash holds no entry ${id}` : `several trash entries begin with ${id}`,
      fix: [another === undefined ? 'mainstay trash list' : 'Give more of its id.'],
    })
  }

  server: Session['server'] = async () => {
    const { reader, identity } = await this.#parts.controlPlane()
    return { version: await reader.version(), context: identity.name, server: identity.server }
  }

  applicationOf: Session['applicationOf'] = (entries) => applicationOfTrash(entries, this.#parts)

  async #key(
    loaded: LoadedApplication,
  ): Promise<{ readonly app: typeof loaded.application.key; readonly cluster: string }> {
    const { identity } = await this.#parts.connect(loaded.application)
    return { app: loaded.application.key, cluster: identity.id }
  }
}
