// What the API server fills into the other kinds of the core group.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Defaulting } from '../../schema/normal.ts'
import { changeAt, changeEach, filled, has, objectAt, textAt, withAt } from '../look.ts'
import { labelledLike } from './workloads.ts'

const CORE = 'io.k8s.api.core.v1.'

function service(value: JsonObject): JsonObject {
  const made = changeAt(value, 'spec', (given) => {
    const spec = affinity(filled(given, { sessionAffinity: 'None', type: 'ClusterIP' }))
    const type = textAt(spec, 'type')
    const reachable = type === 'NodePort' || type === 'LoadBalancer'
    const external = reachable || (type === 'ClusterIP' && has(spec, 'externalIPs'))
    return changeEach(
      filled(spec, {
        ...(external ? { externalTrafficPolicy: 'Cluster' } : {}),
        ...(reachable || type === 'ClusterIP' ? { internalTrafficPolicy: 'Cluster' } : {}),
        ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
      }),
      'ports',
      servicePort,
    )
  })
  return textAt(made, 'spec', 'type') === 'LoadBalancer' ? addressed(made) : made
}

function affinity(spec: JsonObject): JsonObject {
  if (textAt(spec, 'sessionAffinity') === 'None') return withAt(spec, ['sessionAffinityConfig'], undefined)
  if (textAt(spec, 'sessionAffinity') !== 'ClientIP') return spec
  if (has(spec, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds')) return spec
  return { ...spec, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }
}

function servicePort(port: JsonObject): JsonObject {
  const target = port.targetPort
  const given = target !== undefined && target !== '' && target !== 0
  return filled({ ...port, ...(given ? {} : { targetPort: port.port ?? 0 }) }, { protocol: 'TCP' })
}

function addressed(value: JsonObject): JsonObject {
  if (!has(value, 'status', 'loadBalancer', 'ingress')) return value
  return changeAt(value, 'status', (status) =>
    changeAt(status, 'loadBalancer', (balancer) =>
      changeEach(balancer, 'ingress', (each) => (textAt(each, 'ip') === '' ? each : filled(each, { ipMode: 'VIP' }))),
    ),
  )
}

function namespace(value: JsonObject): JsonObject {
  const name = textAt(value, 'metadata', 'name')
  return name === '' ? value : withAt(value, ['metadata', 'labels', 'kubernetes.io/metadata.name'], name)
}

function phase(word: string): Defaulting {
  return (value) => changeAt(value, 'status', (status) => filled(status, { phase: word }))
}

function persistentVolume(value: JsonObject): JsonObject {
  const spec = { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }
  return changeAt(phase('Pending')(value), 'spec', (given) => filled(given, spec))
}

function replicationController(value: JsonObject): JsonObject {
  const labels = objectAt(value, 'spec', 'template', 'metadata', 'labels')
  if (Object.keys(labels).length === 0) return value
  const made = changeAt(value, 'spec', (spec) => filled(spec, { selector: labels }))
  return labelledLike(made, 'spec', 'template', 'metadata')
}

function limitRangeItem(value: JsonObject): JsonObject {
  if (textAt(value, 'type') !== 'Container') return value
  const fallback = { ...objectAt(value, 'max'), ...objectAt(value, 'default') }
  const request = { ...objectAt(value, 'min'), ...fallback, ...objectAt(value, 'defaultRequest') }
  return {
    ...value,
    ...(Object.keys(fallback).length > 0 ? { default: fallback } : {}),
    ...(Object.keys(request).length > 0 ? { defaultRequest: request } : {}),
  }
}

/** Defaults of the core group, by definition. */
export const coreDefaults: readonly (readonly [string, Defaulting])[] = [
  [`${CORE}Service`, service],
  [`${CORE}Namespace`, namespace],
  [`${CORE}NamespaceStatus`, (value) => filled(value, { phase: 'Active' })],
  [`${CORE}PersistentVolume`, persistentVolume],
  [`${CORE}PersistentVolumeClaim`, phase('Pending')],
  [`${CORE}PersistentVolumeClaimSpec`, (value) => filled(value, { volumeMode: 'Filesystem' })],
  [`${CORE}ReplicationController`, replicationController],
  [`${CORE}Secret`, (value) => filled(value, { type: 'Opaque' })],
  [`${CORE}LimitRangeItem`, limitRangeItem],
  [
    `${CORE}NodeStatus`,
    (value) => (has(value, 'capacity') ? filled(value, { allocatable: objectAt(value, 'capacity') }) : value),
  ],
  [`${CORE}EndpointPort`, (value) => filled(value, { protocol: 'TCP' })],
]
