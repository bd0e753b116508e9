// The kinds that the laws are tried on, and what clients may want of them.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import fc from 'fast-check'
import { typeOf } from '../../schema/lookup.ts'
import type { StructType } from '../../schema/type.ts'

/** One kind under test. */
export interface Subject {
  readonly name: string
  readonly apiVersion: string
  readonly kind: string
  readonly path: (namespace: string) => string
  readonly type: StructType
  readonly typeOf: (apiVersion: string) => StructType | null
  readonly builtIn: boolean
  /** Fields beside apiVersion, kind and name that a client applies or sends. */
  readonly wish: fc.Arbitrary<JsonObject>
  /** What makes an object of a wish that is valid on its own. */
  readonly whole: (wish: JsonObject) => JsonObject
  /** Lists that JSON patches work on. */
  readonly strategic: boolean
}

/** A short word. */
export const word = fc.constantFrom('a', 'b', 'c')
/** A value of a label. */
export const value = fc.constantFrom('1', '2', 'x')
/** Labels. */
export const words = (item: fc.Arbitrary<string> = word): fc.Arbitrary<JsonObject> =>
  fc.dictionary(item, value, { maxKeys: 3 })

/** What clients want of metadata. */
export const metadata = fc.record(
  {
    labels: words(),
    annotations: words(),
    finalizers: fc.uniqueArray(fc.constantFrom('x.example.com/a', 'x.example.com/b'), { maxLength: 2 }),
  },
  { requiredKeys: [] },
)

const configMap = fc.record({ metadata, data: words() }, { requiredKeys: [] })

const port = fc.record(
  {
    name: fc.constantFrom('p', 'q', 'r'),
    port: fc.constantFrom(80, 81, 82),
    protocol: fc.constantFrom('TCP', 'UDP'),
    targetPort: fc.constantFrom<Json[]>(8080, 'web'),
  },
  { requiredKeys: ['name', 'port'] },
)
const ports = fc.uniqueArray(port, { maxLength: 3, selector: ({ name }) => String(name) })
const service = fc.record(
  {
    metadata,
    spec: fc.record(
      { ports, selector: words(), sessionAffinity: fc.constantFrom('None', 'ClientIP') },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

/** The server takes variables twice, except from an apply. */
const env = fc.array(fc.record({ name: fc.constantFrom('A', 'B', 'C', 'D'), value }, { requiredKeys: ['name'] }), {
  maxLength: 3,
})
const containerPort = fc.record(
  { containerPort: fc.constantFrom(80, 81), protocol: fc.constantFrom('TCP', 'UDP'), name: fc.constantFrom('w', 'v') },
  { requiredKeys: ['containerPort'] },
)
const container = fc.record(
  {
    name: fc.constantFrom('one', 'two', 'three'),
    image: fc.constantFrom('i:1', 'i:2'),
    args: fc.array(word, { maxLength: 2 }),
    env,
    ports: fc.uniqueArray(containerPort, { maxLength: 2, selector: (p) => `${p.containerPort}${p.protocol ?? 'TCP'}` }),
    resources: fc.record(
      { limits: fc.record({ cpu: fc.constantFrom('1', '500m', '1000m') }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    ),
    imagePullPolicy: fc.constantFrom('Always', 'Never'),
  },
  { requiredKeys: ['name', 'image'] },
)
const containers = fc.uniqueArray(container, { maxLength: 3, selector: ({ name }) => String(name) })
const podSpec = fc.record(
  {
    containers,
    nodeSelector: words(),
    volumes: fc.uniqueArray(
      fc.record({ name: fc.constantFrom('v', 'w'), emptyDir: fc.constantFrom({}, { medium: 'Memory' }) }),
      { maxLength: 2, selector: ({ name }) => name },
    ),
    tolerations: fc.array(fc.record({ key: word, operator: fc.constant('Exists') }), { maxLength: 2 }),
    terminationGracePeriodSeconds: fc.constantFrom(5, 30),
  },
  { requiredKeys: [] },
)
const template = fc.record(
  { metadata: fc.record({ annotations: words() }, { requiredKeys: [] }), spec: podSpec },
  { requiredKeys: [] },
)
const deployment = fc.record(
  {
    metadata,
    spec: fc.record(
      {
        replicas: fc.constantFrom(0, 1, 2),
        paused: fc.boolean(),
        template,
        strategy: fc.constantFrom({ type: 'Recreate' }, {}),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

const SELECTOR = { app: 'a' }

function deploymentOf(wish: JsonObject): JsonObject {
  const spec = (wish.spec ?? {}) as JsonObject
  const made = (spec.template ?? {}) as JsonObject
  const meta = (made.metadata ?? {}) as JsonObject
  const pod = (made.spec ?? {}) as JsonObject
  const listed = (pod.containers ?? []) as readonly Json[]
  const filled = listed.length > 0 ? listed : [{ name: 'one', image: 'i:1' }]
  return {
    ...wish,
    spec: {
      ...spec,
      selector: { matchLabels: SELECTOR },
      template: { metadata: { ...meta, labels: SELECTOR }, spec: { ...pod, containers: filled } },
    },
  }
}

function serviceOf(wish: JsonObject): JsonObject {
  const spec = (wish.spec ?? {}) as JsonObject
  const listed = (spec.ports ?? []) as readonly Json[]
  return { ...wish, spec: { ...spec, ports: listed.length > 0 ? listed : [{ name: 'p', port: 80 }] } }
}

function builtIn(
  group: string,
  version: string,
  kind: string,
  plural: string,
): Pick<Subject, 'typeOf' | 'name' | 'apiVersion' | 'kind' | 'path' | 'type' | 'builtIn' | 'strategic'> {
  const type = typeOf(group, version, kind)
  if (type === null) throw new Error(`${kind} is built in`)
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return {
    name: kind,
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    path: (namespace) => `${root}/namespaces/${namespace}/${plural}`,
    type,
    typeOf: () => type,
    builtIn: true,
    strategic: true,
  }
}

/** A wish that is whole as it is. */
export const same = (wish: JsonObject): JsonObject => wish

/** The built-in ones. */
export const builtInSubjects: readonly Subject[] = [
  { ...builtIn('', 'v1', 'ConfigMap', 'configmaps'), wish: configMap as fc.Arbitrary<JsonObject>, whole: same },
  { ...builtIn('', 'v1', 'Service', 'services'), wish: service as fc.Arbitrary<JsonObject>, whole: serviceOf },
  {
    ...builtIn('apps', 'v1', 'Deployment', 'deployments'),
    wish: deployment as fc.Arbitrary<JsonObject>,
    whole: deploymentOf,
  },
]
