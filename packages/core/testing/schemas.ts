// Hand-written types of the common kinds, for tests: the merge keys, forms and defaults that comparison depends on.
import type { ListSchema, MapSchema, ScalarSchema, Schema, SchemaLookup } from '../diff/schema.ts'
import type { Json } from '../object/json.ts'

type Fields = Readonly<Record<string, Schema>>

/** A scalar of one type. */
export function scalar(type: ScalarSchema['type'], form: ScalarSchema['form'] = 'plain'): ScalarSchema {
  return { kind: 'scalar', type, form }
}

export const text = scalar('string')
export const integer = scalar('integer')
export const boolean = scalar('boolean')
export const quantity = scalar('string', 'quantity')
export const duration = scalar('string', 'duration')
export const time = scalar('string', 'time')
export const bytes = scalar('string', 'bytes')
export const intOrString = scalar('string', 'int-or-string')
export const unknown: Schema = { kind: 'unknown' }

/** The same type with a default. */
export function withDefault<S extends ScalarSchema | MapSchema | ListSchema>(schema: S, value: Json): S {
  return { ...schema, default: value }
}

/** An object with known fields. */
export function struct(fields: Fields): MapSchema {
  const field = (name: string): Schema | null => (Object.hasOwn(fields, name) ? (fields[name] ?? null) : null)
  return { kind: 'map', field, values: null, atomic: false, preservesUnknown: false }
}

/** An object that is replaced as a whole. */
export function atomicStruct(fields: Fields): MapSchema {
  return { ...struct(fields), atomic: true }
}

/** An object with free keys. */
export function mapOf(values: Schema): MapSchema {
  return { kind: 'map', field: () => null, values, atomic: false, preservesUnknown: false }
}

/** An object with free keys that is replaced as a whole. */
export function atomicMap(values: Schema): MapSchema {
  return { ...mapOf(values), atomic: true }
}

/** A list whose items are matched by keys. */
export function keyed(keys: readonly string[], items: Schema): ListSchema {
  return { kind: 'list', items, merge: { by: 'keys', keys } }
}

/** A list that is replaced as a whole. */
export function listOf(items: Schema): ListSchema {
  return { kind: 'list', items, merge: { by: 'atomic' } }
}

/** A list without order. */
export function setOf(items: Schema): ListSchema {
  return { kind: 'list', items, merge: { by: 'set' } }
}

const labelSelector = atomicStruct({ matchLabels: mapOf(text), matchExpressions: listOf(unknown) })
const resources = struct({ requests: mapOf(quantity), limits: mapOf(quantity), claims: keyed(['name'], unknown) })
const keyRef = atomicStruct({ name: withDefault(text, ''), key: text, optional: boolean })

const probe = struct({
  httpGet: struct({ path: text, port: intOrString, scheme: text, host: text, httpHeaders: listOf(unknown) }),
  exec: struct({ command: listOf(text) }),
  failureThreshold: integer,
  periodSeconds: integer,
  successThreshold: integer,
  timeoutSeconds: integer,
  initialDelaySeconds: integer,
})

const container = struct({
  name: text,
  image: text,
  imagePullPolicy: text,
  command: listOf(text),
  args: listOf(text),
  env: keyed(
    ['name'],
    struct({
      name: text,
      value: text,
      valueFrom: struct({ configMapKeyRef: keyRef, secretKeyRef: keyRef, fieldRef: unknown }),
    }),
  ),
  ports: keyed(
    ['containerPort', 'protocol'],
    struct({ containerPort: integer, protocol: withDefault(text, 'TCP'), name: text, hostPort: integer }),
  ),
  resources: withDefault(resources, {}),
  readinessProbe: probe,
  livenessProbe: probe,
  startupProbe: probe,
  securityContext: struct({ runAsNonRoot: boolean, runAsUser: integer, privileged: boolean }),
  terminationMessagePath: text,
  terminationMessagePolicy: text,
  volumeMounts: keyed(['mountPath'], struct({ name: text, mountPath: text, readOnly: boolean, subPath: text })),
})

