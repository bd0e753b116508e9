// EndpointSlices of Endpoints that somebody wrote by hand for a Service without a selector.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, uidOf } from '@mainstay/core/object/object.ts'
import { has, objectAt, objectsAt, textAt } from '../../kinds/look.ts'
import { equalJson } from '../../verbs/equal.ts'
import type { World } from '../../world.ts'
import { type Controller, placeOf, subjectOf } from '../controller.ts'
import { MANAGER, unlessGone } from './objects.ts'

const HEAD = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' } as const
const SERVICE_NAME = 'kubernetes.io/service-name'
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
const OURS = 'endpointslicemirroring-controller.k8s.io'
const SKIP = 'endpointslice.kubernetes.io/skip-mirror'

/** Mirrors Endpoints. The slices go with the Endpoints, whose they are. */
export const endpointMirror: Controller = {
  name: 'endpoint-mirror',
  follows: [
    { resource: '/endpoints', subjects: (endpoints) => [subjectOf(endpoints)] },
    { resource: '/services', subjects: (service) => [subjectOf(service)] },
  ],
  reconcile: (subject, { world }) => {
    const place = { apiVersion: 'v1', ...placeOf(subject) }
    const endpoints = world.get({ ...place, kind: 'Endpoints' })
    const service = world.get({ ...place, kind: 'Service' })
    if (endpoints === null || isTerminating(endpoints) || service === null) return null
    const wanted = isByHand(endpoints) && !has(service, 'spec', 'selector') ? slicesFor(endpoints) : []
    settle(world, endpoints, wanted)
    return null
  },
}

function isByHand(endpoints: KubeObject): boolean {
  const labels = objectAt(endpoints, 'metadata', 'labels')
  return labels[SKIP] !== 'true' && !('endpoints.kubernetes.io/managed-by' in labels)
}

type Content = Readonly<Record<'addressType' | 'endpoints' | 'ports', Json>>

/** One slice for each subset and kind of address. */
function slicesFor(endpoints: KubeObject): readonly Content[] {
  return objectsAt(endpoints, 'subsets').flatMap((subset) => {
    const all = [
      ...objectsAt(subset, 'addresses').map((each) => endpointOf(each, true)),
      ...objectsAt(subset, 'notReadyAddresses').map((each) => endpointOf(each, false)),
    ]
    const ports = objectsAt(subset, 'ports').map((port) => ({ ...port, name: textAt(port, 'name') }))
    return (['IPv4', 'IPv6'] as const).flatMap((addressType) => {
      const own = all.filter(({ addresses }) => addresses.some((ip) => ip.includes(':')) === (addressType === 'IPv6'))
      return own.length === 0 ? [] : [{ addressType, endpoints: own, ports }]
    })
  })
}

function endpointOf(address: JsonObject, ready: boolean): JsonObject & { readonly addresses: readonly string[] } {
  const { hostname, nodeName, targetRef } = address
  return {
    addresses: [textAt(address, 'ip')],
    conditions: { ready },
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(targetRef === undefined ? {} : { targetRef }),
  }
}

/** Slices that say it already stay, others are filled anew, made or deleted. */
function settle(world: World, endpoints: KubeObject, wanted: readonly Content[]): void {
  const namespace = textAt(endpoints, 'metadata', 'namespace')
  const { name } = endpoints.metadata
  const labels = { ...objectAt(endpoints, 'metadata', 'labels'), [SERVICE_NAME]: name, [MANAGED_BY]: OURS }
  const spare = world.list(HEAD.apiVersion, HEAD.kind, namespace).filter((slice) => {
    const own = objectAt(slice, 'metadata', 'labels')
    return own[MANAGED_BY] === OURS && own[SERVICE_NAME] === name
  })
  for (const content of wanted) {
    const at = spare.findIndex((slice) => slice.addressType === content.addressType)
    const [known] = at < 0 ? [] : spare.splice(at, 1)
    if (known === undefined) {
      const metadata = { name: '', generateName: `${name}-`, namespace, labels, ownerReferences: [ownerOf(endpoints)] }
      world.create({ ...HEAD, metadata, ...content }, MANAGER)
    } else if (!says(known, content) || !equalJson(objectAt(known, 'metadata', 'labels'), labels)) {
      world.update({ ...known, metadata: { ...known.metadata, labels }, ...content }, MANAGER)
    }
  }
  for (const { metadata } of spare) unlessGone(() => world.delete({ ...HEAD, namespace, name: metadata.name }))
}

function says(slice: KubeObject, content: Content): boolean {
  return equalJson(slice.endpoints, content.endpoints) && equalJson(slice.ports, content.ports)
}

function ownerOf(endpoints: KubeObject): JsonObject {
  const { name } = endpoints.metadata
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    name,
    uid: uidOf(endpoints) ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
}
