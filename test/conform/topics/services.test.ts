// Services: what is filled in, and how the types change into each other.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { service } from '../objects.ts'
import { topic } from '../suite.ts'
import { specOf } from '../tables.ts'

const services = '/api/v1/~/services'
/** A load balancer that never comes: the status stays as the server made it. */
const pending = { metadata: { name: 'a', annotations: { 'mainstay.dev/load-balancer': 'pending' } } }

const made: readonly (readonly [title: string, spec: JsonObject, seen: unknown])[] = [
  [
    'a cluster IP of the range',
    {},
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'no address where none is wanted',
    { clusterIP: 'None' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'None',
      clusterIPs: ['None'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'no selector',
    { selector: null },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'an external name',
    { type: 'ExternalName', externalName: 'db.example.com', ports: [] },
    { selector: { app: 'a' }, type: 'ExternalName', sessionAffinity: 'None', externalName: 'db.example.com' },
  ],
  [
    'a node port',
    { type: 'NodePort' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80, nodePort: 'NODE_PORT' }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'NodePort',
      sessionAffinity: 'None',
      externalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'a load balancer with node ports',
    { type: 'LoadBalancer' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80, nodePort: 'NODE_PORT' }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'LoadBalancer',
      sessionAffinity: 'None',
      externalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      allocateLoadBalancerNodePorts: true,
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'a load balancer without node ports',
    { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'LoadBalancer',
      sessionAffinity: 'None',
      externalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      allocateLoadBalancerNodePorts: false,
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'a load balancer for local traffic',
    { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80, nodePort: 'NODE_PORT' }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'LoadBalancer',
      sessionAffinity: 'None',
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 'NODE_PORT',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      allocateLoadBalancerNodePorts: true,
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'stickiness',
    { sessionAffinity: 'ClientIP' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'several ports',
    {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 53, protocol: 'UDP', targetPort: 'dns' },
      ],
    },
    {
      ports: [
        { name: 'a', protocol: 'TCP', port: 80, targetPort: 80 },
        { name: 'b', protocol: 'UDP', port: 53, targetPort: 'dns' },
      ],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'both families where they can be had',
    { ipFamilyPolicy: 'PreferDualStack' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'PreferDualStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'addresses that are not ready',
    { publishNotReadyAddresses: true, internalTrafficPolicy: 'Local' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      publishNotReadyAddresses: true,
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Local',
    },
  ],
  [
    'a target port for zero',
    { ports: [{ port: 80, targetPort: 0 }] },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'an application protocol',
    { ports: [{ port: 80, appProtocol: 'http' }] },
    {
      ports: [{ protocol: 'TCP', appProtocol: 'http', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
]

const changed: readonly (readonly [title: string, before: JsonObject, patch: JsonObject, seen: unknown])[] = [
  [
    'to a node port',
    {},
    { type: 'NodePort' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80, nodePort: 'NODE_PORT' }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'NodePort',
      sessionAffinity: 'None',
      externalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'from a node port back',
    { type: 'NodePort' },
    { type: 'ClusterIP' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'to a load balancer',
    {},
    { type: 'LoadBalancer' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80, nodePort: 'NODE_PORT' }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'LoadBalancer',
      sessionAffinity: 'None',
      externalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      allocateLoadBalancerNodePorts: true,
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'from a load balancer to an address',
    { type: 'LoadBalancer' },
    { type: 'ClusterIP' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'to an external name',
    {},
    { type: 'ExternalName', externalName: 'a.example.com' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      type: 'ExternalName',
      sessionAffinity: 'None',
      externalName: 'a.example.com',
    },
  ],
  [
    'to no address',
    {},
    { clusterIP: 'None' },
    ['spec.clusterIPs[0]: FieldValueInvalid: Invalid value: ["None"]: may not change once set'],
  ],
  [
    'from an external name to an address',
    { type: 'ExternalName', externalName: 'a.example.com' },
    { type: 'ClusterIP', externalName: null },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'to another address',
    {},
    { clusterIP: '10.96.0.96' },
    ['spec.clusterIPs[0]: FieldValueInvalid: Invalid value: ["CLUSTER_IP"]: may not change once set'],
  ],
  [
    'of its ports',
    { type: 'NodePort' },
    { ports: [{ port: 81 }] },
    {
      ports: [{ protocol: 'TCP', port: 81, targetPort: 81, nodePort: 'NODE_PORT' }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'NodePort',
      sessionAffinity: 'None',
      externalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
  [
    'of its stickiness and back',
    { sessionAffinity: 'ClientIP' },
    { sessionAffinity: 'None' },
    {
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      selector: { app: 'a' },
      clusterIP: 'CLUSTER_IP',
      clusterIPs: ['CLUSTER_IP'],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
  ],
]

topic('services', (it) => {
  for (const [title, spec, seen] of made) {
    it(`get ${title}`, async (at) => {
      expect(specOf(await at.post(services, { ...service('a', spec), ...pending }))).toEqual(seen)
    })
  }

  for (const [title, before, patch, seen] of changed) {
    it(`change ${title}`, async (at) => {
      await at.given(services, { ...service('a', before), ...pending })
      expect(specOf(await at.merge(`${services}/a`, { spec: patch }))).toEqual(seen)
    })
  }
})
