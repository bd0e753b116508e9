// Reviews: questions about who one is and what one may, or somebody else.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import { isList, isObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import { stringAt, valueAt } from '@mainstay/core/object/object.ts'
import type { Attributes } from '../access/attributes.ts'
import { audiencesOf, claimsIn } from '../access/authenticate.ts'
import type { Caller } from '../access/gate.ts'
import { decide, grantsOf, missingText } from '../access/rbac.ts'
import type { Rule } from '../access/rule.ts'
import { MASTERS, type User, userInfo } from '../access/user.ts'
import type { Cause, Resource } from '../registry/kind.ts'
import { failure, invalid } from '../registry/status.ts'
import { timeText } from '../schema/time.ts'
import { accept, type Body } from '../verbs/accept.ts'
import { inNamespace } from '../verbs/create.ts'
import { tracked } from '../verbs/ownership.ts'
import type { Cluster, Target, WriteOptions } from '../verbs/target.ts'
import { ISSUER } from '../verbs/token.ts'

/** True for the resources whose objects are questions. */
export function isReview(resource: Resource): boolean {
  const { group } = resource
  return group === 'authorization.k8s.io' || group === 'authentication.k8s.io'
}

/** The answer to a review, in the form of the question. */
export function review(
  cluster: Cluster,
  target: Target,
  body: Body,
  options: WriteOptions,
  { user, lookup }: Caller,
): JsonObject {
  const sent = inNamespace(target, accept(cluster, target, body, options))
  const metadata = withoutName(sent.metadata)
  const asked = (): KubeObject => {
    const kept = tracked(cluster, target, null, sent, null, options)
    return { ...kept, metadata: withoutName(kept.metadata) as KubeObject['metadata'] }
  }
  switch (target.resource.kind) {
    case 'SelfSubjectReview': {
      const created = { ...metadata, creationTimestamp: timeText(cluster.clock.now()) }
      return { ...sent, metadata: created, status: { userInfo: userInfo(user) } }
    }
    case 'TokenReview':
      return { ...asked(), status: tokenStatus(sent, lookup) }
    case 'SelfSubjectRulesReview':
      return { ...sent, metadata, spec: {}, status: rulesFor(cluster, user, stringAt(sent, 'spec', 'namespace') ?? '') }
    case 'SelfSubjectAccessReview':
      return { ...asked(), status: statusFor(cluster, user, wishOf(sent)) }
    default:
      return { ...asked(), status: statusFor(cluster, subjectOf(sent), wishOf(sent, subjectCauses(target, sent))) }
  }
}

/** Reviews have no name, and so none that is empty. */
function withoutName(metadata: JsonObject): JsonObject {
  const { name, ...rest } = metadata
  return name === '' ? rest : metadata
}

function tokenStatus(asked: KubeObject, lookup: Caller['lookup']): JsonObject {
  const token = stringAt(asked, 'spec', 'token') ?? ''
  const wanted = textsAt(asked, 'spec', 'audiences')
  const user = lookup(token)
  const audiences = wanted.length === 0 ? [ISSUER] : wanted.filter((each) => each === ISSUER)
  if (user !== null && audiences.length > 0) return { authenticated: true, user: userInfo(user), audiences }
  const invalidToken = 'invalid bearer token'
  const own = audiencesOf(claimsIn(token))
  if (own.length === 0 || wanted.length === 0) return { user: {}, error: invalidToken }
  const list = (texts: readonly string[]): string => `[${texts.map((each) => JSON.stringify(each)).join(' ')}]`
  const why = `token audiences ${list(own)} is invalid for the target audiences ${list(wanted)}`
  return { user: {}, error: `[${invalidToken}, ${why}]` }
}

function statusFor(cluster: Cluster, user: User, wish: Attributes): JsonObject {
  const { allowed, reason } = decide(cluster.store, user, wish)
  return { allowed, ...(reason === '' ? {} : { reason }) }
}

