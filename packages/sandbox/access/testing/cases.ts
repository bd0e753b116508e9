// Questions about access, asked alike of a sandbox and of a real API server. `NS` stands for a namespace of the test.
import type { Json } from '@mainstay/core/object/json.ts'

/** A request by somebody. */
export interface Question {
  /** A user of the test bed, null for nobody at all; `account` has a token of the ServiceAccount `robot`. */
  readonly by: 'admin' | 'bob' | 'carol' | 'nobody' | 'account' | 'stranger' | null
  readonly method?: string
  readonly path: string
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1'
const REVIEWS = '/apis/authorization.k8s.io/v1'
const ME = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

const user = (name: string): Json => ({ kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' })
const ref = (kind: string, name: string): Json => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name })
const bind = (name: string, roleRef: Json, ...subjects: readonly Json[]): Question => ({
  by: 'admin',
  method: 'POST',
  path: `${RBAC}/namespaces/NS/rolebindings`,
  body: { metadata: { name }, roleRef, subjects },
})

/** What the administrator sets up; the answers are not compared. */
export const setUp: readonly Question[] = [
  { by: 'admin', method: 'POST', path: '/api/v1/namespaces/NS/serviceaccounts', body: { metadata: { name: 'robot' } } },
  { by: 'admin', method: 'POST', path: '/api/v1/namespaces/NS/configmaps', body: { metadata: { name: 'one' } } },
  {
    by: 'admin',
    method: 'POST',
    path: `${RBAC}/namespaces/NS/roles`,
    body: {
      metadata: { name: 'narrow' },
      rules: [
        { apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'], verbs: ['get', 'watch', 'list'] },
        { apiGroups: ['apps'], resources: ['deployments/scale', '*/status'], verbs: ['get'] },
        { apiGroups: ['*'], resources: ['secrets'], verbs: ['*'] },
      ],
    },
  },
  bind('carol-narrow', ref('Role', 'narrow'), user('carol')),
  bind('bob-edit', ref('ClusterRole', 'edit'), user('bob')),
  bind('robot-view', ref('ClusterRole', 'view'), { kind: 'ServiceAccount', name: 'robot', namespace: 'NS' }),
  bind('group', ref('ClusterRole', 'view'), { kind: 'Group', name: 'NS-ops', apiGroup: 'rbac.authorization.k8s.io' }),
]

const get = (by: Question['by'], path: string, headers?: Question['headers']): Question => ({
  by,
  path,
  ...(headers === undefined ? {} : { headers }),
})
const post = (by: Question['by'], path: string, body: Json, headers?: Question['headers']): Question => ({
  by,
  method: 'POST',
  path,
  body,
  ...(headers === undefined ? {} : { headers }),
})

const SAR = `${REVIEWS}/subjectaccessreviews`
const SELF = `${REVIEWS}/selfsubjectaccessreviews`
const may = (by: Question['by'], resourceAttributes: Json): Question => post(by, SELF, { spec: { resourceAttributes } })
const asOf = (name: string, ...more: readonly (readonly [string, string])[]): Readonly<Record<string, string>> =>
  Object.fromEntries([['impersonate-user', name], ...more])

/** What is compared. */
export const questions: readonly Question[] = [
  // Who somebody is.
  ...(['admin', 'bob', 'nobody', 'account'] as const).map((by) => post(by, ME, {})),
  post(null, ME, {}),
  post('stranger', ME, {}),
  get(null, '/version'),
  get(null, '/api'),
  get(null, '/healthz'),
  get('nobody', '/apis'),
  get('nobody', '/metrics'),
  get('nobody', '/nothing/here'),
  // What the words are.
  get('nobody', '/api/v1/namespaces/NS/configmaps'),
  get('nobody', '/api/v1/namespaces/NS/configmaps/one'),
  get('nobody', '/api/v1/configmaps?watch=true'),
  get('nobody', '/api/v1/watch/namespaces/NS/pods'),
  get('nobody', '/api/v1/namespaces/NS'),
  get('nobody', '/api/v1/namespaces/NS/status'),
  get('nobody', '/api/v1/nodes'),
  get('nobody', '/apis/apps/v1/namespaces/NS/deployments/x/scale'),
  get('nobody', '/apis/nobody.example/v1/things'),
  get('nobody', '/api/v1/namespaces/NS/pods/x/proxy/a/b'),
  post('nobody', '/api/v1/namespaces/NS/configmaps', { metadata: { name: 'x' } }),
  { by: 'nobody', method: 'DELETE', path: '/api/v1/namespaces/NS/configmaps' },
  { by: 'nobody', method: 'DELETE', path: '/api/v1/namespaces/NS/configmaps/one' },
  { by: 'nobody', method: 'PUT', path: '/api/v1/namespaces/NS/configmaps/one', body: {} },
  { by: 'nobody', method: 'PATCH', path: '/api/v1/namespaces/NS/configmaps/one', body: {} },
  // What rules allow.
  get('carol', '/api/v1/namespaces/NS/configmaps/one'),
  get('carol', '/api/v1/namespaces/NS/configmaps/two'),
  get('carol', '/api/v1/namespaces/NS/configmaps'),
  get('carol', '/api/v1/namespaces/NS/configmaps?fieldSelector=metadata.name%3Done'),
  get('carol', '/api/v1/namespaces/NS/configmaps?fieldSelector=metadata.name%3Dtwo'),
  get('carol', '/apis/apps/v1/namespaces/NS/deployments/x/scale'),
  get('carol', '/apis/apps/v1/namespaces/NS/statefulsets/x/status'),
  get('carol', '/apis/apps/v1/namespaces/NS/statefulsets/x'),
  post('carol', '/api/v1/namespaces/NS/secrets', { metadata: { name: 'made' } }),
  get('bob', '/api/v1/namespaces/NS/secrets/none'),
  get('bob', '/api/v1/namespaces/default/secrets/none'),
  get('bob', `${RBAC}/namespaces/NS/roles`),
  post('bob', '/apis/batch/v1/namespaces/NS/cronjobs', {}),
  get('account', '/api/v1/namespaces/NS/configmaps/none'),
  get('account', '/api/v1/namespaces/NS/secrets/none'),
  get('account', '/api/v1/namespaces/default/configmaps'),
  // Reviews.
  may('bob', { verb: 'get', resource: 'pods', namespace: 'NS' }),
  may('bob', { verb: 'get', resource: 'pods' }),
  may('bob', { verb: '*', resource: 'pods', namespace: 'NS' }),
  may('carol', { verb: 'fly', resource: 'secrets', namespace: 'NS', group: 'some.example' }),
  may('carol', { verb: 'get', resource: 'deployments', subresource: 'scale', group: 'apps', namespace: 'NS' }),
  may('carol', { verb: 'get', resource: 'configmaps', name: 'one', namespace: 'NS' }),
  may('admin', { verb: 'get', resource: 'pods' }),
  may('account', { verb: 'list', resource: 'services', namespace: 'NS' }),
  post('nobody', SELF, { spec: { nonResourceAttributes: { path: '/api/x', verb: 'get' } } }),
  post('nobody', SELF, { spec: { nonResourceAttributes: { path: '/apix', verb: 'get' } } }),
  post('nobody', SELF, { spec: {} }),
  post('nobody', SELF, { spec: { resourceAttributes: {}, nonResourceAttributes: { path: '/a', verb: 'b' } } }),
  post('nobody', SAR, { spec: {} }),
  post('admin', SAR, { spec: {} }),
  post('admin', SAR, { spec: { user: 'bob' } }),
  post('admin', SAR, { spec: { user: 'bob', resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'NS' } } }),
  post('admin', SAR, {
    spec: { groups: ['NS-ops'], resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'NS' } },
  }),
  post('admin', SAR, {
    spec: {
      user: 'system:serviceaccount:NS:robot',
      resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'NS' },
    },
  }),
  post('admin', `${REVIEWS}/namespaces/NS/localsubjectaccessreviews`, {
    spec: { user: 'bob', resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'default' } },
  }),
  post('admin', `${REVIEWS}/selfsubjectrulesreviews`, { spec: {} }),
  post('carol', `${REVIEWS}/selfsubjectrulesreviews`, { spec: { namespace: 'NS' } }),
  post('admin', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: 'unheard of' } }),
  // As somebody else.
  post('admin', ME, {}, asOf('jane', ['impersonate-group', 'dev'], ['impersonate-extra-a%2fb', 'c'])),
  post('admin', ME, {}, asOf('system:serviceaccount:NS:x')),
  post('admin', ME, {}, asOf('system:anonymous')),
  get('admin', '/api/v1/namespaces/NS/configmaps', asOf('nobody')),
  get('admin', '/api/v1/namespaces/NS/secrets', asOf('jane', ['impersonate-group', 'NS-ops'])),
  get('admin', '/api/v1/namespaces/NS/configmaps/none', asOf('jane', ['impersonate-group', 'NS-ops'])),
  get('admin', '/api/v1/pods', { 'impersonate-group': 'dev' }),
  get('nobody', '/api/v1/pods', asOf('jane')),
  get('nobody', '/apis', asOf('jane')),
  get('nobody', '/api/v1/pods', asOf('system:serviceaccount:NS:robot')),
  // In this order: the real server tells of the older kind of impersonation whom that has helped before.
  get('bob', '/api/v1/namespaces/NS/configmaps/none', asOf('system:serviceaccount:default:default')),
  get('bob', '/api/v1/namespaces/NS/configmaps/none', asOf('system:serviceaccount:NS:robot')),
]

