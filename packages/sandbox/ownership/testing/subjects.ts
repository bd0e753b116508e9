// The kinds that the laws are tried on, and what clients may want of them.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import fc from 'fast-check'
import { definition, typeOf } from '../../schema/lookup.ts'
import type { Field, FieldType, StructType } from '../../schema/type.ts'

/** One kind under test. */
export interface Subject {
  readonly name: string
  readonly apiVersion: string
  readonly kind: string
  readonly path: (namespace: string) => string
  readonly type: StructType
  readonly builtIn: boolean
  /** Fields beside apiVersion, kind and name that a client applies or sends. */
  readonly wish: fc.Arbitrary<JsonObject>
  /** What makes an object of a wish that is valid on its own. */
  readonly whole: (wish: JsonObject) => JsonObject
  /** Lists that JSON patches work on. */
  readonly strategic: boolean
}

const word = fc.constantFrom('a', 'b', 'c')
const value = fc.constantFrom('1', '2', 'x')
const words = (item: fc.Arbitrary<string> = word): fc.Arbitrary<JsonObject> =>
  fc.dictionary(item, value, { maxKeys: 3 })

const metadata = fc.record(
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

/** The schema of the custom resource, of every kind of list and map. */
export const customSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        keyed: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['key', 'zone'],
          items: {
            type: 'object',
            required: ['key'],
            properties: {
              key: { type: 'string' },
              zone: { type: 'string', default: 'home' },
              value: { type: 'integer' },
              tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
            },
          },
        },
        plain: { type: 'array', items: { type: 'integer' } },
        atom: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: { type: 'string' } },
        map: {
          type: 'object',
          additionalProperties: { type: 'object', properties: { n: { type: 'integer' }, m: { type: 'integer' } } },
        },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        either: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
      },
    },
  },
}

const TEXT: FieldType = { kind: 'scalar', type: 'string', format: null }
const INTEGER: FieldType = { kind: 'scalar', type: 'integer', format: null }

function struct(fields: Readonly<Record<string, FieldType | Field>>, open = false): StructType {
  const made = new Map(
    Object.entries(fields).map(([name, field]): [string, Field] => [name, 'kind' in field ? { type: field } : field]),
  )
  return {
    kind: 'struct',
    name: null,
    field: (name) => made.get(name) ?? null,
    names: [...made.keys()],
    required: [],
    atomic: false,
    preservesUnknown: open,
  }
}

const objectMeta = definition('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')
if (objectMeta === null) throw new Error('every kind has metadata')

const textSet: FieldType = { kind: 'list', items: TEXT, merge: { by: 'set' } }

/** The type that the schema stands for. */
export const customType = struct({
  apiVersion: TEXT,
  kind: TEXT,
  metadata: objectMeta,
  spec: struct({
    set: textSet,
    keyed: {
      kind: 'list',
      merge: { by: 'keys', keys: ['key', 'zone'] },
      items: struct({ key: TEXT, zone: { type: TEXT, default: 'home' }, value: INTEGER, tags: textSet }),
    },
    plain: { kind: 'list', items: INTEGER, merge: { by: 'atomic' } },
    atom: { kind: 'map', values: TEXT, atomic: true },
    map: { kind: 'map', values: struct({ n: INTEGER, m: INTEGER }), atomic: false },
    free: struct({}, true),
    either: { kind: 'scalar', type: 'int-or-string', format: null },
  }),
})

const small = fc.constantFrom(1, 2)
const keyedItem = fc.record(
  { key: word, zone: fc.constantFrom('home', 'away'), value: small, tags: fc.uniqueArray(word, { maxLength: 2 }) },
  { requiredKeys: ['key'] },
)
const free: fc.Arbitrary<Json> = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2 },
    small,
    value,
    fc.array(small, { maxLength: 2 }),
    fc.dictionary(word, tie('node'), { maxKeys: 2 }),
  ),
})).node
const custom = fc.record(
  {
    metadata,
    spec: fc.record(
      {
        set: fc.uniqueArray(word, { maxLength: 3 }),
        keyed: fc.uniqueArray(keyedItem, { maxLength: 3, selector: (item) => `${item.key}${item.zone ?? 'home'}` }),
        plain: fc.array(small, { maxLength: 2 }),
        atom: words(),
        map: fc.dictionary(word, fc.record({ n: small, m: small }, { requiredKeys: [] }), { maxKeys: 2 }),
        free: fc.dictionary(word, free, { maxKeys: 2 }),
        either: fc.constantFrom<Json[]>(1, 'x'),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

function builtIn(
  group: string,
  version: string,
  kind: string,
  plural: string,
): Pick<Subject, 'name' | 'apiVersion' | 'kind' | 'path' | 'type' | 'builtIn' | 'strategic'> {
  const type = typeOf(group, version, kind)
  if (type === null) throw new Error(`${kind} is built in`)
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return {
    name: kind,
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    path: (namespace) => `${root}/namespaces/${namespace}/${plural}`,
    type,
    builtIn: true,
    strategic: true,
  }
}

const same = (wish: JsonObject): JsonObject => wish

/** All of them; the custom one is of the group given. */
export function subjects(group: string): readonly Subject[] {
  return [
    { ...builtIn('', 'v1', 'ConfigMap', 'configmaps'), wish: configMap as fc.Arbitrary<JsonObject>, whole: same },
    { ...builtIn('', 'v1', 'Service', 'services'), wish: service as fc.Arbitrary<JsonObject>, whole: serviceOf },
    {
      ...builtIn('apps', 'v1', 'Deployment', 'deployments'),
      wish: deployment as fc.Arbitrary<JsonObject>,
      whole: deploymentOf,
    },
    {
      name: 'Thing',
      apiVersion: `${group}/v1`,
      kind: 'Thing',
      path: (namespace) => `/apis/${group}/v1/namespaces/${namespace}/things`,
      type: customType,
      builtIn: false,
      wish: custom as fc.Arbitrary<JsonObject>,
      whole: same,
      strategic: false,
    },
  ]
}
