// What paths name.
import { expect, it } from 'vitest'
import { routeOf } from './route.ts'

const none = { namespace: null, name: null, subresource: null, rest: '', watch: false }
const pods = { ...none, kind: 'resource', group: '', version: 'v1', plural: 'pods' }

it.each([
  ['/api/v1/pods', pods],
  ['/api/v1/pods/', pods],
  ['/api/v1/namespaces/a/pods/b', { ...pods, namespace: 'a', name: 'b' }],
  ['/api/v1/namespaces/a/pods/b/log', { ...pods, namespace: 'a', name: 'b', subresource: 'log' }],
  ['/api/v1/namespaces/a/pods/b/proxy/x/y', { ...pods, namespace: 'a', name: 'b', subresource: 'proxy', rest: 'x/y' }],
  ['/api/v1/watch/namespaces/a/pods', { ...pods, namespace: 'a', watch: true }],
  ['/api/v1/namespaces', { ...pods, plural: 'namespaces' }],
  ['/api/v1/namespaces/a', { ...pods, plural: 'namespaces', name: 'a' }],
  ['/api/v1/namespaces/a/status', { ...pods, plural: 'namespaces', name: 'a', subresource: 'status' }],
  ['/api/v1/namespaces/a/finalize', { ...pods, plural: 'namespaces', name: 'a', subresource: 'finalize' }],
  ['/apis/apps/v1/deployments', { ...none, kind: 'resource', group: 'apps', version: 'v1', plural: 'deployments' }],
  [
    '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
    {
      ...none,
      kind: 'resource',
      group: 'rbac.authorization.k8s.io',
      version: 'v1',
      plural: 'clusterroles',
      name: 'system:node',
    },
  ],
  ['/apis/apps/v1', { kind: 'path', path: '/apis/apps/v1' }],
  ['/api', { kind: 'path', path: '/api' }],
  ['/healthz', { kind: 'path', path: '/healthz' }],
])('reads %s', (path, route) => {
  expect(routeOf(path)).toEqual(route)
})
