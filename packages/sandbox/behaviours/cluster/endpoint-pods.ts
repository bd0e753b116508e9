// The Pods behind a Service: which of them count, and which numbers its ports have there.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { isTerminating, uidOf } from '@mainstay/core/object/object.ts'
import { entriesAt, has, isTrue, objectAt, objectsAt, textAt, wholeAt } from '../../kinds/look.ts'
import type { World } from '../../world.ts'
import { type Desk, type Follow, subjectOf } from '../controller.ts'

/** Services, and those whose selector a Pod's labels match. */
export const SERVICES_AND_PODS: readonly Follow[] = [
  { resource: '/services', subjects: (service) => [subjectOf(service)] },
  { resource: '/pods', subjects: servicesOf },
]

function servicesOf(pod: KubeObject, { world }: Desk): readonly string[] {
  const namespace = textAt(pod, 'metadata', 'namespace')
  return world
    .list('v1', 'Service', namespace)
    .filter((service) => selects(service, pod))
    .map(subjectOf)
}

/** True where a Service has a selector. One without is somebody else's to fill. */
export function hasSelector(service: KubeObject): boolean {
  return has(service, 'spec', 'selector') && textAt(service, 'spec', 'type') !== 'ExternalName'
}

function selects(service: KubeObject, pod: KubeObject): boolean {
  if (!hasSelector(service)) return false
  return bears(pod, entriesAt(service, 'spec', 'selector'))
}

function bears(pod: KubeObject, wanted: readonly (readonly [string, string])[]): boolean {
  const labels = objectAt(pod, 'metadata', 'labels')
  return wanted.every(([key, value]) => labels[key] === value)
}

/** Pods behind a Service that have an address and have not ended. */
export function podsOf(world: World, service: KubeObject): readonly KubeObject[] {
  const wanted = entriesAt(service, 'spec', 'selector')
  if (!hasSelector(service)) return []
  return world
    .list('v1', 'Pod', textAt(service, 'metadata', 'namespace'))
    .filter((pod) => bears(pod, wanted) && textAt(pod, 'status', 'podIP') !== '')
    .filter((pod) => !['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase')))
}

/** True for a Pod that says it is ready. */
export function isReady(pod: KubeObject): boolean {
  return objectsAt(pod, 'status', 'conditions').some((each) => each.type === 'Ready' && each.status === 'True')
}

/** True for a Pod that may get traffic. */
export function counts(service: KubeObject, pod: KubeObject): boolean {
  return isTrue(service, 'spec', 'publishNotReadyAddresses') || (isReady(pod) && !isTerminating(pod))
}

/** The ports of a Service with their numbers at a Pod; one that the Pod does not name is left out. */
export function portsAt(service: KubeObject, pod: KubeObject): readonly JsonObject[] {
  return objectsAt(service, 'spec', 'ports').flatMap((port) => {
    const number = numberOf(port, pod)
    if (number === null) return []
    const { name, protocol, appProtocol } = port
    return [
      {
        ...(name === undefined ? {} : { name }),
        port: number,
        protocol: protocol ?? 'TCP',
        ...(appProtocol === undefined ? {} : { appProtocol }),
      },
    ]
  })
}

function numberOf(port: JsonObject, pod: KubeObject): number | null {
  const wanted = port.targetPort
  if (typeof wanted !== 'string') return wholeAt(port, 'targetPort') ?? wholeAt(port, 'port')
  const sidecars = objectsAt(pod, 'spec', 'initContainers').filter((each) => each.restartPolicy === 'Always')
  const found = [...objectsAt(pod, 'spec', 'containers'), ...sidecars]
    .flatMap((container) => objectsAt(container, 'ports'))
    .find((each) => each.name === wanted && (each.protocol ?? 'TCP') === (port.protocol ?? 'TCP'))
  return found === undefined ? null : wholeAt(found, 'containerPort')
}

/** What names a Pod behind an address. */
export function targetRefOf(pod: KubeObject): JsonObject {
  return {
    kind: 'Pod',
    namespace: textAt(pod, 'metadata', 'namespace'),
    name: pod.metadata.name,
    uid: uidOf(pod) ?? '',
  }
}

/** The name of its own under which a Pod is found, where it has one. */
export function hostnameOf(service: KubeObject, pod: KubeObject): Readonly<Record<string, Json>> {
  const hostname = textAt(pod, 'spec', 'hostname')
  return hostname !== '' && textAt(pod, 'spec', 'subdomain') === service.metadata.name ? { hostname } : {}
}

/** Labels that say whose addresses these are, beside those of the Service. */
export function labelsOf(service: KubeObject, own: Readonly<Record<string, string>>): JsonObject {
  const headless = textAt(service, 'spec', 'clusterIP') === 'None'
  return {
    ...objectAt(service, 'metadata', 'labels'),
    ...own,
    ...(headless ? { 'service.kubernetes.io/headless': '' } : {}),
  }
}

/** When what was written last came about. */
export const TRIGGER = 'endpoints.kubernetes.io/last-change-trigger-time'