/** Whom a review that is not about oneself is about. */
function subjectOf(asked: KubeObject): User {
  return {
    name: stringAt(asked, 'spec', 'user') ?? '',
    uid: stringAt(asked, 'spec', 'uid') ?? '',
    groups: textsAt(asked, 'spec', 'groups'),
    extra: {},
  }
}

function subjectCauses(target: Target, asked: KubeObject): readonly Cause[] {
  const { name, groups } = subjectOf(asked)
  if (name === '' && groups.length === 0) {
    return [invalidValue('spec.user', '""', 'at least one of user or group must be specified')]
  }
  const namespace = stringAt(asked, 'spec', 'resourceAttributes', 'namespace') ?? ''
  if (target.resource.kind !== 'LocalSubjectAccessReview' || namespace === target.namespace) return []
  const told = 'must match metadata.namespace'
  return [invalidValue('spec.resourceAttributes.namespace', JSON.stringify(namespace), told)]
}

function invalidValue(field: string, shown: string, told: string): Cause {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${shown}: ${told}` }
}

/** What a review asks about; refused where it asks nothing or two things. */
function wishOf(asked: KubeObject, more: readonly Cause[] = []): Attributes {
  const resource = valueAt(asked, 'spec', 'resourceAttributes')
  const path = valueAt(asked, 'spec', 'nonResourceAttributes')
  const causes = [...formCauses(resource, path), ...more]
  if (causes.length > 0) throw invalid({ group: 'authorization.k8s.io', resource: '', name: '' }, causes)
  const text = (from: Json | undefined, key: string): string => stringAt(from, key) ?? ''
  if (isObject(path)) return { kind: 'path', verb: text(path, 'verb'), path: text(path, 'path') }
  return {
    kind: 'resource',
    verb: text(resource, 'verb'),
    group: text(resource, 'group'),
    version: text(resource, 'version'),
    resource: text(resource, 'resource'),
    subresource: text(resource, 'subresource'),
    namespace: text(resource, 'namespace'),
    name: text(resource, 'name'),
  }
}

function formCauses(resource: Json | undefined, path: Json | undefined): readonly Cause[] {
  if (isObject(resource) && isObject(path)) {
    const { path: Path = '', verb: Verb = '' } = path
    const shown = JSON.stringify({ Path, Verb })
    const told = 'cannot be specified in combination with resourceAttributes'
    return [invalidValue('spec.nonResourceAttributes', shown, told)]
  }
  if (isObject(resource) || isObject(path)) return []
  const told = 'exactly one of nonResourceAttributes or resourceAttributes must be specified'
  return [invalidValue('spec.resourceAttributes', 'null', told)]
}

const EVERYTHING: JsonObject = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
}

function rulesFor(cluster: Cluster, user: User, namespace: string): JsonObject {
  if (namespace === '') throw failure(400, 'BadRequest', 'no namespace on request')
  const grants = [...grantsOf(cluster.store, user, namespace)]
  // Where there are no roles at all, an administrator is one all the same.
  if (grants.length === 0 && user.groups.includes(MASTERS)) return EVERYTHING
  const rules = grants.flatMap((grant) => (grant.kind === 'rules' ? grant.rules : []))
  const missing = grants.flatMap((grant) => (grant.kind === 'missing' ? [missingText(grant)] : []))
  return {
    resourceRules: rules.filter((rule) => rule.resources.length > 0).map(shownRule),
    nonResourceRules: rules
      .filter((rule) => rule.nonResourceURLs.length > 0)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: missing.length > 0,
    ...(missing.length === 0 ? {} : { evaluationError: missing.join(', ') }),
  }
}

function shownRule({ verbs, apiGroups, resources, resourceNames }: Rule): JsonObject {
  return { verbs, apiGroups, resources, ...(resourceNames.length === 0 ? {} : { resourceNames }) }
}

function textsAt(object: KubeObject, ...path: readonly string[]): readonly string[] {
  const found = valueAt(object, ...path)
  return isList(found) ? found.filter((each) => typeof each === 'string') : []
}
