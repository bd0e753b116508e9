// Manifests as tests write them, in one line each.
import type { JsonObject } from '../object/json.ts'

/** A manifest; namespaces come from the application, as they mostly do in Git. */
export function object(apiVersion: string, kind: string, name: string, fields: JsonObject = {}): JsonObject {
  const { metadata, ...rest } = fields
  return { apiVersion, kind, metadata: { ...(metadata as JsonObject | undefined), name }, ...rest }
}

/** A ConfigMap, with annotations where given. */
export function config(name: string, annotations: JsonObject = {}, data: JsonObject = { a: '1' }): JsonObject {
  return object('v1', 'ConfigMap', name, { metadata: { annotations }, data })
}

/** A Deployment with some replicas. */
export function deployment(name: string, replicas = 1, annotations: JsonObject = {}): JsonObject {
  return object('apps/v1', 'Deployment', name, { metadata: { annotations }, spec: { replicas } })
}

/** The definition of a namespaced kind. */
export function definition(group: string, kind: string): JsonObject {
  const plural = `${kind.toLowerCase()}s`
  return object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `${plural}.${group}`, {
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural },
      versions: [{ name: 'v1', served: true, storage: true }],
    },
  })
}

/** Something there that nobody of ours made: with its namespace, as a cluster holds it. */
export function live(object: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { ...object, metadata: { namespace: 'shop', ...(object.metadata as JsonObject), ...metadata } }
}
