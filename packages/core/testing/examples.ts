// Small values that many tests of the core begin from.
import { createHash } from 'node:crypto'
import type { Application } from '../app/application.ts'
import { readApplication } from '../app/read.ts'
import type { Digest, Mask } from '../object/digest.ts'
import type { JsonObject } from '../object/json.ts'
import type { KindInfo, KindTable } from '../object/kinds.ts'
import { kindKey } from '../object/ref.ts'

/** SHA-256, as in production. */
export const sha256: Digest = (text) => createHash('sha256').update(text).digest('hex')

/** A mark that shows nothing of the value and is equal for equal values. */
export const testMask: Mask = (value) => `masked-${sha256(`key ${value}`).slice(0, 8)}`

/** An Application manifest named shop, with parts of its spec replaced. */
export function applicationManifest(spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd', ...metadata },
    spec: {
      project: 'default',
      source: { repoURL: 'https://git.example.com/ops/shop.git', path: 'apps/shop', targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      ...spec,
    },
  }
}

/** The Application of `applicationManifest`, read. */
export function exampleApplication(spec: JsonObject = {}, metadata: JsonObject = {}): Application {
  const read = readApplication(applicationManifest(spec, metadata), 'app.yaml:1')
  if (read.kind === 'invalid') throw new Error(`the example is invalid: ${JSON.stringify(read.problems)}`)
  return read.application
}

/** A cluster with the kinds that tests use; `failed` groups do not answer. */
export function exampleKinds(failed: readonly string[] = []): KindTable {
  const kinds = [
    kind('', 'ConfigMap', 'configmaps'),
    kind('', 'Secret', 'secrets'),
    kind('', 'Service', 'services'),
    kind('', 'ServiceAccount', 'serviceaccounts'),
    kind('', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
    kind('', 'Namespace', 'namespaces', 'cluster'),
    kind('apps', 'Deployment', 'deployments'),
    kind('apps', 'StatefulSet', 'statefulsets'),
    kind('batch', 'Job', 'jobs'),
    kind('networking.k8s.io', 'Ingress', 'ingresses'),
    kind('rbac.authorization.k8s.io', 'ClusterRole', 'clusterroles', 'cluster'),
    kind('apiextensions.k8s.io', 'CustomResourceDefinition', 'customresourcedefinitions', 'cluster'),
  ].filter((info) => !failed.includes(info.group))
  return {
    kinds: new Map(kinds.map((info) => [kindKey(info), info])),
    failedGroups: new Map(failed.map((group) => [group, 'the server is currently unable to handle the request'])),
  }
}

function kind(group: string, name: string, resource: string, scope: KindInfo['scope'] = 'namespaced'): KindInfo {
  return { group, kind: name, scope, resource, versions: ['v1'], verbs: ['get', 'list', 'patch', 'delete'] }
}
