// A planning case in few words: what Git wants, what is there, what is recorded; everything else has a usual value.
import type { AppKey } from '../app/application.ts'
import { DEFAULT_TRACKING } from '../app/tracking.ts'
import { compare } from '../compare/compare.ts'
import type { DryRun } from '../compare/drift.ts'
import { buildDesired } from '../desired/build.ts'
import type { DesiredObject, DesiredSet, Revision } from '../desired/desired.ts'
import type { InventoryEntry, InventoryState } from '../inventory/inventory.ts'
import type { Gap, LiveSet } from '../live/live.ts'
import type { JsonObject } from '../object/json.ts'
import { isList, isObject } from '../object/json.ts'
import type { KindInfo, KindTable } from '../object/kinds.ts'
import type { KubeObject } from '../object/object.ts'
import { refOf, stringAt, uidOf, valueAt } from '../object/object.ts'
import type { RefKey } from '../object/ref.ts'
import { kindKey, parseApiVersion, refKey } from '../object/ref.ts'
import type { Cause, PlanInput, PolicySettings } from '../plan/input.ts'
import { DEFAULT_LIMITS } from '../plan/input.ts'
import { makePlan } from '../plan/make.ts'
import type { Intent, Plan } from '../plan/plan.ts'
import type { Finding } from '../policy/finding.ts'
import { exampleApplication, sha256, testMask } from './examples.ts'
import { testSchemas } from './schemas.ts'
import { applied, uidFor } from './world.ts'

/** A case. Objects are written as in Git; live ones may carry uid, status, managedFields and the like. */
export interface PlanCase {
  /** Parts of the Application's spec. */
  readonly spec?: JsonObject
  readonly metadata?: JsonObject
  readonly intent?: Intent
  /** The commit that is planned; the objects of `ours` and `same` were recorded from `recordedCommit`. */
  readonly commit?: string
  readonly recordedCommit?: string
  /** Wanted, there, and recorded. */
  readonly same?: readonly JsonObject[]
  /** Wanted. */
  readonly desired?: readonly JsonObject[]
  /** There as we applied it, and recorded. */
  readonly ours?: readonly JsonObject[]
  /** Recorded as applied, and not there. */
  readonly gone?: readonly JsonObject[]
  /** There, as it is written. */
  readonly live?: readonly JsonObject[]
  /** Read for the impact of deletions only. */
  readonly facts?: readonly JsonObject[]
  readonly factGaps?: readonly Gap[]
  /** Parts of recorded entries by `Kind/name`; null: nothing is recorded of it. */
  readonly records?: Readonly<Record<string, Partial<InventoryEntry> | null>>
  readonly gaps?: readonly Gap[]
  readonly failedGroups?: Readonly<Record<string, string>>
  /** Uid → application that recorded it. */
  readonly owners?: Readonly<Record<string, AppKey>>
  /** By ref key. */
  readonly causes?: Readonly<Record<string, Cause>>
  /** By `Kind/name`. */
  readonly dryRuns?: Readonly<Record<string, DryRun>>
  readonly limits?: Partial<PolicySettings>
  readonly findings?: readonly Finding[]
}

const COMMIT = '4f1c2ab00000000000000000000000000000c0de'
const RECORDED_COMMIT = '0b1d2e300000000000000000000000000000c0de'
const CLUSTER_SCOPED = [
  '/Namespace',
  '/PersistentVolume',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
]
const ALWAYS = ['v1 ConfigMap', 'v1 Service', 'v1 Secret', 'apps/v1 Deployment', 'v1 PersistentVolumeClaim']

