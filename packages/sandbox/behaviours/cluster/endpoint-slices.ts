// EndpointSlices: the addresses behind a Service, at most a hundred in each, those with equal ports together.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, uidOf } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { isTrue, objectAt, objectsAt, textAt, textsAt } from '../../kinds/look.ts'
import { timeText } from '../../schema/time.ts'
import { equalJson } from '../../verbs/equal.ts'
import type { World } from '../../world.ts'
import { type Controller, placeOf } from '../controller.ts'
import {
  counts,
  hasSelector,
  hostnameOf,
  isReady,
  labelsOf,
  podsOf,
  portsAt,
  SERVICES_AND_PODS,
  TRIGGER,
  targetRefOf,
} from './endpoint-pods.ts'
import { MANAGER, unlessGone } from './objects.ts'

const HEAD = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' } as const
const SERVICE_NAME = 'kubernetes.io/service-name'
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
const OURS = 'endpointslice-controller.k8s.io'
const MOST = 100

/** Keeps the EndpointSlices of Services that have a selector. They go with their Service, whose they are. */
export const endpointSliceController: Controller = {
  name: 'endpoint-slice',
  follows: [...SERVICES_AND_PODS, { resource: 'discovery.k8s.io/endpointslices', subjects: serviceOf }],
  reconcile: (subject, { world, now }) => {
    const service = world.get({ apiVersion: 'v1', kind: 'Service', ...placeOf(subject) })
    if (service === null || isTerminating(service) || !hasSelector(service)) return null
    const families = textsAt(service, 'spec', 'ipFamilies')
    for (const family of families.length === 0 ? ['IPv4'] : families) keep(world, service, family, now)
    return null
  },
}

function serviceOf(slice: KubeObject): readonly string[] {
  const labels = objectAt(slice, 'metadata', 'labels')
  if (labels[MANAGED_BY] !== OURS) return []
  return [`${textAt(slice, 'metadata', 'namespace')}/${textAt(labels, SERVICE_NAME)}`]
}

function keep(world: World, service: KubeObject, family: string, now: number): void {
  const slices = slicesOf(world, service, family)
  const groups = groupsOf(world, service, family)
  const plan: Plan = { keep: [], create: [], drop: [] }
  const keyed = new Map<string, KubeObject[]>()
  for (const slice of slices) {
    const key = portsKey(objectsAt(slice, 'ports'))
    if (groups.has(key)) keyed.set(key, [...(keyed.get(key) ?? []), slice])
    else plan.drop.push(slice)
  }
  for (const [key, group] of groups) arrange(plan, group, keyed.get(key) ?? [])
  if (plan.keep.length === 0 && plan.create.length === 0) placeholder(plan)
  carryOut(world, service, family, plan, now)
}

interface Group {
  readonly ports: readonly JsonObject[] | null
  readonly endpoints: readonly JsonObject[]
}

interface Plan {
  readonly keep: { readonly slice: KubeObject; readonly endpoints: readonly JsonObject[] }[]
  readonly create: Group[]
  readonly drop: KubeObject[]
}

function slicesOf(world: World, service: KubeObject, family: string): readonly KubeObject[] {
  const namespace = textAt(service, 'metadata', 'namespace')
  return world.list(HEAD.apiVersion, HEAD.kind, namespace).filter((slice) => {
    const labels = objectAt(slice, 'metadata', 'labels')
    const own = labels[MANAGED_BY] === OURS && labels[SERVICE_NAME] === service.metadata.name
    return own && slice.addressType === family && !isTerminating(slice)
  })
}

/** The endpoints of a Service by their ports. */
function groupsOf(world: World, service: KubeObject, family: string): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>()
  for (const pod of podsOf(world, service)) {
    const addresses = addressesOf(pod, family)
    if (addresses.length === 0) continue
    const ports = portsAt(service, pod)
    const told = ports.length === 0 ? null : ports
    const key = portsKey(ports)
    const endpoints = [...(groups.get(key)?.endpoints ?? []), endpointOf(service, pod, addresses)]
    groups.set(key, { ports: told, endpoints })
  }
  return groups
}

