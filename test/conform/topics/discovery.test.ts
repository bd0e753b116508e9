// What the API says of itself: groups, resources, versions, schemas.

import { isList, isObject, type Json } from '@mainstay/core/object/json.ts'
import { expect } from 'vitest'
import { textAt, valueAt } from '../desk.ts'
import { part, said } from '../said.ts'
import { topic } from '../suite.ts'

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

function groupIn(list: Json, name: string): Json | undefined {
  const items = valueAt(list, 'items')
  if (!isList(items)) return undefined
  return items.find(
    (one) =>
      valueAt(one, 'metadata', 'name') === name || (name === '' && valueAt(one, 'metadata', 'name') === undefined),
  )
}

/** Other checks on a shared server bring groups of their own. */
function isBuiltIn(group: string): boolean {
  return !group.includes('.') || group.endsWith('.k8s.io')
}

topic('discovery', (it) => {
  it('says its version', async (at) => {
    const { body } = await at.get('/version')
    expect(body).toMatchObject({ major: '1', minor: '36', gitVersion: 'v1.36.3', compiler: 'gc' })
    expect(isObject(body) ? Object.keys(body).sort() : []).toEqual([
      'buildDate',
      'compiler',
      'emulationMajor',
      'emulationMinor',
      'gitCommit',
      'gitTreeState',
      'gitVersion',
      'goVersion',
      'major',
      'minCompatibilityMajor',
      'minCompatibilityMinor',
      'minor',
      'platform',
    ])
  })

  it('names the versions of the core group', async (at) => {
    const { body } = await at.get('/api')
    expect(isObject(body) ? { ...body, serverAddressByClientCIDRs: 'ADDRESSES' } : body).toEqual({
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: 'ADDRESSES',
    })
  })

  it('names the groups', async (at) => {
    const { body } = await at.get('/apis')
    expect([valueAt(body, 'kind'), valueAt(body, 'apiVersion')]).toEqual(['APIGroupList', 'v1'])
    const listed = valueAt(body, 'groups')
    const builtIn = (isList(listed) ? listed : []).filter((one) => isBuiltIn(String(valueAt(one, 'name'))))
    expect(builtIn.map((one) => `${valueAt(one, 'name')} ${valueAt(one, 'preferredVersion', 'version')}`)).toEqual([
      'apiregistration.k8s.io v1',
      'apps v1',
      'events.k8s.io v1',
      'authentication.k8s.io v1',
      'authorization.k8s.io v1',
      'autoscaling v2',
      'batch v1',
      'certificates.k8s.io v1',
      'networking.k8s.io v1',
      'policy v1',
      'rbac.authorization.k8s.io v1',
      'storage.k8s.io v1',
      'admissionregistration.k8s.io v1',
      'apiextensions.k8s.io v1',
      'scheduling.k8s.io v1',
      'coordination.k8s.io v1',
      'node.k8s.io v1',
      'discovery.k8s.io v1',
      'resource.k8s.io v1',
      'flowcontrol.apiserver.k8s.io v1',
    ])
  })

  it('describes one group', async (at) => {
    expect(said(await at.get('/apis/apps'))).toEqual({
      status: 200,
      body: {
        kind: 'APIGroup',
        apiVersion: 'v1',
        name: 'apps',
        versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
        preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
      },
    })
  })

  it('describes a group with several versions, the preferred one first', async (at) => {
    expect(said(await at.get('/apis/autoscaling'))).toEqual({
      status: 200,
      body: {
        kind: 'APIGroup',
        apiVersion: 'v1',
        name: 'autoscaling',
        versions: [
          { groupVersion: 'autoscaling/v2', version: 'v2' },
          { groupVersion: 'autoscaling/v1', version: 'v1' },
        ],
        preferredVersion: { groupVersion: 'autoscaling/v2', version: 'v2' },
      },
    })
  })

  it('gives each resource in full', async (at) => {
    const { body } = await at.get('/apis/apps/v1')
    const { resources, ...rest } = body as { resources: readonly Json[] }
    const named = resources.filter((one) => String(valueAt(one, 'name')).startsWith('deployments'))
    expect([rest, named.map((one) => ({ ...(one as object), storageVersionHash: 'HASH' }))]).toEqual([
      { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'apps/v1' },
      [
        {
          name: 'deployments',
          singularName: 'deployment',
          namespaced: true,
          kind: 'Deployment',
          verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
          shortNames: ['deploy'],
          categories: ['all'],
          storageVersionHash: 'HASH',
        },
        {
          name: 'deployments/scale',
          singularName: '',
          namespaced: true,
          group: 'autoscaling',
          version: 'v1',
          kind: 'Scale',
          verbs: ['get', 'patch', 'update'],
          storageVersionHash: 'HASH',
        },
        {
          name: 'deployments/status',
          singularName: '',
          namespaced: true,
          kind: 'Deployment',
          verbs: ['get', 'patch', 'update'],
          storageVersionHash: 'HASH',
        },
      ],
    ])
  })

  it('gives a hash of the storage version in its form', async (at) => {
    const { body } = await at.get('/apis/apps/v1')
    expect(textAt(body, 'resources', 0, 'storageVersionHash')).toMatch(/^[A-Za-z0-9+/]{11}=$/)
  })

  it('gives all groups at once where that is accepted', async (at) => {
    const answer = await at.get('/apis', { accept: aggregated })
    expect([
      answer.header('content-type'),
      part(answer, 'kind'),
      part(answer, 'apiVersion'),
      part(answer, 'metadata'),
    ]).toEqual([
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
      'APIGroupDiscoveryList',
      'apidiscovery.k8s.io/v2',
      {},
    ])
  })

  it('gives the core group by itself', async (at) => {
    const answer = await at.get('/api', { accept: aggregated })
    expect([
      answer.header('content-type'),
      part(answer, 'kind'),
      part(answer, 'items.0.metadata'),
      part(answer, 'items.0.versions.0.version'),
      part(answer, 'items.0.versions.0.freshness'),
    ]).toEqual([
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
      'APIGroupDiscoveryList',
      {},
      'v1',
      'Current',
    ])
  })

  it('gives the resources of a group in full at once', async (at) => {
    const { body } = await at.get('/apis', { accept: aggregated })
    expect(groupIn(body, 'batch')).toEqual({
      metadata: { name: 'batch' },
      versions: [
        {
          version: 'v1',
          resources: [
            {
              resource: 'cronjobs',
              responseKind: { group: '', version: '', kind: 'CronJob' },
              scope: 'Namespaced',
              singularResource: 'cronjob',
              verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
              shortNames: ['cj'],
              categories: ['all'],
              subresources: [
                {
                  subresource: 'status',
                  responseKind: { group: '', version: '', kind: 'CronJob' },
                  verbs: ['get', 'patch', 'update'],
                },
              ],
            },
            {
              resource: 'jobs',
              responseKind: { group: '', version: '', kind: 'Job' },
              scope: 'Namespaced',
              singularResource: 'job',
              verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
              categories: ['all'],
              subresources: [
                {
                  subresource: 'status',
                  responseKind: { group: '', version: '', kind: 'Job' },
                  verbs: ['get', 'patch', 'update'],
                },
              ],
            },
          ],
          freshness: 'Current',
        },
      ],
    })
  })

  it('gives resources with a scale and others at once', async (at) => {
    const { body } = await at.get('/apis', { accept: aggregated })
    const apps = groupIn(body, 'apps')
    const resources = valueAt(apps, 'versions', 0, 'resources')
    expect((isList(resources) ? resources : []).find((one) => valueAt(one, 'resource') === 'deployments')).toEqual({
      resource: 'deployments',
      responseKind: { group: '', version: '', kind: 'Deployment' },
      scope: 'Namespaced',
      singularResource: 'deployment',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['deploy'],
      categories: ['all'],
      subresources: [
        {
          subresource: 'scale',
          responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
          verbs: ['get', 'patch', 'update'],
        },
        {
          subresource: 'status',
          responseKind: { group: '', version: '', kind: 'Deployment' },
          verbs: ['get', 'patch', 'update'],
        },
      ],
    })
  })

  it('does not give the older form of all at once', async (at) => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList'
    const answer = await at.get('/apis', { accept })
    expect([
      answer.status,
      answer.header('content-type'),
      valueAt(answer.body, 'kind'),
      valueAt(answer.body, 'apiVersion'),
    ]).toEqual([406, 'application/json', 'Status', 'v1'])
  })

  it('gives the first of what kubectl accepts', async (at) => {
    const accept = `${aggregated},application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json`
    const answer = await at.get('/apis', { accept })
    expect(answer.header('content-type')).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList')
  })

  it('gives an etag with all at once and nothing again for it', async (at) => {
    const first = await at.get('/apis', { accept: aggregated })
    const etag = first.header('etag')
    expect(etag).toMatch(/^"[0-9A-F]{128}"$/)
    expect(first.header('vary')).toBe('Accept')
    // Another check may bring a resource in between: then there is a new tag.
    let again = first
    for (let tries = 0; again.status === 200 && tries < 20; tries += 1)
      again = await at.get('/apis', { accept: aggregated, 'if-none-match': again.header('etag') ?? '' })
    expect([again.status, again.text]).toEqual([304, ''])
  })

  it('does not take a POST where it describes itself', async (at) => {
    const { status, text } = await at.post('/apis/apps/v1', {})
    expect([status, text.slice(0, 60)]).toEqual([405, '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"F'])
  })

  it('takes a slash at the end', async (at) => {
    expect([
      (await at.get('/api/')).status,
      (await at.get('/apis/')).status,
      (await at.get('/apis/apps/')).status,
      (await at.get('/apis/apps/v1/')).status,
    ]).toEqual([200, 200, 200, 200])
  })
})