/** The input of planning for a case. */
export function planInput(given: PlanCase): PlanInput {
  const application = exampleApplication(given.spec, given.metadata)
  const kinds = kindsOf(given)
  const build = (documents: readonly JsonObject[], commit: string): DesiredSet => {
    const values = documents.map((value, at) => ({ value, origin: { file: fileOf(value), document: at + 1, line: 1 } }))
    const revisions: Revision[] = [revision(commit)]
    const result = buildDesired({
      application,
      documents: values,
      kinds,
      tracking: DEFAULT_TRACKING,
      revisions,
      digest: sha256,
      mask: testMask,
    })
    if (result.kind === 'invalid') throw new Error(`the case is invalid: ${JSON.stringify(result.problems)}`)
    return result.set
  }
  const there = [...(given.same ?? []), ...(given.ours ?? [])]
  const ours = build(there, given.recordedCommit ?? RECORDED_COMMIT)
  const objects = new Map<RefKey, KubeObject>()
  for (const each of ours.objects) objects.set(refKey(each.ref), liveOf(each, there))
  for (const each of given.live ?? []) {
    const object = literal(each)
    objects.set(refKey(refOf(object)), object)
  }
  const intent = given.intent ?? { kind: 'sync', prune: true, only: [], revision: null }
  const wanted = wantedOf(intent, build([...(given.same ?? []), ...(given.desired ?? [])], given.commit ?? COMMIT))
  const live = liveSetOf(objects, kinds, given.gaps ?? [])
  const gone = build(given.gone ?? [], given.recordedCommit ?? RECORDED_COMMIT)
  const inventory = { entries: [...entriesOf(ours, objects, given), ...entriesOf(gone, objects, given)] }
  const comparison = compare({
    desired: wanted.objects,
    live,
    inventory,
    kinds,
    schema: testSchemas,
    ignore: application.ignoreDifferences,
    app: application.key,
    destinationNamespace: application.destination.namespace,
    tracking: DEFAULT_TRACKING,
    mask: testMask,
    dryRuns: new Map(Object.entries(given.dryRuns ?? {}).map(([name, run]) => [keyByName(name, wanted), run])),
    surplus: intent.kind === 'restore' ? 'ignore' : 'look',
  })
  return {
    application,
    applicationDigest: sha256(JSON.stringify(given.spec ?? {})),
    intent,
    cluster: { id: 'cluster-1', name: 'prod-tokyo', server: 'https://10.0.0.1' },
    desired: wanted,
    live,
    inventory,
    kinds,
    comparison,
    ...knownOf(given),
    settings: { ...DEFAULT_LIMITS, tracking: DEFAULT_TRACKING, ...given.limits },
    digest: sha256,
  }
}

/** What a case knows beside the comparison. */
function knownOf(given: PlanCase): Pick<PlanInput, 'owners' | 'facts' | 'causes' | 'findings'> {
  return {
    owners: new Map(Object.entries(given.owners ?? {})),
    facts: { objects: (given.facts ?? []).map(literal), gaps: given.factGaps ?? [] },
    causes: new Map(Object.entries(given.causes ?? {})),
    findings: given.findings ?? [],
  }
}

/** The findings of one rule about the plan for a case, and how the plan came out. */
export function judge(rule: string, given: PlanCase): { readonly found: readonly Finding[]; readonly plan: Plan } {
  const plan = makePlan(planInput(given))
  return { plan, found: plan.findings.filter((finding) => finding.rule === rule) }
}

function revision(commit: string): Revision {
  return {
    commit,
    subject: 'raise web to 3 replicas, drop legacy worker',
    author: 'Ana',
    committedAt: '2026-05-04T09:00:00Z',
  }
}

/** What the intent wants: nothing for a deletion, no commit for a restore. */
function wantedOf(intent: Intent, set: DesiredSet): DesiredSet {
  switch (intent.kind) {
    case 'delete':
      return { ...set, objects: [], hooks: [], revisions: [] }
    case 'restore':
      return { ...set, revisions: [] }
    default:
      return set
  }
}

function fileOf(value: JsonObject): string {
  return `apps/${stringAt(value, 'metadata', 'name') ?? 'unnamed'}.yaml`
}

/** What a server keeps beside the manifest. */
const SERVER_FIELDS = ['uid', 'deletionTimestamp', 'finalizers', 'ownerReferences', 'labels'] as const

