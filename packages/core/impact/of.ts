// What one deletion takes with it, told from what the cluster holds: nothing is learned only afterwards.
import type { Drift } from '../compare/drift.ts'
import type { Gap, LiveSet } from '../live/live.ts'
import { isList, isObject } from '../object/json.ts'
import { canonicalGroup } from '../object/moves.ts'
import type { KubeObject } from '../object/object.ts'
import { annotationOf, isTerminating, refOf, stringAt, uidOf, valueAt } from '../object/object.ts'
import type { ObjectRef, RefKey } from '../object/ref.ts'
import { compareRefs, compareText, refKey } from '../object/ref.ts'
import type { Impact, ImpactFacts } from './impact.ts'
import { definedKind, volumeOf } from './needs.ts'
import type { Reference } from './references.ts'
import { referencesOf } from './references.ts'

type Surplus = Extract<Drift, { kind: 'surplus' }>

/** The cluster around the deletions, indexed once for all of them. */
export interface ImpactWorld {
  readonly objects: ReadonlyMap<RefKey, KubeObject>
  /** Objects by the uid of each of their owners. */
  readonly children: ReadonlyMap<string, readonly KubeObject[]>
  readonly byNamespace: ReadonlyMap<string, readonly KubeObject[]>
  /** Objects that name others, by what they name (`nameKey`). */
  readonly referrers: ReadonlyMap<string, readonly KubeObject[]>
  /** What the plan deletes itself. */
  readonly deleted: ReadonlySet<RefKey>
  /** Uids of everything that goes: deleted by the plan, or collected with it. */
  readonly going: ReadonlySet<string>
  readonly gaps: readonly Gap[]
}

/** Names that external-dns publishes for an object. */
const DNS_ANNOTATION = 'external-dns.alpha.kubernetes.io/hostname'

/** Indexes what was read. With `orphan`, nothing goes but what is deleted itself. */
export function impactWorld(
  read: { readonly facts: ImpactFacts; readonly live: LiveSet },
  doomed: readonly { readonly drift: Surplus }[],
  cascade: 'foreground' | 'background' | 'orphan',
): ImpactWorld {
  const objects = new Map<RefKey, KubeObject>()
  for (const object of read.facts.objects) objects.set(refKey(refOf(object)), object)
  // The live set holds whole objects; what was read for the impact may be metadata only.
  for (const [key, object] of read.live.objects) objects.set(key, object)
  const children = new Map<string, KubeObject[]>()
  const byNamespace = new Map<string, KubeObject[]>()
  const referrers = new Map<string, KubeObject[]>()
  for (const object of doomed.length === 0 ? [] : objects.values()) {
    const owners = ownersOf(object)
    for (const owner of owners) push(children, owner, object)
    const namespace = stringAt(object, 'metadata', 'namespace')
    if (namespace !== undefined) push(byNamespace, namespace, object)
    // What a controller made is told by its owner.
    if (owners.length === 0) for (const key of namedBy(object, namespace ?? null)) push(referrers, key, object)
  }
  const roots = doomed.flatMap(({ drift }) => uidOf(drift.live) ?? [])
  return {
    objects,
    children,
    byNamespace,
    referrers,
    deleted: new Set(doomed.map(({ drift }) => refKey(drift.ref))),
    going: cascade === 'orphan' ? new Set(roots) : collected(roots, children),
    gaps: read.facts.gaps,
  }
}

/** All consequences of deleting one object, in a fixed order. */
export function impactOf(target: Surplus, world: ImpactWorld): readonly Impact[] {
  const dependants = dependantsOf(target.live, world)
  return [
    ...refsImpact(
      'dependants',
      dependants.filter((each) => !world.deleted.has(refKey(refOf(each)))),
    ),
    ...refsImpact('contents', contentsOf(target.ref, world)),
    ...refsImpact('instances', instancesOf(target.live, world)),
    ...[target.live, ...dependants].flatMap((each) => volumeImpact(each, world)),
    ...addressImpact(target.live),
    ...refsImpact('referrers', referrersOf(target.ref, world)),
    ...handEdits(target),
    ...unseen(target, world),
  ]
}

