// What the API server fills into the kinds of the other groups.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Defaulting } from '../../schema/normal.ts'
import { changeAt, filled, has, objectAt, textAt } from '../look.ts'

const API = 'io.k8s.api.'
const RBAC = 'rbac.authorization.k8s.io'

function networkPolicy(value: JsonObject): JsonObject {
  return changeAt(value, 'spec', (spec) =>
    filled(spec, { policyTypes: has(spec, 'egress') ? ['Ingress', 'Egress'] : ['Ingress'] }),
  )
}

function binding(value: JsonObject): JsonObject {
  return changeAt(value, 'roleRef', (ref) => filled(ref, { apiGroup: RBAC }))
}

function subject(value: JsonObject): JsonObject {
  const kind = textAt(value, 'kind')
  return kind === 'User' || kind === 'Group' ? filled(value, { apiGroup: RBAC }) : value
}

const CPU = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
} as const

const UP = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
} as const

const DOWN = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] } as const

function autoscaler(value: JsonObject): JsonObject {
  return changeAt(value, 'spec', (given) => {
    const spec = filled(given, { minReplicas: 1, metrics: [CPU] })
    if (!has(spec, 'behavior')) return spec
    return changeAt(spec, 'behavior', ({ scaleUp, scaleDown }) => ({
      scaleUp: { ...UP, ...objectAt({ scaleUp: scaleUp ?? {} }, 'scaleUp') },
      scaleDown: { ...DOWN, ...objectAt({ scaleDown: scaleDown ?? {} }, 'scaleDown') },
    }))
  })
}

const storageClass: Defaulting = (value) => filled(value, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' })

function csiDriver(value: JsonObject): JsonObject {
  return changeAt(value, 'spec', (spec) =>
    filled(spec, {
      attachRequired: true,
      podInfoOnMount: false,
      storageCapacity: false,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: ['Persistent'],
      requiresRepublish: false,
      seLinuxMount: false,
    }),
  )
}

const WEBHOOK = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  timeoutSeconds: 10,
}

const fails: Defaulting = (value) => filled(value, { failurePolicy: 'Fail' })
const ADMISSION = `${API}admissionregistration.v1.`
const FLOW = `${API}flowcontrol.v1.`

/** Defaults of the other groups, by definition. */
export const otherDefaults: readonly (readonly [string, Defaulting])[] = [
  [`${API}networking.v1.NetworkPolicy`, networkPolicy],
  [`${API}networking.v1.NetworkPolicyPort`, (value) => filled(value, { protocol: 'TCP' })],
  [`${API}networking.v1.IngressClassParametersReference`, (value) => filled(value, { scope: 'Cluster' })],
  [`${API}rbac.v1.ClusterRoleBinding`, binding],
  [`${API}rbac.v1.RoleBinding`, binding],
  [`${API}rbac.v1.Subject`, subject],
  [`${API}autoscaling.v2.HorizontalPodAutoscaler`, autoscaler],
  [
    `${API}autoscaling.v1.HorizontalPodAutoscaler`,
    (value) => changeAt(value, 'spec', (spec) => filled(spec, { minReplicas: 1 })),
  ],
  [`${API}storage.v1.StorageClass`, storageClass],
  [`${API}storage.v1.CSIDriver`, csiDriver],
  [`${API}scheduling.v1.PriorityClass`, (value) => filled(value, { preemptionPolicy: 'PreemptLowerPriority' })],
  [`${API}discovery.v1.EndpointPort`, (value) => filled(value, { name: '', protocol: 'TCP' })],
  [`${ADMISSION}ValidatingWebhook`, (value) => filled(value, WEBHOOK)],
  [`${ADMISSION}MutatingWebhook`, (value) => filled(value, { ...WEBHOOK, reinvocationPolicy: 'Never' })],
  [`${ADMISSION}RuleWithOperations`, (value) => filled(value, { scope: '*' })],
  [`${ADMISSION}NamedRuleWithOperations`, (value) => filled(value, { scope: '*' })],
  [`${ADMISSION}ServiceReference`, (value) => filled(value, { port: 443 })],
  ['io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference', (value) => filled(value, { port: 443 })],
  [`${ADMISSION}ValidatingAdmissionPolicySpec`, fails],
  [`${ADMISSION}MutatingAdmissionPolicySpec`, fails],
  [
    `${ADMISSION}MatchResources`,
    (value) => filled(value, { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} }),
  ],
  [`${FLOW}FlowSchemaSpec`, (value) => filled(value, { matchingPrecedence: 1000 })],
  [
    `${FLOW}ExemptPriorityLevelConfiguration`,
    (value) => filled(value, { nominalConcurrencyShares: 0, lendablePercent: 0 }),
  ],
  [
    `${FLOW}LimitedPriorityLevelConfiguration`,
    (value) => filled(value, { nominalConcurrencyShares: 30, lendablePercent: 0 }),
  ],
  [`${FLOW}QueuingConfiguration`, (value) => filled(value, { handSize: 8, queues: 64, queueLengthLimit: 50 })],
]