const role = (by: Question['by'], name: string, rules: Json, more: Readonly<Record<string, Json>> = {}): Question =>
  post(by, `${RBAC}/namespaces/NS/roles`, { metadata: { name }, rules, ...more })
const clusterRole = (name: string, rules: Json, more: Readonly<Record<string, Json>> = {}): Question =>
  post('carol', `${RBAC}/clusterroles`, { metadata: { name: `NS-${name}` }, rules, ...more })
const bindBy = (by: Question['by'], name: string, roleRef: Json): Question => ({
  ...bind(name, roleRef, user('x')),
  by,
})
const change = (method: string, plural: string, name: string, body: Json): Question => ({
  by: 'carol',
  method,
  path: `${RBAC}/${plural}/${name}`,
  body,
})
const rule = (group: string, resource: string, ...verbs: readonly string[]): Json => ({
  apiGroups: [group],
  resources: [resource],
  verbs,
})

/** From here on Carol administrates her namespace and all ClusterRoles, and may bind one of them. */
export const setUpGrants: readonly Question[] = [
  bind('carol-admin', ref('ClusterRole', 'admin'), user('carol')),
  post('admin', `${RBAC}/clusterroles`, {
    metadata: { name: 'NS-roles' },
    rules: [
      {
        apiGroups: ['rbac.authorization.k8s.io'],
        resources: ['clusterroles', 'clusterrolebindings'],
        verbs: ['*'],
        resourceNames: ['none'],
      },
      rule('rbac.authorization.k8s.io', 'clusterroles', 'create', 'update', 'patch'),
      rule('rbac.authorization.k8s.io', 'clusterrolebindings', 'create'),
      { ...(rule('rbac.authorization.k8s.io', 'clusterroles', 'bind') as object), resourceNames: ['view'] },
      { nonResourceURLs: ['/logs/*'], verbs: ['get'] },
    ],
  }),
  post('admin', `${RBAC}/clusterrolebindings`, {
    metadata: { name: 'NS-roles' },
    roleRef: ref('ClusterRole', 'NS-roles'),
    subjects: [user('carol')],
  }),
]