/** Objects that the garbage collector removes after these are gone: all their owners are among what goes. */
function collected(
  roots: readonly string[],
  children: ReadonlyMap<string, readonly KubeObject[]>,
): ReadonlySet<string> {
  const going = new Set(roots)
  const queue = [...roots]
  for (let uid = queue.shift(); uid !== undefined; uid = queue.shift()) {
    for (const child of children.get(uid) ?? []) {
      const own = uidOf(child)
      if (own === null || going.has(own) || !ownersOf(child).every((owner) => going.has(owner))) continue
      going.add(own)
      queue.push(own)
    }
  }
  return going
}

function dependantsOf(object: KubeObject, world: ImpactWorld): readonly KubeObject[] {
  const found = new Map<string, KubeObject>()
  const queue = [uidOf(object)]
  for (let uid = queue.shift(); uid !== undefined; uid = queue.shift()) {
    for (const child of uid === null ? [] : (world.children.get(uid) ?? [])) {
      const own = uidOf(child)
      if (own === null || found.has(own) || !world.going.has(own)) continue
      found.set(own, child)
      queue.push(own)
    }
  }
  return [...found.values()]
}

/** What a Namespace holds and nobody decided about. What every Namespace holds by itself does not count. */
export function contentsOf(ref: ObjectRef, world: ImpactWorld): readonly KubeObject[] {
  if (ref.kind !== 'Namespace' || ref.group !== '') return []
  return (world.byNamespace.get(ref.name) ?? []).filter(
    (object) =>
      !world.deleted.has(refKey(refOf(object))) &&
      !world.going.has(uidOf(object) ?? '') &&
      !isTerminating(object) &&
      !isMadeByCluster(object),
  )
}

function isMadeByCluster(object: KubeObject): boolean {
  const { group, kind, name } = refOf(object)
  switch (`${group}/${kind}`) {
    case '/ServiceAccount':
      return name === 'default'
    case '/ConfigMap':
      return name === 'kube-root-ca.crt' || name === 'openshift-service-ca.crt'
    case '/Event':
    case 'events.k8s.io/Event':
    case '/Endpoints':
    case 'discovery.k8s.io/EndpointSlice':
    case 'metrics.k8s.io/PodMetrics':
      return true
    default:
      return false
  }
}

function instancesOf(crd: KubeObject, world: ImpactWorld): readonly KubeObject[] {
  const kind = definedKind(crd)
  if (kind === null) return []
  return [...world.objects.values()].filter((object) => {
    const ref = refOf(object)
    return ref.group === kind.group && ref.kind === kind.kind && !world.deleted.has(refKey(ref))
  })
}

function volumeImpact(object: KubeObject, world: ImpactWorld): readonly Impact[] {
  const volumes = object.kind === 'PersistentVolume' ? [object.metadata.name] : volumeOf(object)
  return volumes.map((volume) => {
    const found = world.objects.get(volumeKey(volume))
    const policy = found === undefined ? undefined : stringAt(found, 'spec', 'persistentVolumeReclaimPolicy')
    const reclaim = policy === 'Delete' || policy === 'Retain' || policy === 'Recycle' ? policy : 'unknown'
    const goes = reclaim === 'Delete' || reclaim === 'Recycle'
    const givenUp = [object, found].some((each) => each !== undefined && annotationOf(each, GIVE_UP) === 'true')
    return { kind: 'volume', volume, reclaim, ...(goes && !givenUp && !isEphemeral(object) ? { retained: true } : {}) }
  })
}

/** True for the claim of a generic ephemeral volume: its data are meant to end with its Pod. */
function isEphemeral(claim: KubeObject): boolean {
  const owners = claim.metadata.ownerReferences
  return isList(owners) && owners.some((each) => isObject(each) && each.controller === true && each.kind === 'Pod')
}

/** On a claim or a volume: what its reclaim policy does with the data is what somebody wants. */
export const GIVE_UP = 'mainstay.dev/give-up-data'

/** The key of a volume among objects. */
export function volumeKey(name: string): RefKey {
  return refKey({ group: '', kind: 'PersistentVolume', namespace: null, name })
}

function addressImpact(object: KubeObject): readonly Impact[] {
  const addresses = addressesOf(object)
  const names = namesOf(object)
  return addresses.length === 0 && names.length === 0 ? [] : [{ kind: 'address', addresses, names }]
}

