// The pipeline from inputs to plan: gather what is wanted, what is and what is recorded; compare; ask; decide.
import type { Tracking } from '@mainstay/core/app/application.ts'
import { compare } from '@mainstay/core/compare/compare.ts'
import type { Comparison, DryRun, FieldChange } from '@mainstay/core/compare/drift.ts'
import { respectIgnored } from '@mainstay/core/compare/respect.ts'
import type { DesiredObject, DesiredSet } from '@mainstay/core/desired/desired.ts'
import type { SchemaLookup } from '@mainstay/core/diff/schema.ts'
import { impactNeeds } from '@mainstay/core/impact/needs.ts'
import type { Inventory } from '@mainstay/core/inventory/inventory.ts'
import { commitOf } from '@mainstay/core/inventory/transitions.ts'
import type { LiveSet } from '@mainstay/core/live/live.ts'
import type { KindTable } from '@mainstay/core/object/kinds.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { uidOf } from '@mainstay/core/object/object.ts'
import type { RefKey } from '@mainstay/core/object/ref.ts'
import { parseApiVersion, refKey } from '@mainstay/core/object/ref.ts'
import type { PlanInput } from '@mainstay/core/plan/input.ts'
import { makePlan } from '@mainstay/core/plan/make.ts'
import type { ClusterIdentity, Intent, Plan } from '@mainstay/core/plan/plan.ts'
import type { Finding } from '@mainstay/core/policy/finding.ts'
import type { DecidedWorld } from '../execute/context.ts'
import type { ClusterReader, RecordKey, RecordStore } from '../ports.ts'
import { askDryRuns } from './ask.ts'
import { confirmMissing } from './confirm.ts'
import { sha256 } from './digest.ts'
import { observe, observeImpact, wantedRefs } from './observe.ts'
import type { RecentAnswers } from './recent.ts'
import type { LoadedApplication } from './session.ts'
import type { WatchedCluster } from './watched.ts'

/** The brakes a plan is judged by. */
export type Limits = Omit<PlanInput['settings'], 'tracking'>

/** The connections and settings planning works with. */
export interface PlanningPorts {
  readonly reader: ClusterReader
  /** Where the session lives on: the live set from watches. */
  readonly watched: WatchedCluster | null
  readonly records: RecordStore
  readonly recent: RecentAnswers
  readonly tracking: Tracking
  readonly limits: Limits
}

/** What an application wants, from wherever the intent says it comes. */
export interface Wanted {
  readonly set: DesiredSet
  readonly findings: readonly Finding[]
  /** For restores: what each object was when it was destroyed. */
  readonly restored: DecidedWorld['restored']
  /** Whether it was kept from an earlier render. */
  readonly kept: boolean
}

/** Everything that was gathered and compared for one application. */
export interface World {
  readonly loaded: LoadedApplication
  readonly key: RecordKey
  readonly cluster: ClusterIdentity
  readonly kinds: KindTable
  readonly wanted: Wanted
  readonly inventory: Inventory
  readonly live: LiveSet
  readonly schema: SchemaLookup
  readonly comparison: Comparison
  readonly dryRuns: ReadonlyMap<RefKey, DryRun>
}

/** What gathering needs beside the ports. */
export interface GatherInput {
  readonly loaded: LoadedApplication
  readonly cluster: ClusterIdentity
  readonly kinds: KindTable
  readonly wanted: Wanted
  /** `ignore`: only the wanted objects count (restore); nothing else is surplus. */
  readonly surplus: 'look' | 'ignore'
  /** `local`: the API server is not asked for dry runs (status views); uncertain answers stay as they are locally. */
  readonly certainty: 'ask' | 'local'
  readonly signal?: AbortSignal
}

/** Reads cluster and records, compares, and asks the API server where the local answer is not enough. */
export async function gatherWorld(input: GatherInput, ports: PlanningPorts): Promise<World> {
  const { loaded, kinds, wanted, signal } = input
  const key: RecordKey = { app: loaded.application.key, cluster: input.cluster.id }
  const inventory = await ports.records.inventory(key)
  const refs = wantedRefs(loaded.application, wanted.set.objects, inventory)
  const watched = ports.watched === null ? null : await ports.watched.live(refs, kinds, signal)
  const looked = watched ?? (await observe(ports.reader, kinds, refs, signal))
  const live = await confirmMissing({ reader: ports.reader, kinds, inventory, live: looked }, signal)
  const schema = await ports.reader.schemas(groupVersions(wanted.set.objects), signal)
  const base = { loaded, key, cluster: input.cluster, kinds, wanted, inventory, live, schema }
  const local = compareWorld(base, ports, new Map(), input.surplus)
  if (input.certainty === 'local' || local.uncertain.length === 0) {
    return { ...base, comparison: local, dryRuns: new Map() }
  }
  const dryRuns = await askDryRuns({
    reader: ports.reader,
    records: ports.records,
    recent: ports.recent,
    clusterId: input.cluster.id,
    desired: wanted.set.objects,
    live,
    uncertain: local.uncertain,
    manifestFor: (object, there) => manifestFor(object, there, base),
    ...(signal === undefined ? {} : { signal }),
  })
  return { ...base, comparison: compareWorld(base, ports, dryRuns, input.surplus), dryRuns }
}

