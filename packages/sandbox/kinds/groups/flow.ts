// Which requests go where when there are many, and how many run at once.
import type { Json, JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { forbidden, invalid, invalids, notSupported, oneOf, required } from '../causes.ts'
import type { Entry } from '../entry.ts'
import { betweenText, dnsLabel, dnsSubdomain } from '../formats.ts'
import { has, isTrue, objectAt, objectsAt, textAt, textsAt, wholeAt } from '../look.ts'

const LAST = 10_000

function schemaCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const precedence = wholeAt(spec, 'matchingPrecedence') ?? 0
  const path = 'spec.matchingPrecedence'
  const level = textAt(spec, 'priorityLevelConfiguration', 'name')
  const own = 'spec.priorityLevelConfiguration.name'
  return [
    ...(precedence > LAST ? [invalid(path, precedence, `must not be greater than ${LAST}`)] : []),
    ...(precedence === 1 && object.metadata.name !== 'exempt'
      ? [invalid(path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1")]
      : []),
    ...distinguisherCauses(spec),
    ...(level === '' ? [required(own, 'must reference a priority level')] : invalids(own, level, dnsSubdomain(level))),
    ...objectsAt(spec, 'rules').flatMap((each, at) => rulesCauses(each, `spec.rules[${at}]`)),
  ]
}

function distinguisherCauses(spec: JsonObject): readonly Cause[] {
  const type = textAt(spec, 'distinguisherMethod', 'type')
  const known = ['ByNamespace', 'ByUser']
  if (!has(spec, 'distinguisherMethod') || known.includes(type)) return []
  return [notSupported('spec.distinguisherMethod.type', { Type: type }, known)]
}

function rulesCauses(rules: JsonObject, path: string): readonly Cause[] {
  const subjects = objectsAt(rules, 'subjects')
  const [resources, others] = [objectsAt(rules, 'resourceRules'), objectsAt(rules, 'nonResourceRules')]
  const none = 'at least one of resourceRules and nonResourceRules has to be non-empty'
  return [
    ...(subjects.length === 0 ? [required(`${path}.subjects`, 'subjects must contain at least one value')] : []),
    ...subjects.flatMap((each, at) => subjectCauses(each, `${path}.subjects[${at}]`)),
    ...(resources.length === 0 && others.length === 0 ? [required(path, none)] : []),
    ...resources.flatMap((each, at) => resourceCauses(each, `${path}.resourceRules[${at}]`)),
    ...others.flatMap((each, at) => otherCauses(each, `${path}.nonResourceRules[${at}]`)),
  ]
}

const SUBJECTS: Readonly<Record<string, string>> = { Group: 'group', ServiceAccount: 'serviceAccount', User: 'user' }

function subjectCauses(subject: JsonObject, path: string): readonly Cause[] {
  const kind = textAt(subject, 'kind')
  const key = SUBJECTS[kind]
  if (key === undefined) return [notSupported(`${path}.kind`, kind, Object.keys(SUBJECTS))]
  const own = `${path}.${key}`
  if (!has(subject, key)) return [required(own, `${key} is required when subject kind is '${kind}'`)]
  const named = textAt(subject, key, 'name') !== ''
  const placed = key !== 'serviceAccount' || textAt(subject, key, 'namespace') !== ''
  return [
    ...(named ? [] : [required(`${own}.name`)]),
    ...(placed ? [] : [required(`${own}.namespace`, 'must specify namespace for service account')]),
  ]
}

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch']

function resourceCauses(rule: JsonObject, path: string): readonly Cause[] {
  const group = 'resource rules must supply at least one api group'
  const resource = 'resource rules must supply at least one resource'
  return [
    ...verbsCauses(rule, VERBS, `${path}.verbs`),
    ...starCauses(rule, 'apiGroups', group, 'api groups', path),
    ...starCauses(rule, 'resources', resource, 'resources', path),
    ...namespacesCauses(rule, `${path}.namespaces`),
  ]
}

function namespacesCauses(rule: JsonObject, path: string): readonly Cause[] {
  const namespaces = textsAt(rule, 'namespaces')
  const none = 'resource rules that are not cluster scoped must supply at least one namespace'
  if (namespaces.length === 0) return isTrue(rule, 'clusterScope') ? [] : [required(path, none)]
  if (namespaces.includes('*')) {
    const text = "'*' if present must be the only entry in the list"
    return namespaces.length > 1 ? [invalid(path, [...namespaces], text)] : []
  }
  return namespaces.flatMap((each, at) =>
    dnsLabel(each).map((text) =>
      invalid(`${path}[${at}]`, each, `each member of this list must be '*' or a DNS-1123 label; ${text}`),
    ),
  )
}

const OTHER_VERBS = ['delete', 'get', 'head', 'options', 'patch', 'post', 'put']

function otherCauses(rule: JsonObject, path: string): readonly Cause[] {
  const urls = textsAt(rule, 'nonResourceURLs')
  const none = 'nonResourceURLs must contain at least one value'
  return [
    ...verbsCauses(rule, OTHER_VERBS, `${path}.verbs`),
    ...(urls.length === 0 ? [required(`${path}.nonResourceURLs`, none)] : []),
    ...urls.flatMap((each, at) =>
      each === '*' || each.startsWith('/')
        ? []
        : [invalid(`${path}.nonResourceURLs[${at}]`, each, 'must start with slash')],
    ),
  ]
}

function verbsCauses(rule: JsonObject, known: readonly string[], path: string): readonly Cause[] {
  const verbs = textsAt(rule, 'verbs')
  if (verbs.length === 0) return [required(path, 'verbs must contain at least one value')]
  if (verbs.includes('*')) {
    const text = "if '*' is present, must not specify other verbs"
    return verbs.length > 1 ? [invalid(path, [...verbs], text)] : []
  }
  return verbs.every((each) => known.includes(each)) ? [] : [notSupported(path, [...verbs], known)]
}

function starCauses(rule: JsonObject, key: string, none: string, others: string, path: string): readonly Cause[] {
  const values = textsAt(rule, key)
  if (values.length === 0) return [required(`${path}.${key}`, none)]
  const text = `if '*' is present, must not specify other ${others}`
  return values.length > 1 && values.includes('*') ? [invalid(`${path}.${key}`, [...values], text)] : []
}

/** Which requests go where when there are many. */
export const flowSchema: Entry = {
  generation: 'spec',
  validate: schemaCauses,
  cells: {
    PriorityLevel: (object) => textAt(object, 'spec', 'priorityLevelConfiguration', 'name'),
    MatchingPrecedence: (object) => wholeAt(object, 'spec', 'matchingPrecedence') ?? 0,
    DistinguisherMethod: (object) => textAt(object, 'spec', 'distinguisherMethod', 'type') || '<none>',
    MissingPL: (object) => {
      const found = objectsAt(object, 'status', 'conditions').find((each) => textAt(each, 'type') === 'Dangling')
      return textAt(found, 'status') || '?'
    },
  },
}

function levelCauses(object: KubeObject): readonly Cause[] {
  const spec = objectAt(object, 'spec')
  const type = textAt(spec, 'type')
  const own = "must be 'Exempt' if and only if `name` is 'exempt'"
  return [
    ...((type === 'Exempt') === (object.metadata.name === 'exempt') ? [] : [invalid('spec.type', type, own)]),
    ...typeCauses(spec, type),
  ]
}

function typeCauses(spec: JsonObject, type: string): readonly Cause[] {
  const limited = 'spec.limited'
  switch (type) {
    case 'Exempt':
      return has(spec, 'limited') ? [forbidden(limited, 'must be nil if the type is not Limited')] : []
    case 'Limited':
      return [
        ...(has(spec, 'exempt') ? [forbidden('spec.exempt', 'must be nil if the type is Limited')] : []),
        ...(has(spec, 'limited')
          ? limitedCauses(objectAt(spec, 'limited'), limited)
          : [required(limited, 'must not be empty when type is Limited')]),
      ]
    default:
      return oneOf('spec.type', type, ['Exempt', 'Limited'])
  }
}

function limitedCauses(limited: JsonObject, path: string): readonly Cause[] {
  const shares = wholeAt(limited, 'nominalConcurrencyShares') ?? 0
  const lent = wholeAt(limited, 'lendablePercent') ?? 0
  const borrowed = wholeAt(limited, 'borrowingLimitPercent') ?? 0
  const whole = 'a non-negative integer'
  return [
    ...(shares < 0 ? [invalid(`${path}.nominalConcurrencyShares`, shares, `must be ${whole}`)] : []),
    ...responseCauses(objectAt(limited, 'limitResponse'), `${path}.limitResponse`),
    ...(lent < 0 || lent > 100 ? [invalid(`${path}.lendablePercent`, lent, betweenText(0, 100))] : []),
    ...(borrowed < 0 ? [invalid(`${path}.borrowingLimitPercent`, borrowed, `if specified, must be ${whole}`)] : []),
  ]
}

function responseCauses(response: JsonObject, path: string): readonly Cause[] {
  const type = textAt(response, 'type')
  const field = `${path}.queuing`
  const known = oneOf(`${path}.type`, type, ['Queue', 'Reject'])
  if (known.length > 0) return known
  if (type === 'Reject') {
    const text = 'must be nil if limited.limitResponse.type is not Limited'
    return has(response, 'queuing') ? [forbidden(field, text)] : []
  }
  if (has(response, 'queuing')) return queuingCauses(objectAt(response, 'queuing'), field)
  return [required(field, 'must not be empty if limited.limitResponse.type is Limited')]
}

function queuingCauses(queuing: JsonObject, path: string): readonly Cause[] {
  const number = (key: string): number => wholeAt(queuing, key) ?? 0
  const positive = (key: string): readonly Cause[] =>
    number(key) <= 0 ? [invalid(`${path}.${key}`, number(key), 'must be positive')] : []
  const [queues, hand] = [number('queues'), number('handSize')]
  return [
    ...positive('queueLengthLimit'),
    ...positive('queues'),
    ...positive('handSize'),
    ...(hand > queues ? [invalid(`${path}.handSize`, hand, `should not be greater than queues (${queues})`)] : []),
  ]
}

function shareCell(object: KubeObject, ...path: readonly string[]): Json {
  return wholeAt(object, 'spec', 'limited', ...path) ?? '<none>'
}

const QUEUING = ['limitResponse', 'queuing'] as const

/** How many requests run at once. */
export const priorityLevel: Entry = {
  generation: 'spec',
  validate: levelCauses,
  cells: {
    Type: (object) => textAt(object, 'spec', 'type'),
    NominalConcurrencyShares: (object) => shareCell(object, 'nominalConcurrencyShares'),
    Queues: (object) => shareCell(object, ...QUEUING, 'queues'),
    HandSize: (object) => shareCell(object, ...QUEUING, 'handSize'),
    QueueLengthLimit: (object) => shareCell(object, ...QUEUING, 'queueLengthLimit'),
  },
}