/** Addresses that were given to a Service or Ingress and go back with it. */
function addressesOf(object: KubeObject): readonly string[] {
  const given = texts(valueAt(object, 'status', 'loadBalancer', 'ingress'), (each) => [
    stringAt(each, 'ip'),
    stringAt(each, 'hostname'),
  ])
  return sorted(given)
}

function namesOf(object: KubeObject): readonly string[] {
  const annotated = (annotationOf(object, DNS_ANNOTATION) ?? '').split(',').map((name) => name.trim())
  const rules =
    object.kind === 'Ingress' ? texts(valueAt(object, 'spec', 'rules'), (each) => [stringAt(each, 'host')]) : []
  const listed = object.kind.endsWith('Route') ? valueAt(object, 'spec', 'hostnames') : undefined
  const routes = isList(listed) ? listed.filter((name) => typeof name === 'string') : []
  return sorted([...annotated, ...rules, ...routes])
}

/** Objects outside the plan that name the target. */
function referrersOf(ref: ObjectRef, world: ImpactWorld): readonly KubeObject[] {
  return (world.referrers.get(nameKey(ref.namespace, ref)) ?? []).filter(
    (object) => !world.deleted.has(refKey(refOf(object))) && !world.going.has(uidOf(object) ?? ''),
  )
}

/** Keys of everything an object names, each once: in its own namespace, and as an object of the cluster. */
function namedBy(object: KubeObject, namespace: string | null): ReadonlySet<string> {
  const keys = referencesOf(object).flatMap((each) => [nameKey(namespace, each), nameKey(null, each)])
  return new Set(keys)
}

function nameKey(namespace: string | null, { group, kind, name }: Reference): string {
  return `${namespace ?? '*'}/${canonicalGroup(group, kind)}/${kind}/${name}`
}

function handEdits(target: Surplus): readonly Impact[] {
  if (target.handEdits.length === 0) return []
  const fields = target.handEdits.map(({ path, by }) => ({ path, manager: by.manager, time: by.time }))
  return [{ kind: 'hand-edits', fields: fields.sort((a, b) => compareText(a.path, b.path)) }]
}

function unseen(target: Surplus, world: ImpactWorld): readonly Impact[] {
  const gaps = world.gaps.filter((gap) => concerns(gap, target))
  const reasons = gaps.map((gap) => `${gap.kind ?? 'every kind'} of ${gap.group || 'the core group'}: ${gap.reason}`)
  return sorted(reasons).map((reason) => ({ kind: 'unseen', reason }))
}

/** Whether a gap could hide a consequence: dependants and referrers live in the same namespace. */
function concerns(gap: Gap, { ref, live }: Surplus): boolean {
  if (ref.namespace !== null) return gap.namespace === null || gap.namespace === ref.namespace
  if (ref.kind === 'Namespace' && ref.group === '') return gap.namespace === null || gap.namespace === ref.name
  const kind = definedKind(live)
  return kind !== null && gap.group === kind.group && (gap.kind === null || gap.kind === kind.kind)
}

/** Uids of the owners; a broken reference without uid counts as an owner that never goes. */
function ownersOf(object: KubeObject): readonly string[] {
  const owners = object.metadata.ownerReferences
  if (!isList(owners)) return []
  return owners.map((owner) => (isObject(owner) && typeof owner.uid === 'string' ? owner.uid : ''))
}

function refsImpact(
  kind: 'dependants' | 'contents' | 'instances' | 'referrers',
  objects: readonly KubeObject[],
): readonly Impact[] {
  if (objects.length === 0) return []
  return [{ kind, refs: objects.map(refOf).sort(compareRefs) }]
}

function push(map: Map<string, KubeObject[]>, key: string, object: KubeObject): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [object])
  else list.push(object)
}

function texts(
  list: ReturnType<typeof valueAt>,
  of: (item: ReturnType<typeof valueAt>) => readonly (string | undefined)[],
): readonly string[] {
  return isList(list) ? list.flatMap((item) => of(item).filter((text) => text !== undefined)) : []
}

function sorted(all: readonly string[]): readonly string[] {
  return [...new Set(all.filter((text) => text !== ''))].sort(compareText)
}