/** What may be given away is compared after that; each is asked once the rights have reached the server. */
export const questionsGrants: readonly Question[] = [
  role('carol', 'held', [rule('', 'pods', 'get', 'list'), rule('apps', 'deployments/scale', 'get')]),
  role('carol', 'more', [rule('', 'pods', 'get', 'fly', 'swim'), rule('some.example', 'things', 'list', 'get')]),
  role('carol', 'all', [
    { apiGroups: ['*', 'b'], resources: ['a', '*'], verbs: ['*', 'get'], resourceNames: ['z', 'y'] },
  ]),
  role('carol', 'wrong', [{ verbs: [] }, rule('some.example', 'things', 'list')]),
  post('carol', `${RBAC}/namespaces/NS/roles`, { metadata: { generateName: 'made-' }, rules: [rule('x', 'y', 'z')] }),
  post('carol', `${RBAC}/namespaces/NS/roles?dryRun=All`, { metadata: { name: 'dry' }, rules: [rule('x', 'y', 'z')] }),
  change('PATCH', 'namespaces/NS/roles', 'held', { rules: [rule('some.example', 'things', 'get')] }),
  change('PATCH', 'namespaces/NS/roles', 'held', { metadata: { labels: { a: 'b' } } }),
  change('PATCH', 'namespaces/NS/roles', 'narrow', { metadata: { labels: { a: 'b' } } }),
  change('PUT', 'namespaces/NS/roles', 'by-put', { metadata: { name: 'by-put' }, rules: [rule('x', 'y', 'z')] }),
  bindBy('carol', 'to-held', ref('Role', 'held')),
  bindBy('carol', 'to-view', ref('ClusterRole', 'view')),
  bindBy('carol', 'to-cluster-admin', ref('ClusterRole', 'cluster-admin')),
  bindBy('carol', 'to-nothing', ref('Role', 'nothing-here')),
  bindBy('carol', 'to-nothing-more', ref('ClusterRole', 'NS-nothing-here')),
  bindBy('carol', 'to-odd', ref('Odd', 'thing')),
  change('PATCH', 'namespaces/NS/rolebindings', 'to-held', { subjects: [user('y')] }),
  change('PATCH', 'namespaces/NS/rolebindings', 'bob-edit', { metadata: { labels: { a: 'b' } } }),
  change('PATCH', 'namespaces/NS/rolebindings', 'to-held', { roleRef: ref('ClusterRole', 'cluster-admin') }),
  clusterRole('logs', [{ nonResourceURLs: ['/logs/a', '/logs/b/*'], verbs: ['get'] }]),
  clusterRole('paths', [{ nonResourceURLs: ['/logs/a', '/other', '*'], verbs: ['get', 'post'] }]),
  clusterRole('none', []),
  clusterRole('sum', [], { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'NS-b' } }] } }),
  change('PATCH', 'clusterroles', 'NS-none', {
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'NS-b' } }] },
  }),
  change('PATCH', 'clusterroles', 'NS-none', { rules: [rule('', 'pods', 'get')] }),
  post('carol', `${RBAC}/clusterrolebindings`, {
    metadata: { name: 'NS-view-all' },
    roleRef: ref('ClusterRole', 'view'),
    subjects: [user('x')],
  }),
  post('carol', `${RBAC}/clusterrolebindings`, {
    metadata: { name: 'NS-edit-all' },
    roleRef: ref('ClusterRole', 'edit'),
    subjects: [user('x')],
  }),
  post('carol', `${RBAC}/clusterrolebindings`, {
    metadata: { name: 'NS-gone-all' },
    roleRef: ref('ClusterRole', 'NS-not-there'),
    subjects: [user('x')],
  }),
  // Whose own rights are not all known is told that, too.
  { ...bind('carol-gone', ref('Role', 'not-there'), user('carol')) },
  role('carol', 'still-more', [rule('some.example', 'things', 'get')]),
]

/** Bindings to roles that are not there come last: they are told of whoever is refused afterwards. */
export const setUpMissing: readonly Question[] = [
  bind('gone', ref('Role', 'gone'), user('bob')),
  bind('gone-too', ref('ClusterRole', 'NS-gone'), user('bob')),
]

/** What is compared after that. */
export const questionsAfter: readonly Question[] = [
  get('bob', '/api/v1/namespaces/NS/secrets/none'),
  get('bob', `${RBAC}/namespaces/NS/roles`),
  may('bob', { verb: 'get', resource: 'pods', namespace: 'NS' }),
  may('bob', { verb: 'fly', resource: 'pods', namespace: 'NS' }),
]