const podSpec = struct({
  containers: keyed(['name'], container),
  initContainers: keyed(['name'], container),
  nodeSelector: atomicMap(text),
  tolerations: listOf(struct({ key: text, operator: text, value: text, effect: text, tolerationSeconds: integer })),
  volumes: keyed(
    ['name'],
    struct({
      name: text,
      emptyDir: struct({ medium: text, sizeLimit: quantity }),
      configMap: struct({ name: text, defaultMode: integer, optional: boolean, items: listOf(unknown) }),
      secret: struct({ secretName: text, defaultMode: integer, optional: boolean, items: listOf(unknown) }),
    }),
  ),
  imagePullSecrets: keyed(['name'], struct({ name: text })),
  dnsPolicy: text,
  hostNetwork: boolean,
  restartPolicy: text,
  schedulerName: text,
  securityContext: struct({ runAsUser: integer, fsGroup: integer, runAsNonRoot: boolean }),
  serviceAccountName: text,
  terminationGracePeriodSeconds: integer,
})

const meta = struct({ name: text, labels: mapOf(text), annotations: mapOf(text), creationTimestamp: time })
const template = struct({ metadata: meta, spec: podSpec })

const deployment = struct({
  spec: struct({
    replicas: integer,
    minReadySeconds: integer,
    progressDeadlineSeconds: integer,
    revisionHistoryLimit: integer,
    paused: boolean,
    selector: labelSelector,
    strategy: struct({ type: text, rollingUpdate: struct({ maxSurge: intOrString, maxUnavailable: intOrString }) }),
    template,
  }),
})

const claim = struct({
  metadata: meta,
  spec: struct({
    accessModes: listOf(text),
    resources,
    storageClassName: text,
    volumeMode: text,
    volumeName: text,
    selector: labelSelector,
  }),
})

const statefulSet = struct({
  spec: struct({
    replicas: integer,
    serviceName: text,
    selector: labelSelector,
    template,
    podManagementPolicy: text,
    revisionHistoryLimit: integer,
    updateStrategy: struct({ type: text, rollingUpdate: struct({ partition: integer, maxUnavailable: intOrString }) }),
    volumeClaimTemplates: listOf(claim),
  }),
})

const service = struct({
  spec: struct({
    type: text,
    selector: atomicMap(text),
    clusterIP: text,
    clusterIPs: listOf(text),
    ports: keyed(
      ['port', 'protocol'],
      struct({
        name: text,
        port: integer,
        protocol: withDefault(text, 'TCP'),
        targetPort: intOrString,
        nodePort: integer,
        appProtocol: text,
      }),
    ),
    externalTrafficPolicy: text,
    internalTrafficPolicy: text,
    ipFamilies: listOf(text),
    ipFamilyPolicy: text,
    sessionAffinity: text,
    allocateLoadBalancerNodePorts: boolean,
    externalName: text,
  }),
})

const job = struct({ backoffLimit: integer, template, completions: integer, parallelism: integer })

const cronJob = struct({
  spec: struct({
    schedule: text,
    concurrencyPolicy: text,
    suspend: boolean,
    jobTemplate: struct({ metadata: meta, spec: job }),
    successfulJobsHistoryLimit: integer,
    failedJobsHistoryLimit: integer,
  }),
})

const ingress = struct({
  spec: struct({
    ingressClassName: text,
    tls: listOf(struct({ hosts: listOf(text), secretName: text })),
    rules: listOf(
      struct({
        host: text,
        http: struct({
          paths: listOf(
            struct({
              path: text,
              pathType: text,
              backend: struct({
                service: struct({ name: text, port: atomicStruct({ name: text, number: integer }) }),
              }),
            }),
          ),
        }),
      }),
    ),
  }),
})

/** Types by `group/version/Kind`; CRDs and anything else have none here. */
const KINDS: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  ['apps/v1/Deployment', deployment],
  ['apps/v1/StatefulSet', statefulSet],
  ['/v1/Service', service],
  ['/v1/ConfigMap', struct({ data: mapOf(text), binaryData: mapOf(bytes), immutable: boolean })],
  ['/v1/Secret', struct({ data: mapOf(bytes), stringData: mapOf(text), type: text, immutable: boolean })],
  ['/v1/PersistentVolumeClaim', claim],
  ['/v1/Namespace', struct({ spec: struct({ finalizers: listOf(text) }) })],
  ['batch/v1/Job', struct({ spec: job })],
  ['batch/v1/CronJob', cronJob],
  ['networking.k8s.io/v1/Ingress', ingress],
])

/** The lookup over the types above. */
export const testSchemas: SchemaLookup = (group, version, kind) => KINDS.get(`${group}/${version}/${kind}`) ?? null

/** A cluster that publishes no schema at all. */
export const noSchemas: SchemaLookup = () => null
