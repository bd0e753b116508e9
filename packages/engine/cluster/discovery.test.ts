// Tests of discovery on servers of every age, and with groups that do not answer.
import { findKind } from '@mainstay/core/object/kinds.ts'
import { describe, expect, it } from 'vitest'
import { discover } from './discovery.ts'
import { type Reply, type Seen, statusReply } from './testing/fake-server.ts'
import { faultOf, stages } from './testing/stage.ts'

const stage = stages()

function version(name: string, kind: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const resource = {
    resource: `${kind.toLowerCase()}s`,
    responseKind: { group: '', version: '', kind },
    scope: 'Namespaced',
    verbs: ['get', 'list'],
    shortNames: [kind.slice(0, 2).toLowerCase()],
    subresources: [{ subresource: 'status' }],
  }
  return { version: name, freshness: 'Current', resources: [resource], ...more }
}

function aggregated(groups: Readonly<Record<string, readonly unknown[]>>): Reply {
  const items = Object.entries(groups).map(([name, versions]) => ({ metadata: name === '' ? {} : { name }, versions }))
  return { json: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items } }
}

function legacy({ path }: Seen): Reply {
  const list = (groupVersion: string, resources: readonly unknown[]): Reply => ({
    json: { kind: 'APIResourceList', groupVersion, resources },
  })
  switch (path) {
    case '/api':
      return { json: { kind: 'APIVersions', versions: ['v1'] } }
    case '/apis': {
      const group = (name: string, preferred: string, ...versions: readonly string[]) => ({
        name,
        preferredVersion: { version: preferred },
        versions: versions.map((each) => ({ version: each })),
      })
      const groups = [group('apps', 'v1', 'v1beta1', 'v1'), group('broken.io', 'v1', 'v1')]
      return { json: { kind: 'APIGroupList', groups } }
    }
    case '/api/v1':
      return list('v1', [
        { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['list'], shortNames: ['po'] },
        { name: 'pods/status', kind: 'Pod', namespaced: true, verbs: ['get'] },
        { name: 'nodes', kind: 'Node', namespaced: false, verbs: ['list'] },
      ])
    case '/apis/apps/v1':
    case '/apis/apps/v1beta1':
      return list(path.slice(6), [
        { name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['list'] },
        {
          name: 'deployments/scale',
          group: 'autoscaling',
          version: 'v1',
          kind: 'Scale',
          namespaced: true,
          verbs: ['get'],
        },
      ])
    default:
      return statusReply(503, 'ServiceUnavailable', { message: 'the server is currently unable to handle the request' })
  }
}

describe('discover', () => {
  it('joins the versions of a kind, the preferred one first, and keeps groups apart', async () => {
    const { transport, server } = await stage(({ path }) =>
      path === '/api'
        ? aggregated({ '': [version('v1', 'Event')] })
        : aggregated({ 'events.k8s.io': [version('v1', 'Event'), version('v1beta1', 'Event')] }),
    )
    const { kinds, gaps } = await discover(transport)
    expect(gaps).toEqual([])
    expect(kinds.map(({ group, kind, versions }) => [group, kind, versions])).toEqual([
      ['', 'Event', ['v1']],
      ['events.k8s.io', 'Event', ['v1', 'v1beta1']],
    ])
    expect(kinds[0]).toMatchObject({
      resource: 'events',
      scope: 'namespaced',
      shortNames: ['ev'],
      subresources: ['status'],
    })
    expect(server.seen[0]?.headers.accept).toMatch(/v=v2;.*v=v2beta1;.*application\/json$/)
  })

  it('is a gap for the kinds of a group that does not answer, and for nothing else', async () => {
    const stale = { version: 'v1beta1', freshness: 'Stale' }
    const { transport } = await stage(({ path }) =>
      path === '/api'
        ? aggregated({ '': [version('v1', 'Pod')] })
        : aggregated({ 'metrics.k8s.io': [stale], apps: [version('v1', 'Deployment'), stale] }),
    )
    const { table, gaps } = await discover(transport)
    expect(gaps.map(({ group, version: at }) => [group, at])).toEqual([
      ['metrics.k8s.io', 'v1beta1'],
      ['apps', 'v1beta1'],
    ])
    expect(findKind(table, { group: 'metrics.k8s.io', kind: 'PodMetrics' })).toMatchObject({ kind: 'unseen' })
    expect(findKind(table, { group: 'apps', kind: 'Deployment' })).toMatchObject({ kind: 'known' })
    expect(findKind(table, { group: 'apps', kind: 'Old' })).toMatchObject({ kind: 'unseen' })
    expect(findKind(table, { group: '', kind: 'Oddity' })).toEqual({ kind: 'absent' })
  })

  it('asks each group-version of an old server, and a broken one is a gap', async () => {
    const { transport } = await stage(legacy)
    const { kinds, gaps, table } = await discover(transport)
    expect(
      kinds.map(({ group, kind, scope, versions, subresources }) => [group, kind, scope, versions, subresources]),
    ).toEqual([
      ['', 'Node', 'cluster', ['v1'], []],
      ['', 'Pod', 'namespaced', ['v1'], ['status']],
      ['apps', 'Deployment', 'namespaced', ['v1', 'v1beta1'], ['scale']],
    ])
    expect(gaps).toEqual([
      { group: 'broken.io', version: 'v1', reason: 'the server is currently unable to handle the request' },
    ])
    expect(findKind(table, { group: 'broken.io', kind: 'Any' })).toMatchObject({ kind: 'unseen' })
  })

  it('chooses the resource that can be listed where two have one kind', async () => {
    const resource = (name: string, verbs: readonly string[]) => ({
      resource: name,
      responseKind: { kind: 'Thing' },
      scope: 'Cluster',
      verbs,
    })
    const both = { version: 'v1', resources: [resource('thingrequests', ['create']), resource('things', ['list'])] }
    const { transport } = await stage(({ path }) => aggregated(path === '/api' ? {} : { 'x.io': [both] }))
    expect((await discover(transport)).kinds).toMatchObject([{ kind: 'Thing', resource: 'things', scope: 'cluster' }])
  })

  it('fails as a whole when the server cannot be asked, or answers with something else', async () => {
    const half = await stage(({ path }) => (path === '/api' ? aggregated({}) : statusReply(403, 'Forbidden')))
    expect((await faultOf(discover(half.transport))).fault.kind).toBe('forbidden')
    for (const json of [{ kind: 'Other' }, { kind: 'APIGroupDiscoveryList' }, []]) {
      const strange = await stage(() => ({ json }))
      expect((await faultOf(discover(strange.transport))).fault.kind).toBe('unreachable')
    }
    const page = await stage(() => ({ text: '<html>log in</html>' }))
    expect((await faultOf(discover(page.transport))).fault.kind).toBe('unreachable')
  })
})
