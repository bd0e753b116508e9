// Roles and their bindings. What a binding binds to never changes.
import type { JsonObject } from '@mainstay/core/object/json.ts'
import type { KubeObject } from '@mainstay/core/object/object.ts'
import type { Cause } from '../../registry/kind.ts'
import { invalid, invalids, notSupported, required, same } from '../causes.ts'
import type { Cells, Entry } from '../entry.ts'
import { dnsSubdomain, pathSegment } from '../formats.ts'
import { has, objectAt, objectsAt, textAt } from '../look.ts'
import { selectorCauses } from '../metadata.ts'

const GROUP = 'rbac.authorization.k8s.io'

function rulesCauses(object: KubeObject, namespaced: boolean): readonly Cause[] {
  return objectsAt(object, 'rules').flatMap((rule, at) => {
    const path = `rules[${at}]`
    const text = 'verbs must contain at least one value'
    return [
      ...(has(rule, 'verbs') && !isEmpty(rule, 'verbs') ? [] : [required(`${path}.verbs`, text)]),
      ...ruleCauses(rule, namespaced, path),
    ]
  })
}

function isEmpty(rule: JsonObject, key: string): boolean {
  return same(rule[key], undefined)
}

function ruleCauses(rule: JsonObject, namespaced: boolean, path: string): readonly Cause[] {
  const urls = `${path}.nonResourceURLs`
  if (!isEmpty(rule, 'nonResourceURLs')) {
    const both = ['apiGroups', 'resources', 'resourceNames'].some((key) => !isEmpty(rule, key))
    const shown = rule.nonResourceURLs
    return [
      ...(namespaced ? [invalid(urls, shown, 'namespaced rules cannot apply to non-resource URLs')] : []),
      ...(both ? [invalid(urls, shown, 'rules cannot apply to both regular resources and non-resource URLs')] : []),
    ]
  }
  return [
    ...(isEmpty(rule, 'apiGroups')
      ? [required(`${path}.apiGroups`, 'resource rules must supply at least one api group')]
      : []),
    ...(isEmpty(rule, 'resources')
      ? [required(`${path}.resources`, 'resource rules must supply at least one resource')]
      : []),
  ]
}

function aggregationCauses(object: KubeObject): readonly Cause[] {
  if (!has(object, 'aggregationRule')) return []
  const selectors = objectsAt(object, 'aggregationRule', 'clusterRoleSelectors')
  const path = 'aggregationRule.clusterRoleSelectors'
  const text = 'at least one clusterRoleSelector required if aggregationRule is non-nil'
  if (selectors.length === 0) return [required(path, text)]
  return selectors.flatMap((each, at) => {
    const own = `${path}[${at}]`
    const wrong = selectorCauses(each, own)
    return wrong.length === 0 ? [] : [...wrong, invalid(own, null, 'invalid label selector.')]
  })
}

function bindingCauses(object: KubeObject, namespaced: boolean): readonly Cause[] {
  const ref = objectAt(object, 'roleRef')
  const [group, kind, name] = [textAt(ref, 'apiGroup'), textAt(ref, 'kind'), textAt(ref, 'name')]
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']
  return [
    ...(group === GROUP ? [] : [notSupported('roleRef.apiGroup', group, [GROUP])]),
    ...(kinds.includes(kind) ? [] : [notSupported('roleRef.kind', kind, kinds)]),
    ...(name === '' ? [required('roleRef.name')] : invalids('roleRef.name', name, pathSegment(name))),
    ...objectsAt(object, 'subjects').flatMap((each, at) => subjectCauses(each, namespaced, `subjects[${at}]`)),
  ]
}

const SUBJECTS = ['ServiceAccount', 'User', 'Group']

function subjectCauses(subject: JsonObject, namespaced: boolean, path: string): readonly Cause[] {
  const [kind, name, group] = [textAt(subject, 'kind'), textAt(subject, 'name'), textAt(subject, 'apiGroup')]
  const nameless = name === '' ? [required(`${path}.name`)] : []
  const field = `${path}.apiGroup`
  switch (kind) {
    case 'ServiceAccount':
      return [
        ...nameless,
        ...(name === '' ? [] : invalids(`${path}.name`, name, dnsSubdomain(name))),
        ...(group === '' ? [] : [notSupported(field, group, [''])]),
        ...(!namespaced && textAt(subject, 'namespace') === '' ? [required(`${path}.namespace`)] : []),
      ]
    case 'User':
    case 'Group':
      return [...nameless, ...(group === GROUP ? [] : [notSupported(field, group, [GROUP])])]
    default:
      return [...nameless, notSupported(`${path}.kind`, kind, SUBJECTS)]
  }
}

function refCauses(object: KubeObject, old: KubeObject): readonly Cause[] {
  if (same(object.roleRef, old.roleRef)) return []
  const ref = objectAt(object, 'roleRef')
  const shown = { APIGroup: textAt(ref, 'apiGroup'), Kind: textAt(ref, 'kind'), Name: textAt(ref, 'name') }
  return [invalid('roleRef', shown, 'cannot change roleRef')]
}

function subjectNames(object: KubeObject, kind: string): string {
  return objectsAt(object, 'subjects')
    .filter((each) => textAt(each, 'kind') === kind)
    .map((each) =>
      kind === 'ServiceAccount' ? `${textAt(each, 'namespace')}/${textAt(each, 'name')}` : textAt(each, 'name'),
    )
    .join(', ')
}

const bindingCells: Cells = {
  Role: (object) => `${textAt(object, 'roleRef', 'kind')}/${textAt(object, 'roleRef', 'name')}`,
  Users: (object) => subjectNames(object, 'User'),
  Groups: (object) => subjectNames(object, 'Group'),
  ServiceAccounts: (object) => subjectNames(object, 'ServiceAccount'),
}

/** Roles. */
export const role: Entry = { name: pathSegment, validate: (object) => rulesCauses(object, true) }

/** Roles of the whole cluster. */
export const clusterRole: Entry = {
  name: pathSegment,
  validate: (object) => [...rulesCauses(object, false), ...aggregationCauses(object)],
}

/** Bindings. */
export const roleBinding: Entry = {
  name: pathSegment,
  validate: (object) => bindingCauses(object, true),
  validateUpdate: refCauses,
  cells: bindingCells,
}

/** Bindings of the whole cluster. */
export const clusterRoleBinding: Entry = {
  name: pathSegment,
  validate: (object) => bindingCauses(object, false),
  validateUpdate: refCauses,
  cells: bindingCells,
}
