// Reviews: questions about who one is and what one may. In a sandbox everybody is its administrator.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import { isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt } from '@mainstay/core/object/object.ts'
import type { Resource } from '../registry/kind.ts'
import { timeText } from '../schema/time.ts'
import { accept, type Body } from '../verbs/accept.ts'
import { inNamespace } from '../verbs/create.ts'
import { tracked } from '../verbs/ownership.ts'
import type { Cluster, Target, WriteOptions } from '../verbs/target.ts'

/** Who everybody is. */
export const USER: JsonObject = {
  username: 'kubernetes-admin',
  groups: ['system:masters', 'system:authenticated'],
}

/** True for the resources whose objects are questions. */
export function isReview(resource: Resource): boolean {
  const { group } = resource
  return group === 'authorization.k8s.io' || group === 'authentication.k8s.io'
}

/** The answer to a review, in the form of the question. */
export function review(cluster: Cluster, target: Target, body: Body, options: WriteOptions): JsonObject {
  const sent = inNamespace(target, accept(cluster, target, body, options))
  const asked = tracked(cluster, target, null, sent, undefined, options)
  const { kind } = target.resource
  switch (kind) {
    case 'SelfSubjectReview': {
      const metadata = { ...withoutName(sent.metadata), creationTimestamp: timeText(cluster.clock.now()) }
      return { ...sent, metadata, status: { userInfo: USER } }
    }
    case 'TokenReview':
      return { ...asked, metadata: withoutName(asked.metadata), status: { user: {}, error: 'the token is unknown' } }
    case 'SelfSubjectRulesReview':
      return { ...sent, metadata: withoutName(sent.metadata), spec: {}, status: RULES }
    default:
      return { ...asked, metadata: withoutName(asked.metadata), status: allowed(asked) }
  }
}

/** Reviews have no name, and so none that is empty. */
function withoutName(metadata: JsonObject): JsonObject {
  const { name, ...rest } = metadata
  return name === '' ? rest : metadata
}

const RULES: JsonObject = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
}

/** Of somebody else only an administrator's group is known to be allowed everything. */
function allowed(review: KubeObject): JsonObject {
  const spec = isObject(review.spec) ? review.spec : {}
  const other = stringAt(spec, 'user') !== undefined || Array.isArray(spec.groups)
  const groups = Array.isArray(spec.groups) ? spec.groups : []
  return { allowed: !other || groups.includes('system:masters') }
}
