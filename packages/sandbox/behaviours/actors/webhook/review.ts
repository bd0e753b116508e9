// The `request` of an AdmissionReview, as the real server sends it.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { textAt } from '../../../kinds/look.ts'
import type { AdmissionRequest } from '../../../registry/admission.ts'
import type { Surroundings } from '../../../registry/kind.ts'
import { convertTo } from '../../../verbs/target.ts'

/** What a webhook is asked, with the objects in the version that it wants. */
export function reviewOf(request: AdmissionRequest, version: string, around: Surroundings): JsonObject {
  const { resource, operation, namespace, subresource, dryRun } = request
  // A name that the server makes is known only after all changes.
  const name = request.name || textAt(request.object ?? {}, 'metadata', 'name')
  const kindIn = (name: string): JsonObject => ({ group: resource.group, version: name, kind: resource.kind })
  const resourceIn = (name: string): JsonObject => ({ group: resource.group, version: name, resource: resource.plural })
  const part = subresource === null ? {} : { subResource: subresource, requestSubResource: subresource }
  const show = (object: KubeObject | null): KubeObject | null =>
    object === null ? null : convertTo(resource, object, version)
  return {
    uid: around.uid(),
    kind: kindIn(version),
    resource: resourceIn(version),
    requestKind: kindIn(request.version.name),
    requestResource: resourceIn(request.version.name),
    ...part,
    ...(name === '' ? {} : { name }),
    ...(namespace === null ? {} : { namespace }),
    operation,
    userInfo: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
    object: show(request.object),
    oldObject: show(request.old),
    dryRun,
    options: optionsOf(operation, dryRun),
  }
}

function optionsOf(operation: AdmissionRequest['operation'], dryRun: boolean): JsonObject {
  const kind = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' }[operation]
  return { kind, apiVersion: 'meta.k8s.io/v1', ...(dryRun ? { dryRun: ['All'] } : {}) }
}
