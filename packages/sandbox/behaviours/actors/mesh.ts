// A service mesh: a webhook that puts a proxy beside the containers of Pods.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { has, objectAt, objectsAt } from '../../kinds/look.ts'
import type { WebhookHandler } from './webhook/handler.ts'

/** How a mesh injects. */
export interface MeshOptions {
  /** The proxy. */
  readonly container?: JsonObject
  /** The label of namespaces whose Pods get one, and of Pods that want none (`false`). */
  readonly label?: string
  /** Where its webhook is. */
  readonly service?: { readonly namespace: string; readonly name: string }
}

const PROXY: JsonObject = { name: 'mesh-proxy', image: 'registry.example.com/mesh/proxy:1.0.0' }
const SERVICE = { namespace: 'mesh-system', name: 'injector' }
const PATH = 'inject'
const NOTE = 'mesh.example.com/status'

/** A mesh: its configuration, to be created in the cluster, and who stands behind it. */
export interface Mesh {
  readonly configuration: KubeObject
  /** For `webhookAdmission`. */
  readonly servers: Readonly<Record<string, WebhookHandler>>
}

/** A mesh that injects its proxy into Pods. */
export function mesh({
  container = PROXY,
  label = 'mesh.example.com/inject',
  service = SERVICE,
}: MeshOptions = {}): Mesh {
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: '*' }
  const webhook = {
    name: 'inject.mesh.example.com',
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    clientConfig: { service: { ...service, path: `/${PATH}` } },
    rules: [rule],
    namespaceSelector: { matchLabels: { [label]: 'true' } },
    objectSelector: { matchExpressions: [{ key: label, operator: 'NotIn', values: ['false'] }] },
  }
  return {
    configuration: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'mesh-injector' },
      webhooks: [webhook],
    },
    servers: {
      [`${service.namespace}/${service.name}/${PATH}`]: ({ object }) => ({
        allowed: true,
        patch: injected(object, container),
      }),
    },
  }
}

function injected(pod: Json | undefined, container: JsonObject): readonly Json[] {
  const known = objectsAt(pod, 'spec', 'containers').some((each) => each.name === container.name)
  if (known) return []
  const annotations = { ...objectAt(pod, 'metadata', 'annotations'), [NOTE]: 'injected' }
  const noted = {
    op: has(pod, 'metadata', 'annotations') ? 'replace' : 'add',
    path: '/metadata/annotations',
    value: annotations,
  }
  return [{ op: 'add', path: '/spec/containers/-', value: container }, noted]
}