function liveOf(object: DesiredObject, written: readonly JsonObject[]): KubeObject {
  const base = applied(object)
  const source = written.find(
    (each) => each.kind === object.ref.kind && stringAt(each, 'metadata', 'name') === object.ref.name,
  )
  const extra = SERVER_FIELDS.flatMap((name) => {
    const value = valueAt(source, 'metadata', name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const more = valueAt(source, 'metadata', 'managedFields')
  const own = base.metadata.managedFields
  const managedFields = [...(isList(own) ? own : []), ...(isList(more) ? more : [])]
  const status = source?.status
  return {
    ...base,
    metadata: { ...base.metadata, ...Object.fromEntries(extra), managedFields },
    ...(status === undefined ? {} : { status }),
  }
}

/** A live object as written, with a uid where none is given. */
function literal(value: JsonObject): KubeObject {
  const { apiVersion, kind, metadata } = value
  const name = stringAt(metadata, 'name')
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isObject(metadata) || name === undefined) {
    throw new Error(`not an object: ${JSON.stringify(value)}`)
  }
  const object = { ...value, apiVersion, kind, metadata: { ...metadata, name } }
  return { ...object, metadata: { uid: uidFor(refOf(object)), ...metadata, name } }
}

function entriesOf(ours: DesiredSet, objects: ReadonlyMap<RefKey, KubeObject>, given: PlanCase): InventoryEntry[] {
  const entries = ours.objects.map((each, order) => entryOf(each, order, objects, ours, given))
  return entries.filter((entry) => entry !== null)
}

function entryOf(
  each: DesiredObject,
  order: number,
  objects: ReadonlyMap<RefKey, KubeObject>,
  ours: DesiredSet,
  given: PlanCase,
): InventoryEntry | null {
  const change = given.records?.[`${each.ref.kind}/${each.ref.name}`]
  if (change === null) return null
  const object = objects.get(refKey(each.ref))
  const state: InventoryState = {
    kind: 'applied',
    uid: (object === undefined ? null : uidOf(object)) ?? uidFor(each.ref),
  }
  return {
    ref: each.ref,
    apiVersion: each.manifest.apiVersion,
    state,
    wave: each.wave,
    order,
    origin: each.origin,
    commit: given.recordedCommit ?? RECORDED_COMMIT,
    sourceDigest: ours.sourceDigest,
    digest: each.digest,
    adopted: false,
    prune: each.options.prune,
    delete: each.options.delete,
    ...change,
  }
}

function liveSetOf(objects: ReadonlyMap<RefKey, KubeObject>, kinds: KindTable, gaps: readonly Gap[]): LiveSet {
  const seen = [...kinds.kinds.values()].map(({ group, kind }) => ({ group, kind, namespace: null }))
  return { objects, seen, absent: new Set(), gaps }
}

function keyByName(name: string, wanted: DesiredSet): RefKey {
  const found = wanted.objects.find((each) => `${each.ref.kind}/${each.ref.name}` === name)
  if (found === undefined) throw new Error(`${name} is not wanted`)
  return refKey(found.ref)
}

/** Every kind that the case speaks of; custom ones are namespaced. */
function kindsOf(given: PlanCase): KindTable {
  const failedGroups = new Map(Object.entries(given.failedGroups ?? {}))
  const kinds = new Map<string, KindInfo>()
  const all = [given.same, given.desired, given.ours, given.gone, given.live, given.facts].flatMap((list) => list ?? [])
  const spoken = all.map((each) => `${String(each.apiVersion)} ${String(each.kind)}`)
  for (const text of [...ALWAYS, ...spoken]) {
    const [apiVersion = '', kind = ''] = text.split(' ')
    const { group, version } = parseApiVersion(apiVersion)
    if (failedGroups.has(group)) continue
    const scope = CLUSTER_SCOPED.includes(kindKey({ group, kind })) ? 'cluster' : 'namespaced'
    kinds.set(kindKey({ group, kind }), {
      group,
      kind,
      scope,
      resource: `${kind.toLowerCase()}s`,
      versions: [version],
      verbs: ['get', 'list'],
    })
  }
  return { kinds, failedGroups }
}
