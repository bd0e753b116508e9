// Manifests that many checks need: the smallest that an API server takes.

import type { JsonObject } from '@mainstay/core/object/json.ts'

/** A ConfigMap. */
export function configMap(name: string, data: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data }
}

/** A Secret. */
export function secret(name: string, rest: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, ...rest }
}

/** A Pod's spec with one container. */
export function podSpec(rest: JsonObject = {}, container: JsonObject = {}): JsonObject {
  return { containers: [{ name: 'main', image: 'example.com/app:1', ...container }], ...rest }
}

/** A Pod. */
export function pod(name: string, spec: JsonObject = podSpec(), metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec }
}

/** A Deployment of Pods labelled `app: NAME`; paused without replicas, so that no controller stirs. */
export function deployment(name: string, spec: JsonObject = {}, podRest: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: podSpec(podRest) },
      ...spec,
    },
  }
}

/** A Service in front of `app: NAME`. */
export function service(name: string, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
  }
}
