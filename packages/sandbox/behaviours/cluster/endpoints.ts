// Endpoints: the addresses behind a Service in their old form.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating } from '@mainstay/core/object/object.ts'
import { compareText } from '@mainstay/core/object/ref.ts'
import { isTrue, objectAt, textAt } from '../../kinds/look.ts'
import { timeText } from '../../schema/time.ts'
import { equalJson } from '../../verbs/equal.ts'
import type { World } from '../../world.ts'
import { type Controller, placeOf, subjectOf } from '../controller.ts'
import {
  counts,
  hasSelector,
  hostnameOf,
  labelsOf,
  podsOf,
  portsAt,
  SERVICES_AND_PODS,
  TRIGGER,
  targetRefOf,
} from './endpoint-pods.ts'
import { MANAGER, unlessGone } from './objects.ts'

const MANAGED = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' }

/** Keeps the Endpoints of Services that have a selector. */
export const endpointsController: Controller = {
  name: 'endpoints',
  follows: [...SERVICES_AND_PODS, { resource: '/endpoints', subjects: (endpoints) => [subjectOf(endpoints)] }],
  reconcile: (subject, { world, now }) => {
    const place = { apiVersion: 'v1', ...placeOf(subject) }
    const service = world.get({ ...place, kind: 'Service' })
    const live = world.get({ ...place, kind: 'Endpoints' })
    if (service === null) {
      if (live !== null && isOurs(live)) unlessGone(() => world.delete({ ...place, kind: 'Endpoints' }))
      return null
    }
    if (hasSelector(service)) keep(world, service, live, now)
    return null
  },
}

/** Whoever writes Endpoints by hand for a Service that never was keeps them. */
function isOurs(endpoints: KubeObject): boolean {
  return Object.entries(MANAGED).every(([key, value]) => textAt(endpoints, 'metadata', 'labels', key) === value)
}

function keep(world: World, service: KubeObject, live: KubeObject | null, now: number): void {
  const labels = labelsOf(service, MANAGED)
  const subsets = subsetsOf(world, service)
  const metadata = { name: service.metadata.name, namespace: service.metadata.namespace ?? '' }
  const annotations = { [TRIGGER]: timeText(now) }
  if (live === null) {
    world.create(
      { apiVersion: 'v1', kind: 'Endpoints', metadata: { ...metadata, labels, annotations }, subsets },
      MANAGER,
    )
    return
  }
  if (equalJson(live.subsets ?? [], subsets) && equalJson(objectAt(live, 'metadata', 'labels'), labels)) return
  const noted = { ...objectAt(live, 'metadata', 'annotations'), ...annotations }
  world.update({ ...live, metadata: { ...live.metadata, labels, annotations: noted }, subsets }, MANAGER)
}

interface Place {
  readonly address: JsonObject
  readonly ready: boolean
}

/** One subset for each set of ports; without ports the addresses alone. */
function subsetsOf(world: World, service: KubeObject): readonly JsonObject[] {
  const byPort = new Map<string, { readonly ports: readonly JsonObject[]; readonly places: Place[] }>()
  const published = isTrue(service, 'spec', 'publishNotReadyAddresses')
  for (const pod of podsOf(world, service)) {
    if (isTerminating(pod) && !published) continue
    const place = { address: addressOf(service, pod), ready: counts(service, pod) }
    const ports = portsAt(service, pod)
    // Addresses are gathered port by port; equal ones are put together again.
    for (const port of ports.length === 0 && portless(service) ? [null] : ports) {
      const key = JSON.stringify(port)
      const known = byPort.get(key) ?? { ports: port === null ? [] : [port], places: [] }
      known.places.push(place)
      byPort.set(key, known)
    }
  }
  return packed([...byPort.values()])
}

function portless(service: KubeObject): boolean {
  return !Array.isArray(objectAt(service, 'spec').ports)
}

interface Group {
  readonly ports: readonly JsonObject[]
  readonly places: readonly Place[]
}

/** Ports with the same addresses share a subset. */
function packed(groups: readonly Group[]): readonly JsonObject[] {
  const byPlaces = new Map<string, Group>()
  for (const group of groups) {
    const key = JSON.stringify(group.places)
    const known = byPlaces.get(key)
    byPlaces.set(key, { places: group.places, ports: [...(known?.ports ?? []), ...group.ports] })
  }
  return [...byPlaces.values()].map(({ ports, places }) => {
    const addresses = places.filter(({ ready }) => ready).map(({ address }) => address)
    const notReadyAddresses = places.filter(({ ready }) => !ready).map(({ address }) => address)
    return {
      ...(addresses.length === 0 ? {} : { addresses: addresses.sort(byIp) }),
      ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses: notReadyAddresses.sort(byIp) }),
      ...(ports.length === 0 ? {} : { ports }),
    }
  })
}

function byIp(a: JsonObject, b: JsonObject): number {
  return compareText(textAt(a, 'ip'), textAt(b, 'ip'))
}

function addressOf(service: KubeObject, pod: KubeObject): JsonObject {
  const nodeName = textAt(pod, 'spec', 'nodeName')
  return {
    ip: textAt(pod, 'status', 'podIP'),
    ...hostnameOf(service, pod),
    ...(nodeName === '' ? {} : { nodeName }),
    targetRef: targetRefOf(pod),
  }
}
