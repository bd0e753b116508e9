// Definitions for tests, from a schema and little more.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'

/** A version that serves and stores. */
export function version(schema: JsonObject, more: JsonObject = {}): JsonObject {
  return { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more }
}

/** A definition `things.<group>` of kind Thing. */
export function definitionOf(group: string, versions: readonly JsonObject[], spec: JsonObject = {}): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `things.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
      versions: versions as readonly Json[],
      ...spec,
    },
  }
}

/** The definition as the API server has it once it is served. */
export function served(crd: KubeObject): KubeObject {
  const spec = crd.spec as JsonObject // Made above.
  const yes = { status: 'True', reason: '', message: '', lastTransitionTime: '' }
  const conditions = [
    { type: 'NamesAccepted', ...yes },
    { type: 'Established', ...yes },
  ]
  return { ...crd, status: { acceptedNames: spec.names ?? {}, conditions, storedVersions: ['v1'] } }
}

/** A thing with a spec and perhaps more. */
export function thing(group: string, name: string, fields: JsonObject, metadata: JsonObject = {}): KubeObject {
  return { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { ...metadata, name }, ...fields }
}

/** A schema with one field `spec` of these properties. */
export function specSchema(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: 'object', properties: { spec: { type: 'object', properties, ...more } } }
}
