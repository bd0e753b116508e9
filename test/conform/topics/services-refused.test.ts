// Services that are refused.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { service } from '../objects.ts'
import { topic } from '../suite.ts'
import { specOf } from '../tables.ts'

const services = '/api/v1/~/services'
/** A load balancer that never comes: the status stays as the server made it. */
const pending = { metadata: { name: 'a', annotations: { 'mainstay.dev/load-balancer': 'pending' } } }

const refused: readonly (readonly [title: string, spec: JsonObject, told: unknown])[] = [
  ['without ports', { ports: [] }, ['spec.ports: FieldValueRequired: Required value']],
  [
    'with port 0',
    { ports: [{ port: 0 }] },
    [
      'spec.ports[0].port: FieldValueInvalid: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.ports[0].targetPort: FieldValueInvalid: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    'with port 70000',
    { ports: [{ port: 70000 }] },
    [
      'spec.ports[0].port: FieldValueInvalid: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'spec.ports[0].targetPort: FieldValueInvalid: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
  ],
  [
    'with two ports of one number',
    {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    },
    [
      'spec.ports[1]: FieldValueDuplicate: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ],
  ],
  [
    'with two ports without names',
    { ports: [{ port: 80 }, { port: 81 }] },
    [
      'spec.ports[0].name: FieldValueRequired: Required value',
      'spec.ports[1].name: FieldValueRequired: Required value',
    ],
  ],
  [
    'with two ports of one name',
    {
      ports: [
        { name: 'a', port: 80 },
        { name: 'a', port: 81 },
      ],
    },
    ['spec.ports[1].name: FieldValueDuplicate: Duplicate value: "a"'],
  ],
  [
    'with a port name that is none',
    { ports: [{ name: 'A_', port: 80 }] },
    [
      "spec.ports[0].name: FieldValueInvalid: Invalid value: \"A_\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  ],
  [
    'with an unknown protocol',
    { ports: [{ port: 80, protocol: 'HTTP' }] },
    [
      'spec.ports[0].protocol: FieldValueNotSupported: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
  [
    'with a target port that is none',
    { ports: [{ port: 80, targetPort: 'a_b' }] },
    [
      'spec.ports[0].targetPort: FieldValueInvalid: Invalid value: "a_b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    ],
  ],
  [
    'of an unknown type',
    { type: 'Bridge' },
    [
      'spec.type: FieldValueNotSupported: Unsupported value: "Bridge": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  ],
  [
    'with an unknown stickiness',
    { sessionAffinity: 'Always' },
    ['spec.sessionAffinity: FieldValueNotSupported: Unsupported value: "Always": supported values: "ClientIP", "None"'],
  ],
  [
    'with an address that is none',
    { clusterIP: 'x' },
    [
      'spec.clusterIPs[0]: FieldValueInvalid: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
  ],
  [
    'with an address outside of the range',
    { clusterIP: '192.0.2.1' },
    [
      'spec.clusterIPs: FieldValueInvalid: Invalid value: ["192.0.2.1"]: failed to allocate IP 192.0.2.1: the provided network does not match the current range',
    ],
  ],
  [
    'with a node port outside of the range',
    { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
    [
      'spec.ports[0].nodePort: FieldValueInvalid: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
  ],
  [
    'with a node port without the type',
    { ports: [{ port: 80, nodePort: 30900 }] },
    ["spec.ports[0].nodePort: FieldValueForbidden: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    'with an external name that is none',
    { type: 'ExternalName', externalName: 'A_' },
    [
      "spec.externalName: FieldValueInvalid: Invalid value: \"A_\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    'with an external name that is missing',
    { type: 'ExternalName', externalName: '' },
    ['spec.externalName: FieldValueRequired: Required value'],
  ],
  [
    'with an external name and an address',
    { type: 'ExternalName', externalName: 'a.example.com', clusterIP: '10.96.0.99' },
    ['spec.clusterIPs: FieldValueForbidden: Forbidden: may not be set for ExternalName services'],
  ],
  [
    'with a policy of external traffic without it',
    { externalTrafficPolicy: 'Local' },
    [
      'spec.externalTrafficPolicy: FieldValueInvalid: Invalid value: "Local": may only be set for externally-accessible services',
    ],
  ],
  [
    'with an unknown policy of external traffic',
    { type: 'NodePort', externalTrafficPolicy: 'Far' },
    [
      'spec.externalTrafficPolicy: FieldValueNotSupported: Unsupported value: "Far": supported values: "Cluster", "Local"',
    ],
  ],
  [
    'with an unknown policy of internal traffic',
    { internalTrafficPolicy: 'Far' },
    [
      'spec.internalTrafficPolicy: FieldValueNotSupported: Unsupported value: "Far": supported values: "Cluster", "Local"',
    ],
  ],
  [
    'with external addresses that are none',
    { externalIPs: ['x', '127.0.0.1'] },
    [
      'spec.externalIPs[0]: FieldValueInvalid: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'spec.externalIPs[1]: FieldValueInvalid: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ],
  ],
  [
    'with source ranges without a load balancer',
    { loadBalancerSourceRanges: ['10.0.0.0/8'] },
    ["spec.LoadBalancerSourceRanges: FieldValueForbidden: Forbidden: may only be used when `type` is 'LoadBalancer'"],
  ],
  [
    'with source ranges that are none',
    { type: 'LoadBalancer', loadBalancerSourceRanges: ['x'] },
    [
      'spec.LoadBalancerSourceRanges[0]: FieldValueInvalid: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
  ],
  [
    'with a class without a load balancer',
    { loadBalancerClass: 'example.com/x' },
    ["spec.loadBalancerClass: FieldValueForbidden: Forbidden: may only be used when `type` is 'LoadBalancer'"],
  ],
  [
    'with two families that the cluster does not have',
    { ipFamilyPolicy: 'RequireDualStack' },
    [
      'spec.ipFamilyPolicy: FieldValueInvalid: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
  ],
  [
    'of a family that the cluster does not have',
    { ipFamilies: ['IPv6'] },
    ['spec.ipFamilies[0]: FieldValueInvalid: Invalid value: "IPv6": not configured on this cluster'],
  ],
  [
    'with a selector that is none',
    { selector: { 'a b': 'c' } },
    [
      "spec.selector: FieldValueInvalid: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    'with a timeout of stickiness that is too long',
    { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 90000 } } },
    [
      'spec.sessionAffinityConfig.clientIP.timeoutSeconds: FieldValueInvalid: Invalid value: 90000: must be greater than 0 and less than 86400',
    ],
  ],
  [
    'with addresses that do not agree',
    { clusterIP: '10.96.0.98', clusterIPs: ['10.96.0.97'] },
    ['spec.clusterIPs: FieldValueInvalid: Invalid value: ["CLUSTER_IP"]: first value must match `clusterIP`'],
  ],
  [
    'without an address that is a load balancer',
    { type: 'LoadBalancer', clusterIP: 'None' },
    [
      'spec.clusterIPs[0]: FieldValueInvalid: Invalid value: "None": may not be set to \'None\' for LoadBalancer services',
    ],
  ],
  [
    'with a port of health checks without a load balancer',
    { healthCheckNodePort: 30901 },
    [
      "spec.healthCheckNodePort: FieldValueInvalid: Invalid value: 30901: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    ],
  ],
]

topic('services refused', (it) => {
  for (const [title, spec, told] of refused) {
    it(`are refused ${title}`, async (at) => {
      expect(specOf(await at.post(`${services}`, { ...service('a', spec), ...pending }))).toEqual(told)
    })
  }
})