function portsKey(ports: readonly JsonObject[]): string {
  const texts = ports.map((each) => ['name', 'port', 'protocol', 'appProtocol'].map((key) => each[key] ?? '').join('/'))
  return texts.sort(compareText).join()
}

function addressesOf(pod: KubeObject, family: string): readonly string[] {
  const all = [...objectsAt(pod, 'status', 'podIPs').map((each) => textAt(each, 'ip')), textAt(pod, 'status', 'podIP')]
  return [...new Set(all)].filter((ip) => ip !== '' && ip.includes(':') === (family === 'IPv6'))
}

function endpointOf(service: KubeObject, pod: KubeObject, addresses: readonly string[]): JsonObject {
  const nodeName = textAt(pod, 'spec', 'nodeName')
  const published = isTrue(service, 'spec', 'publishNotReadyAddresses')
  const conditions = {
    ready: counts(service, pod),
    serving: published || isReady(pod),
    terminating: isTerminating(pod),
  }
  return {
    addresses: [...addresses],
    conditions,
    ...hostnameOf(service, pod),
    ...(nodeName === '' ? {} : { nodeName }),
    targetRef: targetRefOf(pod),
  }
}

/** Endpoints stay in the slice in which they are; what is new fills gaps, then new slices. */
function arrange(plan: Plan, { ports, endpoints }: Group, slices: readonly KubeObject[]): void {
  const left = new Map(endpoints.map((each) => [textAt(each, 'targetRef', 'uid'), each]))
  const kept = slices.map((slice) => {
    const uids = objectsAt(slice, 'endpoints').map((each) => textAt(each, 'targetRef', 'uid'))
    const own = uids.map((uid) => left.get(uid)).filter((each) => each !== undefined)
    for (const uid of uids) left.delete(uid)
    return { slice, endpoints: own }
  })
  const fresh = [...left.values()]
  for (const { slice, endpoints: own } of kept) {
    const filled = [...own, ...fresh.splice(0, MOST - own.length)]
    if (filled.length === 0) plan.drop.push(slice)
    else plan.keep.push({ slice, endpoints: filled })
  }
  while (fresh.length > 0) plan.create.push({ ports, endpoints: fresh.splice(0, MOST) })
}

/** A Service without endpoints has one slice that says so. */
function placeholder(plan: Plan): void {
  const at = plan.drop.findIndex(
    (slice) => (slice.ports ?? null) === null && objectsAt(slice, 'endpoints').length === 0,
  )
  const [known] = at < 0 ? [] : plan.drop.splice(at, 1)
  if (known === undefined) plan.create.push({ ports: null, endpoints: [] })
  else plan.keep.push({ slice: known, endpoints: [] })
}

function carryOut(world: World, service: KubeObject, family: string, plan: Plan, now: number): void {
  const namespace = textAt(service, 'metadata', 'namespace')
  const labels = labelsOf(service, { [SERVICE_NAME]: service.metadata.name, [MANAGED_BY]: OURS })
  const annotations = { [TRIGGER]: timeText(now) }
  for (const { slice, endpoints } of plan.keep) {
    const same = equalJson(objectsAt(slice, 'endpoints'), endpoints)
    if (same && equalJson(objectAt(slice, 'metadata', 'labels'), labels)) continue
    const noted = { ...objectAt(slice, 'metadata', 'annotations'), ...annotations }
    world.update({ ...slice, metadata: { ...slice.metadata, labels, annotations: noted }, endpoints }, MANAGER)
  }
  for (const { ports, endpoints } of plan.create) {
    const metadata = {
      // The API server makes the name.
      name: '',
      generateName: `${service.metadata.name}-`,
      namespace,
      labels,
      annotations,
      ownerReferences: [ownerOf(service)],
    }
    world.create(
      { ...HEAD, metadata, addressType: family, ports, endpoints: endpoints.length === 0 ? null : endpoints },
      MANAGER,
    )
  }
  for (const { metadata } of plan.drop) {
    unlessGone(() => world.delete({ ...HEAD, namespace, name: metadata.name }))
  }
}

function ownerOf(service: KubeObject): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    name: service.metadata.name,
    uid: uidOf(service) ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
}