type Compared = Omit<World, 'comparison' | 'dryRuns'>

function compareWorld(
  world: Compared,
  ports: PlanningPorts,
  dryRuns: ReadonlyMap<RefKey, DryRun>,
  surplus: 'look' | 'ignore',
): Comparison {
  const { application } = world.loaded
  return compare({
    desired: world.wanted.set.objects,
    live: world.live,
    inventory: world.inventory,
    kinds: world.kinds,
    schema: world.schema,
    ignore: application.ignoreDifferences,
    app: application.key,
    destinationNamespace: application.destination.namespace,
    tracking: ports.tracking,
    mask: ports.records.mask,
    dryRuns,
    hooks: world.wanted.set.hooks.map((hook) => hook.ref),
    surplus,
  })
}

/** Decides: reads what the impact of deletions needs, finds other owners, and makes the plan. */
export async function planWorld(
  world: World,
  { intent, causes }: { readonly intent: Intent; readonly causes: PlanInput['causes'] },
  ports: PlanningPorts,
  signal?: AbortSignal,
): Promise<Plan> {
  const needs = impactNeeds(world.comparison, intent)
  const facts = await observeImpact(ports.reader, world.kinds, needs, signal)
  const uids = [...world.live.objects.values()].flatMap((object) => uidOf(object) ?? [])
  const owners = await ports.records.owners(world.cluster.id, uids, world.loaded.application.key)
  const input: PlanInput = {
    application: world.loaded.application,
    applicationDigest: world.loaded.digest,
    intent,
    cluster: world.cluster,
    desired: world.wanted.set,
    live: world.live,
    inventory: world.inventory,
    kinds: world.kinds,
    comparison: world.comparison,
    owners,
    facts,
    causes,
    findings: [...applicationFindings(world.loaded, intent), ...world.wanted.findings],
    settings: { ...ports.limits, tracking: ports.tracking },
    digest: sha256,
  }
  return makePlan(input)
}

/** Rules about how an Application is rendered: they say nothing about a plan that renders nothing. */
const RENDERING_RULES: ReadonlySet<string> = new Set([
  'unsupported-field',
  'unknown-field',
  'unknown-option',
  'shadowed-field',
])

/** What reading the Application had to say, as far as it concerns this intent (deletion never needs rendering). */
function applicationFindings(loaded: LoadedApplication, intent: Intent): readonly Finding[] {
  const renders = intent.kind === 'sync' || intent.kind === 'rollback'
  return renders ? loaded.findings : loaded.findings.filter((finding) => !RENDERING_RULES.has(finding.rule))
}

/** The world as the executor wants it. */
export function decidedWorld(plan: Plan, world: World, ports: PlanningPorts, resumed: boolean): DecidedWorld {
  const desired = new Map(world.wanted.set.objects.map((each) => [refKey(each.ref), each]))
  return {
    plan,
    desired,
    live: world.live.objects,
    inventory: new Map(world.inventory.entries.map((each) => [refKey(each.ref), each])),
    sourceDigest: world.wanted.set.sourceDigest,
    commit: commitOf(world.wanted.set),
    resumed,
    restored: world.wanted.restored,
    manifestFor: (object, live) => manifestFor(object, live, world),
    schema: world.schema,
    redecide: (object, live) => redecide(object, live, world, ports),
  }
}

/** What is sent for an object that exists: the manifest, with what ignore rules leave alone where they are respected. */
function manifestFor(desired: DesiredObject, live: KubeObject, world: Pick<Compared, 'loaded' | 'schema'>): KubeObject {
  const { syncPolicy, ignoreDifferences } = world.loaded.application
  const { manifest, ref } = desired
  if (!syncPolicy.options.respectIgnoreDifferences || ignoreDifferences.length === 0) return manifest
  const { group, version } = parseApiVersion(live.apiVersion)
  const schema = manifest.apiVersion === live.apiVersion ? world.schema(group, version, live.kind) : null
  return respectIgnored({ ref, manifest, live, rules: ignoreDifferences, schema })
}

/** One object compared again as planning did it, dry run included where the local answer is not certain. */
async function redecide(
  desired: DesiredObject,
  live: KubeObject,
  world: World,
  ports: PlanningPorts,
): Promise<readonly FieldChange[]> {
  const alone: Compared = {
    ...world,
    wanted: { ...world.wanted, set: { ...world.wanted.set, objects: [desired] } },
    live: { objects: new Map([[refKey(desired.ref), live]]), seen: [], absent: new Set(), gaps: [] },
  }
  const local = compareWorld(alone, ports, new Map(), 'ignore')
  const dryRuns = await askDryRuns({
    ...ports,
    clusterId: world.cluster.id,
    ...alone,
    desired: [desired],
    uncertain: local.uncertain,
    manifestFor: (object, there) => manifestFor(object, there, world),
  })
  const drift = compareWorld(alone, ports, dryRuns, 'ignore').drifts.find((each) => each.kind === 'changed')
  return drift?.kind === 'changed' ? drift.changes : []
}

function groupVersions(objects: readonly DesiredObject[]): { readonly group: string; readonly version: string }[] {
  const versions = new Map(objects.map((each) => [each.manifest.apiVersion, parseApiVersion(each.manifest.apiVersion)]))
  return [...versions.values()]
}
