// Pods and what is made of a template of Pods.

import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { Lot } from './lot.ts'
import { appLabels, items, oneOf, quantity, record, selector, texts, word, words } from './values.ts'

const variable = (lot: Lot): JsonObject => {
  const name = oneOf('A', 'B', 'C', 'D')
  if (lot.chance(0.7)) return record(lot, { name }, { value: oneOf('1', '2', '', '$(A)') }, 0.8)
  const valueFrom = lot.one<JsonObject>(
    { fieldRef: { fieldPath: 'metadata.name' } },
    { configMapKeyRef: { name: 'a', key: 'k' } },
    { secretKeyRef: { name: 'a', key: 'k', optional: true } },
    { resourceFieldRef: { resource: 'limits.cpu' } },
  )
  return record(lot, { name, valueFrom: () => valueFrom })
}

const port = (lot: Lot): JsonObject =>
  record(
    lot,
    { containerPort: oneOf(80, 81, 82) },
    { name: oneOf('w', 'v', 'u'), protocol: oneOf('TCP', 'UDP'), hostPort: oneOf(0, 8080) },
    0.4,
  )

const amounts = (lot: Lot): JsonObject => record(lot, {}, { cpu: quantity, memory: quantity }, 0.5)

const probe = (lot: Lot): JsonObject =>
  record(
    lot,
    {},
    {
      initialDelaySeconds: oneOf(0, 1, 5),
      periodSeconds: oneOf(1, 10),
      httpGet: (own) => record(own, { port: oneOf(80, 'w') }, { path: oneOf('/', '/x'), scheme: oneOf('HTTP') }),
      failureThreshold: oneOf(1, 3),
    },
    0.6,
  )

const security = (lot: Lot): JsonObject =>
  record(
    lot,
    {},
    {
      runAsUser: oneOf(0, 1000),
      privileged: oneOf(true, false),
      readOnlyRootFilesystem: oneOf(true),
      capabilities: (own) => record(own, {}, { add: texts('A', 'B'), drop: texts('ALL', 'C') }, 0.6),
    },
  )

/** A container. */
export const container = (lot: Lot): JsonObject =>
  record(
    lot,
    { name: oneOf('one', 'two', 'three'), image: oneOf('i:1', 'i:2', 'i', 'i:latest') },
    {
      args: texts('a', 'b', 'c'),
      command: texts('x', 'y'),
      env: (own) => (own.chance(0.9) ? items(own, variable, 'name', 4) : [variable(own), variable(own)]),
      envFrom: () => [{ configMapRef: { name: 'a' } }],
      ports: (own) => items(own, port, 'containerPort'),
      resources: (own) => record(own, {}, { limits: amounts, requests: amounts }, 0.6),
      volumeMounts: (own) =>
        items(
          own,
          (one) => record(one, { name: oneOf('v', 'w'), mountPath: oneOf('/a', '/b') }, { readOnly: oneOf(true) }),
          'mountPath',
          2,
        ),
      imagePullPolicy: oneOf('Always', 'Never', 'IfNotPresent'),
      livenessProbe: probe,
      readinessProbe: probe,
      securityContext: security,
      lifecycle: () => ({ preStop: { exec: { command: ['x'] } } }),
      workingDir: oneOf('/x', ''),
      tty: oneOf(true, false),
    },
    0.2,
  )

const volume = (lot: Lot): JsonObject => {
  const source = lot.one<JsonObject>(
    { emptyDir: {} },
    { emptyDir: { medium: 'Memory', sizeLimit: '1024Mi' } },
    { configMap: { name: 'a', items: [{ key: 'k', path: 'p' }] } },
    { secret: { secretName: 'a', defaultMode: 256 } },
    { persistentVolumeClaim: { claimName: 'a' } },
    { hostPath: { path: '/x' } },
    { projected: { sources: [{ configMap: { name: 'a' } }, { secret: { name: 'b' } }] } },
    { downwardAPI: { items: [{ path: 'l', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    {},
  )
  return { name: lot.one('v', 'w', 'z'), ...source }
}

const toleration = (lot: Lot): JsonObject =>
  record(lot, { key: word, operator: oneOf('Exists') }, { effect: oneOf('NoSchedule', 'NoExecute') })

const spread = (lot: Lot): JsonObject =>
  record(
    lot,
    {
      maxSkew: oneOf(1, 2),
      topologyKey: oneOf('zone', 'host'),
      whenUnsatisfiable: oneOf('DoNotSchedule', 'ScheduleAnyway'),
    },
    { labelSelector: selector },
  )

const affinity = (lot: Lot): JsonObject =>
  record(
    lot,
    {},
    {
      nodeAffinity: () => ({
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['1'] }] }],
        },
      }),
      podAntiAffinity: (own) => ({
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: own.one(1, 100), podAffinityTerm: { topologyKey: 'host', labelSelector: selector(own) } },
        ],
      }),
    },
    0.6,
  )

/** The spec of a Pod. */
export const podSpec = (lot: Lot): JsonObject =>
  record(
    lot,
    { containers: (own) => items(own, container, 'name', 3, 1) },
    {
      initContainers: (own) => items(own, (one) => ({ ...container(one), name: one.one('i', 'j') }), 'name', 2),
      volumes: (own) => items(own, volume, 'name'),
      nodeSelector: words,
      tolerations: (own) => items(own, toleration, 'key', 2),
      terminationGracePeriodSeconds: oneOf(0, 5, 30),
      restartPolicy: oneOf('Always', 'Never', 'OnFailure'),
      serviceAccountName: oneOf('a', 'b'),
      imagePullSecrets: (own) => items(own, (one) => ({ name: one.one('a', 'b') }), 'name', 2),
      topologySpreadConstraints: (own) => items(own, spread, 'topologyKey', 2),
      affinity,
      hostNetwork: oneOf(true, false),
      dnsPolicy: oneOf('ClusterFirst', 'Default'),
      priorityClassName: oneOf('system-node-critical'),
      securityContext: (own) =>
        record(own, {}, { runAsUser: oneOf(0, 1), fsGroup: oneOf(1), supplementalGroups: oneOf([1, 2], [2], []) }),
      hostAliases: (own) =>
        items(own, (one) => ({ ip: one.one('1.2.3.4', '1.2.3.5'), hostnames: one.some(['a', 'b']) }), 'ip', 2),
    },
    0.15,
  )

/** A template of Pods that the usual selector fits; some restart policies are for Jobs. */
export function template(lot: Lot, restartPolicy?: string): JsonObject {
  const { restartPolicy: _, ...spec } = podSpec(lot)
  return {
    metadata: record(lot, { labels: appLabels }, { annotations: words }),
    spec: { ...spec, ...(restartPolicy === undefined ? {} : { restartPolicy }) },
  }
}
