// Looks at the cluster as far as an application is concerned: objects, what is certainly absent, and gaps.
import type { Application } from '@mainstay/core/app/application.ts'
import type { DesiredObject } from '@mainstay/core/desired/desired.ts'
import type { ImpactFacts, ImpactNeeds } from '@mainstay/core/impact/impact.ts'
import { volumeOf } from '@mainstay/core/impact/needs.ts'
import type { Inventory } from '@mainstay/core/inventory/inventory.ts'
import type { Gap, LiveSet, Seen } from '@mainstay/core/live/live.ts'
import { isList } from '@mainstay/core/object/json.ts'
import type { KindInfo, KindTable } from '@mainstay/core/object/kinds.ts'
import { findKind } from '@mainstay/core/object/kinds.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { refOf } from '@mainstay/core/object/object.ts'
import type { ObjectRef, RefKey } from '@mainstay/core/object/ref.ts'
import { kindKey, parseApiVersion, refKey } from '@mainstay/core/object/ref.ts'
import { isFault } from '../fault.ts'
import type { ClusterReader, ListRequest } from '../ports.ts'
import { inParallel } from './parallel.ts'

/** Reads under way at once. */
const READS = 16

/** An object to look for, in the version that its manifest (or record) speaks. */
export interface WantedObject {
  readonly ref: ObjectRef
  readonly version: string | null
}

/** Everything the application wants, recorded, or was reported to manage. */
export function wantedRefs(
  application: Application,
  desired: readonly DesiredObject[],
  inventory: Inventory,
): readonly WantedObject[] {
  return [
    ...desired.map((each) => ({ ref: each.ref, version: parseApiVersion(each.manifest.apiVersion).version })),
    ...inventory.entries.map((each) => ({ ref: each.ref, version: parseApiVersion(each.apiVersion).version })),
    ...application.reported.map((each) => ({ ref: each, version: each.version })),
  ]
}

/**
 * The live set for these objects. Namespaced kinds are listed by namespace (so that objects with our mark that nobody
 * recorded are found too); cluster-scoped ones are asked for by name. A failed request is a gap for exactly what it
 * would have shown.
 */
export async function observe(
  reader: ClusterReader,
  kinds: KindTable,
  wanted: readonly WantedObject[],
  signal?: AbortSignal,
): Promise<LiveSet> {
  const draft = new LiveDraft()
  const lists = new Map<string, ListRequest>()
  const gets = new Map<RefKey, WantedObject & { readonly info: KindInfo }>()
  for (const each of wanted) {
    const found = findKind(kinds, each.ref)
    if (found.kind === 'unseen') draft.gap({ ...groupKind(each.ref), namespace: null, reason: found.reason })
    // A kind that the cluster does not know has no objects: discovery answered completely for its group.
    else if (found.kind === 'absent') draft.nothingOf(each.ref)
    else if (each.ref.namespace === null) gets.set(refKey(each.ref), { ...each, info: found.info })
    else addList(lists, each, found.info)
  }
  await inParallel(READS, [
    ...[...lists.values()].map((request) => () => readList(reader, request, draft, signal)),
    ...[...gets.values()].map((each) => () => readOne(reader, each, draft, signal)),
  ])
  return draft.liveSet()
}

function addList(lists: Map<string, ListRequest>, wanted: WantedObject, info: KindInfo): void {
  const version = servedVersion(info, wanted.version)
  const { group, kind, namespace } = wanted.ref
  lists.set(`${group}/${version}/${kind}/${namespace ?? ''}`, { group, version, kind, namespace, metadataOnly: false })
}

/** The version of the manifest while it is served: both sides of a comparison must speak one version. */
function servedVersion(info: KindInfo, version: string | null): string {
  if (version !== null && info.versions.includes(version)) return version
  return info.versions[0] ?? version ?? 'v1'
}

async function readList(
  reader: ClusterReader,
  request: ListRequest,
  draft: LiveDraft,
  signal?: AbortSignal,
): Promise<void> {
  const { group, kind, namespace } = request
  try {
    for (const object of await reader.list(request, signal)) draft.object(object)
    draft.saw({ group, kind, namespace })
  } catch (error) {
    draft.gap({ group, kind, namespace, reason: reasonOf(error) })
  }
}

async function readOne(
  reader: ClusterReader,
  wanted: WantedObject & { readonly info: KindInfo },
  draft: LiveDraft,
  signal?: AbortSignal,
): Promise<void> {
  const { group, kind } = wanted.ref
  const version = servedVersion(wanted.info, wanted.version)
  try {
    const object = await reader.get(
      { ref: wanted.ref, apiVersion: group === '' ? version : `${group}/${version}` },
      signal,
    )
    if (object === null) draft.notFound(wanted.ref)
    else draft.object(object)
  } catch (error) {
    draft.gap({ group, kind, namespace: null, reason: reasonOf(error) })
  }
}

