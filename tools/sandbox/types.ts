// Turns OpenAPI v3 schemas, and what Go says of the fields, into the lines that packages/sandbox/schema/table.ts reads.

/** One schema of OpenAPI, as far as Kubernetes uses them. */
interface Schema {
  readonly type?: string
  readonly format?: string
  readonly $ref?: string
  readonly allOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly default?: unknown
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema
  readonly required?: readonly string[]
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-map-type'?: string
  readonly 'x-kubernetes-patch-strategy'?: string
  readonly 'x-kubernetes-patch-merge-key'?: string
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[]
}

interface Document {
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> }
}

/** The definitions that are no structs, by the word that stands for them. */
const SPECIAL: Readonly<Record<string, string>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'int-or-string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'micro-time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'any',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Patch': 'any',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': 'any',
}

/** The answer of `/version`, which is no object of the API. */
const NO_OBJECTS = new Set(['io.k8s.apimachinery.pkg.version.Info'])

/** `io.k8s.api.core.v1.Pod` → field → flags, from the lines that tools/kubernetes/fields prints. */
export type GoFields = ReadonlyMap<string, ReadonlyMap<string, string>>

/** Reads the output of tools/kubernetes/fields. */
export function readGoFields(text: string): GoFields {
  const lines = text.split('\n').filter((line) => line !== '')
  return new Map(
    lines.map((line) => {
      const [name = '', ...fields] = line.split('\t')
      const pairs = fields.map((field) => field.split('='))
      return [name, new Map(pairs.map(([key = '', flags = '']) => [key, flags]))]
    }),
  )
}

/** One line a struct, in the order of their names. */
export function typeLines(documents: readonly string[], go: GoFields): readonly string[] {
  const schemas = new Map<string, Schema>()
  for (const text of documents) {
    const document = JSON.parse(text) as Document
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) schemas.set(name, schema)
  }
  return [...schemas]
    .filter(([name]) => SPECIAL[name] === undefined && !NO_OBJECTS.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => lineOf(name, schema, go.get(name)))
}

function lineOf(name: string, schema: Schema, go: ReadonlyMap<string, string> | undefined): string {
  if (go === undefined) throw new Error(`Go does not know ${name}`)
  const properties = new Map(Object.entries(schema.properties ?? {}))
  // In the order in which the real server writes them.
  const order = [...go.keys()].filter((key) => properties.has(key))
  if (order.length !== properties.size) throw new Error(`${name}: Go and OpenAPI have different fields`)
  const kinds = (schema['x-kubernetes-group-version-kind'] ?? []).map(
    ({ group, version, kind }) => `@${group}/${version}/${kind}`,
  )
  const atomic = schema['x-kubernetes-map-type'] === 'atomic' ? '!' : ''
  const fields = order.map((key) => {
    const required = schema.required?.includes(key) === true ? '!' : ''
    const flags = `${required}${go.get(key) ?? ''}`
    return `${key}${flags === '' ? '' : `|${flags}`}=${fieldOf(properties.get(key) ?? {})}`
  })
  return [`${name}${atomic}${kinds.join('')}`, ...fields].join(';')
}

function fieldOf(schema: Schema): string {
  const fallback = schema.default === undefined ? '' : `:${JSON.stringify(schema.default)}`
  const strategy = schema['x-kubernetes-patch-strategy']
  const key = schema['x-kubernetes-patch-merge-key']
  const patch = strategy === undefined && key === undefined ? '' : `~${strategy ?? ''}/${key ?? ''}`
  return `${typeOf(schema)}${fallback}${patch}`
}

function typeOf(schema: Schema): string {
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref
  const atomic = schema['x-kubernetes-map-type'] === 'atomic'
  if (ref !== undefined) {
    const name = ref.slice(ref.lastIndexOf('/') + 1)
    // A field may merge what its type takes as one piece.
    const granular = schema['x-kubernetes-map-type'] === 'granular'
    return SPECIAL[name] ?? `${atomic ? '!' : granular ? '+' : ''}#${name}`
  }
  switch (schema.type) {
    case 'array':
      return `[${mergeOf(schema)}]${typeOf(schema.items ?? {})}`
    case 'object':
      if (schema.additionalProperties === undefined) return 'any'
      return `{${atomic ? 'atomic' : ''}}${typeOf(schema.additionalProperties)}`
    case undefined:
      return 'any'
    default:
      return schema.format === undefined ? schema.type : `${schema.type}/${schema.format}`
  }
}

function mergeOf(schema: Schema): string {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return 'set'
    case 'map':
      return `by ${(schema['x-kubernetes-list-map-keys'] ?? []).join(',')}`
    default:
      return ''
  }
}
