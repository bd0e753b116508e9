// Selectors of objects on the command line.
import { describe, expect, it } from 'vitest'
import type { ObjectRef } from '../object/ref.ts'
import { matches, parseSelector, selects } from './selector.ts'

const web: ObjectRef = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }
const service: ObjectRef = { group: '', kind: 'Service', namespace: 'shop', name: 'web' }
const role: ObjectRef = { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', namespace: null, name: 'system:a:b' }

function selector(text: string) {
  const parsed = parseSelector(text)
  if (parsed.kind === 'invalid') throw new Error(parsed.problem.what)
  return parsed.selector
}

describe('a selector', () => {
  it.each<[string, ObjectRef, boolean]>([
    ['apps:Deployment:web', web, true],
    ['apps:Deployment:shop/web', web, true],
    ['apps:Deployment:other/web', web, false],
    [':Service:web', service, true],
    [':Service:web', web, false],
    ['*:*:web', service, true],
    ['*:*:*', role, true],
    ['*:*:shop/*', role, false],
    ['*:Deployment:w*b', web, true],
    ['*:Deployment:w*bb', web, false],
    ['*:Deployment:*we*eb', web, false],
    ['rbac.authorization.k8s.io:ClusterRole:system:a:b', role, true],
    ['extensions:Ingress:web', { ...web, group: 'extensions', kind: 'Ingress' }, true],
    ['networking.k8s.io:Ingress:web', { ...web, group: 'extensions', kind: 'Ingress' }, true],
  ])('%s on %j: %s', (text, ref, expected) => {
    expect(matches(selector(text), ref)).toBe(expected)
  })

  it.each([
    '',
    'web',
    'apps:Deployment',
    'apps::web',
    'apps:Deployment:',
    'apps:Deployment:a/b/c',
    'apps:Deployment:shop/',
  ])('refuses %j and says what to write', (text) => {
    const parsed = parseSelector(text)
    expect(parsed.kind === 'invalid' && parsed.problem.fix).toContain('GROUP:KIND:NAME')
  })

  it('excludes with an exclamation mark, and exclusion wins', () => {
    expect(selects([selector('!:Service:*')], web)).toBe(true)
    expect(selects([selector('!:Service:*')], service)).toBe(false)
    expect(selects([selector('*:*:web'), selector('!:Service:*')], service)).toBe(false)
    expect(selects([selector('apps:*:*')], service)).toBe(false)
    expect(selects([], service)).toBe(true)
  })
})