/** Reads what must be known before the impact of deletions can be told. What cannot be read is a gap in the facts. */
export async function observeImpact(
  reader: ClusterReader,
  kinds: KindTable,
  needs: ImpactNeeds,
  signal?: AbortSignal,
): Promise<ImpactFacts> {
  const draft = new LiveDraft()
  const lists: ListRequest[] = []
  for (const info of needs.namespaces.length === 0 ? [] : listable(kinds, 'namespaced')) {
    for (const namespace of needs.namespaces) lists.push(request(info, namespace, READ_WHOLE.has(kindKey(info))))
  }
  for (const each of needs.instancesOf) {
    const found = findKind(kinds, each)
    if (found.kind === 'known') lists.push(request(found.info, null, false))
    else if (found.kind === 'unseen') draft.gap({ ...each, namespace: null, reason: found.reason })
  }
  for (const [group, reason] of kinds.failedGroups) draft.gap({ group, kind: null, namespace: null, reason })
  const read = (name: string) => () => readVolume(reader, kinds, name, draft, signal)
  await inParallel(READS, [
    ...lists.map((each) => () => readList(reader, each, draft, signal)),
    ...needs.volumes.map(read),
  ])
  // Claims that another object takes along (a StatefulSet with whenDeleted: Delete) are only known by now.
  const along = ownedVolumes(draft.liveSet()).filter((name) => !needs.volumes.includes(name))
  await inParallel(READS, along.map(read))
  const live = draft.liveSet()
  return { objects: [...live.objects.values()], gaps: live.gaps }
}

/** Volumes of claims that have an owner. */
function ownedVolumes(live: LiveSet): readonly string[] {
  const owned = [...live.objects.values()].filter(({ metadata }) => isList(metadata.ownerReferences))
  return [...new Set(owned.flatMap(volumeOf))]
}

async function readVolume(
  reader: ClusterReader,
  kinds: KindTable,
  name: string,
  draft: LiveDraft,
  signal?: AbortSignal,
): Promise<void> {
  const ref = { group: '', kind: 'PersistentVolume', namespace: null, name }
  const found = findKind(kinds, ref)
  if (found.kind === 'known') await readOne(reader, { ref, version: 'v1', info: found.info }, draft, signal)
}

/** Kinds whose content says to what they refer: they are read whole, everything else as metadata only. */
const READ_WHOLE: ReadonlySet<string> = new Set([
  '/Pod',
  '/PersistentVolumeClaim',
  '/Service',
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'batch/Job',
  'batch/CronJob',
  'networking.k8s.io/Ingress',
  'autoscaling/HorizontalPodAutoscaler',
])

/** Kinds that only mirror others and would fill every list of contents. */
const MIRRORS: ReadonlySet<string> = new Set(['/Event', 'events.k8s.io/Event', 'coordination.k8s.io/Lease'])

function listable(kinds: KindTable, scope: KindInfo['scope']): KindInfo[] {
  return [...kinds.kinds.values()].filter(
    (info) => info.scope === scope && info.verbs.includes('list') && !MIRRORS.has(kindKey(info)),
  )
}

function request(info: KindInfo, namespace: string | null, whole: boolean): ListRequest {
  return { group: info.group, version: info.versions[0] ?? 'v1', kind: info.kind, namespace, metadataOnly: !whole }
}

function groupKind(ref: ObjectRef): { readonly group: string; readonly kind: string } {
  return { group: ref.group, kind: ref.kind }
}

/** The reason of a gap; anything but an expected failure is a bug and is thrown on. */
function reasonOf(error: unknown): string {
  if (!isFault(error) || error.fault.kind === 'cancelled') throw error
  return error.fault.why ?? error.fault.what
}

/** Collects answers; read at the end as an immutable LiveSet. */
class LiveDraft {
  readonly #objects = new Map<RefKey, KubeObject>()
  readonly #seen: Seen[] = []
  readonly #absent = new Set<RefKey>()
  readonly #gaps = new Map<string, Gap>()

  object(object: KubeObject): void {
    this.#objects.set(refKey(refOf(object)), object)
  }

  saw(seen: Seen): void {
    this.#seen.push(seen)
  }

  notFound(ref: ObjectRef): void {
    this.#absent.add(refKey(ref))
  }

  nothingOf(ref: ObjectRef): void {
    this.#absent.add(refKey(ref))
  }

  gap(gap: Gap): void {
    this.#gaps.set(`${gap.group}/${gap.kind ?? '*'}/${gap.namespace ?? '*'}`, gap)
  }

  liveSet(): LiveSet {
    const gaps = [...this.#gaps.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, gap]) => gap)
    return { objects: this.#objects, seen: this.#seen, absent: this.#absent, gaps }
  }
}
