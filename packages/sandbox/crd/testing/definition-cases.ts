// Definitions for the differential test: good ones, and ones that break a rule each.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { definitionOf, version } from './cases.ts'

/** The group of all of them; nothing is ever created in it. */
export const GROUP = 'judged.example.com'

const text = { type: 'string' }
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more })
const plain = object({ spec: object({ a: text }) })
const one = (schema: JsonObject, more: JsonObject = {}, spec: JsonObject = {}): KubeObject =>
  definitionOf(GROUP, [version(schema, more)], spec)
/** A definition whose spec has one field `x` with this schema. */
const field = (schema: JsonObject): KubeObject => one(object({ spec: object({ x: schema }) }))
const many = (versions: readonly JsonObject[], spec: JsonObject = {}): KubeObject => definitionOf(GROUP, versions, spec)
const list = (more: JsonObject): JsonObject => ({ type: 'array', items: object({ k: text }), ...more })
const names = (more: JsonObject): JsonObject => ({ names: { plural: 'things', kind: 'Thing', ...more } })
const rule = (more: JsonObject): JsonObject => object({ a: text }, { 'x-kubernetes-validations': [more] })
const columns = (...all: readonly JsonObject[]): KubeObject => one(plain, { additionalPrinterColumns: all as Json[] })
const scale = (more: JsonObject): KubeObject =>
  one(plain, {
    subresources: { scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', ...more } },
  })
const conversion = (more: JsonObject): KubeObject => one(plain, {}, { conversion: more })
const named = (name: string): KubeObject => ({ ...one(plain), metadata: { name } })

/** Each with the words for its place in the report. */
export const DEFINITION_CASES: readonly (readonly [string, KubeObject])[] = [
  ['a plain definition', one(plain)],
  ['names that are filled in', one(plain, {}, names({}))],
  ['a name that is not plural and group', named('other.judged.example.com')],
  ['a name with capitals', named('Things.judged.example.com')],
  ['no scope', one(plain, {}, { scope: '' })],
  ['a scope nobody knows', one(plain, {}, { scope: 'World' })],
  ['a group without a dot', { ...definitionOf('judged', [version(plain)]) }],
  ['a group with a capital', { ...definitionOf('Judged.example.com', [version(plain)]) }],
  ['no names', one(plain, {}, { names: { plural: '', kind: '' } })],
  [
    'bad names',
    one(plain, {}, names({ singular: 'A b', listKind: '1List', shortNames: ['ok', 'NO'], categories: ['x_'] })),
  ],
  ['equal kinds', one(plain, {}, names({ listKind: 'Thing' }))],
  ['no storage version', many([version(plain, { storage: false })])],
  ['two storage versions', many([version(plain), version(object({ b: text }), { name: 'v2' })])],
  ['two versions of one name', many([version(plain), version(plain, { storage: false })])],
  ['no versions', many([])],
  ['a bad version name', many([version(plain, { name: 'V1.0' })])],
  ['two versions of one schema', many([version(plain), version(plain, { name: 'v2', storage: false })])],
  [
    'two versions that differ',
    many([version(plain), version(object({ b: { type: '' } }), { name: 'v2', storage: false })]),
  ],
  ['a version without a schema', many([{ name: 'v1', served: true, storage: true }])],
  ['a deprecation without being deprecated', one(plain, { deprecationWarning: 'gone soon' })],
  ['an empty deprecation', one(plain, { deprecated: true, deprecationWarning: '' })],
  ['a long deprecation', one(plain, { deprecated: true, deprecationWarning: `${'a'.repeat(257)}\n` })],
  ['preserved unknown fields', one(plain, {}, { preserveUnknownFields: true })],
  [
    'a schema with everything that says nothing',
    field({ ...text, nullable: false, title: '', required: [], enum: [], pattern: '', minimum: 0, unknown: 1 }),
  ],
  ['no type at the root', one({})],
  ['a root that is a list', one({ type: 'array', items: text })],
  ['a nullable root', one({ ...plain, nullable: true })],
  ['a root with free keys', one({ type: 'object', additionalProperties: text })],
  ['fields without a type', one(object({ a: {}, b: { type: 'array' }, c: { type: 'array', items: {} } }))],
  ['a type nobody knows', field({ type: 'arry' })],
  ['the null type', field({ type: 'null' })],
  ['many item schemas', field({ type: 'array', items: [text] })],
  [
    'forbidden words',
    field({ ...text, id: 'x', $ref: '#/a', definitions: { a: text }, patternProperties: { a: text } }),
  ],
  ['more forbidden words', field({ ...text, additionalItems: false, dependencies: { a: ['b'] }, uniqueItems: true })],
  ['properties beside free keys', field(object({ a: text }, { additionalProperties: text }))],
  ['properties beside no other keys', field(object({ a: text }, { additionalProperties: false }))],
  ['properties beside any other keys', field(object({ a: text }, { additionalProperties: true }))],
  ['unknown fields that are not preserved', field({ type: 'object', 'x-kubernetes-preserve-unknown-fields': false })],
  ['an embedded object without properties', field({ type: 'object', 'x-kubernetes-embedded-resource': true })],
  ['an embedded text', field({ ...text, 'x-kubernetes-embedded-resource': true })],
  ['an embedded map', field({ type: 'object', 'x-kubernetes-embedded-resource': true, additionalProperties: text })],
  [
    'an int or string that is more',
    field({
      'x-kubernetes-int-or-string': true,
      'x-kubernetes-preserve-unknown-fields': true,
      'x-kubernetes-embedded-resource': true,
    }),
  ],
  ['an int or string spelled out', field({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, text] })],
  [
    'an int or string with more in it',
    field({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { ...text, minLength: 1 }] }),
  ],
  ['metadata that says too much', one(object({ metadata: object({ labels: { type: 'object' } }) }))],
  ['metadata of a name', one(object({ metadata: object({ name: { ...text, pattern: 'a' } }) }))],
  ['metadata that is a text, a kind that is a number', one(object({ metadata: text, kind: { type: 'integer' } }))],
  [
    'structure in combinations',
    field({ ...text, anyOf: [{ type: 'string', nullable: true, default: 'a', description: 'b', title: 'c' }] }),
  ],
  [
    'extensions in combinations',
    field({
      type: 'array',
      items: text,
      allOf: [{ 'x-kubernetes-list-type': 'set', 'x-kubernetes-preserve-unknown-fields': true }],
    }),
  ],
  [
    'fields in combinations at the root',
    one(object({ a: text }, { oneOf: [{ required: ['b'], properties: { b: { minLength: 1 }, metadata: {} } }] })),
  ],
  ['free keys in combinations', field({ type: 'object', not: { additionalProperties: { minLength: 1 } } })],
  [
    'patterns that are none',
    one(
      object({
        a: { ...text, pattern: '[' },
        b: { ...text, pattern: '(a' },
        c: { ...text, pattern: '*' },
        d: { ...text, pattern: 'a**' },
      }),
    ),
  ],
  [
    'patterns of another language',
    one(
      object({
        a: { ...text, pattern: '(?=a)' },
        b: { ...text, pattern: '\\q' },
        c: { ...text, pattern: 'a)' },
        d: { ...text, pattern: 'a{2,1}' },
        e: { ...text, pattern: '[b-a]' },
      }),
    ),
  ],
  [
    'defaults',
    field(
      object(
        { a: { ...text, default: 'x' }, b: { type: 'array', items: text, default: ['y'] } },
        { default: { a: 'z' } },
      ),
    ),
  ],
  [
    'defaults of the wrong type',
    one(
      object({
        a: { ...text, default: 5 },
        b: { type: 'integer', default: 'x', maximum: 3 },
        c: { type: 'integer', maximum: 3, default: 4 },
      }),
    ),
  ],
  ['defaults with unknown fields', field(object({ a: text }, { default: { b: 1 } }))],
  [
    'defaults at the top of metadata',
    one(object({ metadata: { type: 'object', default: {} }, kind: { ...text, default: 'x' } })),
  ],
  [
    'a default of an embedded object',
    field({
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
      default: { kind: 'x' },
    }),
  ],
  [
    'list types',
    one(
      object({
        a: list({ 'x-kubernetes-list-type': 'bag' }),
        b: { ...text, 'x-kubernetes-list-type': 'set' },
        c: { ...text, 'x-kubernetes-map-type': 'loose' },
      }),
    ),
  ],
  ['a set of objects', field(list({ 'x-kubernetes-list-type': 'set' }))],
  [
    'a set of sets',
    field({
      type: 'array',
      'x-kubernetes-list-type': 'set',
      items: { type: 'array', 'x-kubernetes-list-type': 'set', items: text },
    }),
  ],
  [
    'a set that may hold null',
    field({ type: 'array', 'x-kubernetes-list-type': 'set', items: { ...text, nullable: true } }),
  ],
  [
    'keys without a map',
    one(
      object({
        a: list({ 'x-kubernetes-list-map-keys': ['k'] }),
        b: list({ 'x-kubernetes-list-type': 'atomic', 'x-kubernetes-list-map-keys': ['k'] }),
      }),
    ),
  ],
  ['a map without keys', field(list({ 'x-kubernetes-list-type': 'map' }))],
  [
    'a map of texts',
    field({ type: 'array', items: text, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] }),
  ],
  [
    'keys that are not required',
    field(list({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k', 'k', 'z'] })),
  ],
  [
    'keys that are objects',
    field({
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: object({ k: { type: 'object', nullable: true } }, { required: ['k'], nullable: true }),
    }),
  ],
  [
    'texts of rules',
    one(rule({ rule: ' ', message: 'a\nb', reason: 'Because', fieldPath: '.nowhere', messageExpression: ' ' })),
  ],
  ['a rule over lines', one(rule({ rule: 'true\n&& true' }))],
  ['a rule with an empty message', one(rule({ rule: 'true', message: ' ' }))],
  [
    'columns',
    columns({ name: 'A', type: 'string', jsonPath: '.spec.a', format: 'date', priority: 1, description: 'd' }),
  ],
  [
    'bad columns',
    columns({ name: '', type: '', jsonPath: '' }, { name: 'B', type: 'text', jsonPath: 'spec', format: 'x' }),
  ],
  ['a scale', scale({ labelSelectorPath: '.status.selector' })],
  [
    'a bad scale',
    scale({ specReplicasPath: '.status.x', statusReplicasPath: 'status', labelSelectorPath: '.metadata.x' }),
  ],
  ['an empty scale', one(plain, { subresources: { scale: { specReplicasPath: '', statusReplicasPath: '' } } })],
  [
    'a status beside a root that says more',
    one({ ...plain, additionalProperties: true, anyOf: [{}] }, { subresources: { status: {} } }),
  ],
  ['a status', one(plain, { subresources: { status: {} } })],
  ['selectable fields', one(plain, { selectableFields: [{ jsonPath: '.spec.a' }] })],
  [
    'bad selectable fields',
    one(plain, {
      selectableFields: [
        { jsonPath: '.spec.a' },
        { jsonPath: '.spec.a' },
        { jsonPath: '.spec' },
        { jsonPath: '.spec.z' },
        { jsonPath: 'x' },
        { jsonPath: ".spec['a']" },
        { jsonPath: '' },
      ],
    }),
  ],
  ['a conversion nobody knows', conversion({ strategy: 'Magic' })],
  ['a conversion without a webhook', conversion({ strategy: 'Webhook' })],
  [
    'a webhook without a conversion',
    conversion({
      strategy: 'None',
      webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: 'https://a/b' } },
    }),
  ],
  [
    'a webhook at a service',
    conversion({
      strategy: 'Webhook',
      webhook: { conversionReviewVersions: ['v1'], clientConfig: { service: { name: 'a', namespace: 'b' } } },
    }),
  ],
  [
    'a webhook at a bad place',
    conversion({
      strategy: 'Webhook',
      webhook: { conversionReviewVersions: ['V3', 'V3'], clientConfig: { url: 'http://u@/x?a#b' } },
    }),
  ],
  [
    'a webhook nowhere',
    conversion({ strategy: 'Webhook', webhook: { conversionReviewVersions: [], clientConfig: {} } }),
  ],
  ['a group of the community', definitionOf('a.k8s.io', [version(plain)])],
  [
    'a group of the community with a wrong word',
    {
      ...definitionOf('a.k8s.io', [version(plain)]),
      metadata: { name: 'things.a.k8s.io', annotations: { 'api-approved.kubernetes.io': 'yes' } },
    },
  ],
  [
    'a group of the community, unapproved',
    {
      ...definitionOf('a.k8s.io', [version(plain)]),
      metadata: { name: 'things.a.k8s.io', annotations: { 'api-approved.kubernetes.io': 'unapproved, a test' } },
    },
  ],
]

/** Changes of the spec of a served definition. */
export const DEFINITION_CHANGES: readonly (readonly [string, JsonObject])[] = [
  ['another scope', { scope: 'Cluster' }],
  ['another kind', { names: { plural: 'things', singular: 'thing', kind: 'Other', listKind: 'OtherList' } }],
  ['another plural', { names: { plural: 'others', singular: 'thing', kind: 'Thing', listKind: 'ThingList' } }],
  ['another group', { group: 'other.example.com' }],
  [
    'a short name',
    { names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList', shortNames: ['th'] } },
  ],
  ['another storage version', { versions: [version(plain, { storage: false }), version(plain, { name: 'v2' })] }],
  ['without the stored version', { versions: [version(plain, { name: 'v2' })] }],
]
