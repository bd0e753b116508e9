// Commands that only look: get, resources, diff, manifests, history, wait.
import { describe, expect, it } from 'vitest'
import { run } from '../../testing/io.ts'
import { MemorySession } from '../../testing/session.ts'
import { configMap, put, shopWorld } from '../../testing/world.ts'

describe('app get', () => {
  it('shows where it goes, where it comes from, how it is and what it has', async () => {
    const world = shopWorld()
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } }
    put(world, deployment, deployment)
    const { code, out } = await run('app get shop', { session: new MemorySession(world) })
    expect(code).toBe(0)
    for (const text of [
      'Name:        argocd/shop',
      'Destination: https://kubernetes.default.svc',
      'Source:      https://git.example.com/shop.git  deploy  main',
      'Revision:    4f1c2ab "raise the log level" (Ana, 12 min ago)',
      'Sync:        ≠ OutOfSync',
      'Health:      ● Healthy',
      'GROUP  KIND        NAMESPACE  NAME  STATUS       HEALTH     MESSAGE',
      'apps   Deployment  shop       web   ✓ Synced     ● Healthy',
    ]) {
      expect(out).toContain(text)
    }
  })

  it('is the Application with its status filled in, as a document', async () => {
    const { out } = await run('app get shop -o json', { session: new MemorySession(shopWorld()) })
    const document = JSON.parse(out)
    expect(document.kind).toBe('Application')
    expect(document.status.sync).toEqual({
      status: 'OutOfSync',
      revision: '4f1c2ab0000000000000000000000000000000aa',
    })
    expect(document.status.health).toEqual({ status: 'Healthy' })
    expect(document.status.resources).toContainEqual({
      kind: 'ConfigMap',
      namespace: 'shop',
      name: 'new',
      status: 'OutOfSync',
    })
  })
})

describe('app resources', () => {
  it('says what a sync with --prune would delete', async () => {
    const world = shopWorld()
    put(world, configMap('legacy', {}), null)
    const { out } = await run('app resources shop', { session: new MemorySession(world) })
    expect(out).toMatch(/legacy +≠ OutOfSync +not in Git any more: a sync with --prune deletes it/)
  })

  it('gives names that --resource takes', async () => {
    const session = new MemorySession(shopWorld())
    const [first = ''] = (await run('app resources shop -o name', { session })).out.split('\n')
    expect(first).toBe(':ConfigMap:shop/new')
    expect((await run(`app plan shop --resource ${first}`, { session })).code).toBe(1)
  })
})

describe('app diff', () => {
  it('shows changed, missing and surplus objects as git does, and exits 1', async () => {
    const world = shopWorld()
    put(world, configMap('old', { GONE: 'x' }), null)
    const { code, out } = await run('app diff shop', { session: new MemorySession(world) })
    expect(code).toBe(1)
    expect(out).toBe(
      [
        'diff ConfigMap/shop/new',
        'in Git, not in the cluster',
        '--- /dev/null',
        '+++ git/ConfigMap/shop/new',
        '@@ -0,0 +1,7 @@',
        '+apiVersion: v1',
        '+data:',
        "+  B: '2'",
        '+kind: ConfigMap',
        '+metadata:',
        '+  name: new',
        '+  namespace: shop',
        'diff ConfigMap/shop/old',
        'in the cluster, not in Git',
        '--- live/ConfigMap/shop/old',
        '+++ /dev/null',
        '@@ -1,7 +0,0 @@',
        '-apiVersion: v1',
        '-data:',
        '-  GONE: x',
        '-kind: ConfigMap',
        '-metadata:',
        '-  name: old',
        '-  namespace: shop',
        'diff ConfigMap/shop/web',
        '--- live/ConfigMap/shop/web',
        '+++ git/ConfigMap/shop/web',
        '@@ -1,6 +1,6 @@',
        ' apiVersion: v1',
        ' data:',
        '-  LEVEL: debug',
        '+  LEVEL: info',
        ' kind: ConfigMap',
        ' metadata:',
        '   name: web',
        '',
      ].join('\n'),
    )
  })

  it('exits 0 without differences, and with --no-exit-code', async () => {
    const world = shopWorld()
    const session = new MemorySession(world)
    expect((await run('app diff shop --no-exit-code', { session })).code).toBe(0)
    await run('app sync shop', { session })
    const { code, out } = await run('app diff shop', { session })
    expect(code).toBe(0)
    expect(out).toBe('')
  })

  it('is never complete while an object could not be read', async () => {
    const session = new MemorySession(shopWorld())
    const ref = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' }
    session.diff = async () => [{ ref, kind: 'unseen', live: null, desired: null, changes: [] }]
    const { code, out, err } = await run('app diff shop', { session })
    expect(code).toBe(2)
    expect(out).toContain('could not be read from the cluster')
    expect(err).toContain('the difference is not complete')
    expect(err).toContain('Deployment/web')
  })

  it('goes through the pager on a terminal, and nowhere else', async () => {
    const session = new MemorySession(shopWorld())
    const paged = await run('app diff shop', { session, isTTY: true })
    expect(paged.io.seen.paged[0]?.command).toEqual({ program: 'less', args: [], env: { LESS: 'FRX' } })
    expect(paged.io.seen.paged[0]?.text).toContain('\u001b[32m+  LEVEL: info')
    expect(paged.out).toBe('')
    expect((await run('app diff shop', { session })).io.seen.paged).toEqual([])
    expect((await run('app diff shop --no-pager', { session, isTTY: true })).io.seen.paged).toEqual([])
    expect((await run('app diff shop', { session, isTTY: true, env: { PAGER: '' } })).io.seen.paged).toEqual([])
  })

  it('starts the program that PAGER names without a shell, and prints directly where there is none', async () => {
    const session = new MemorySession(shopWorld())
    const env = { PAGER: 'more -d; rm', LESS: 'S' }
    const { io } = await run('app diff shop', { session, isTTY: true, env })
    expect(io.seen.paged[0]?.command).toEqual({ program: 'more', args: ['-d;', 'rm'], env: {} })
    const without = await run('app diff shop', { session, isTTY: true, pager: false })
    expect(without.out).toContain('LEVEL: info')
  })
})

describe('app manifests', () => {
  it('prints what Git wants, or what the cluster has, as YAML', async () => {
    const session = new MemorySession(shopWorld())
    const git = await run('app manifests shop', { session })
    expect(git.out.split('---\n')).toHaveLength(3)
    expect(git.out).toContain('LEVEL: info')
    const live = await run('app manifests shop --source live', { session })
    expect(live.out.split('---\n')).toHaveLength(2)
    expect(live.out).toContain('LEVEL: debug')
  })

  it('is a list as JSON', async () => {
    const { out } = await run('app manifests shop -o json', { session: new MemorySession(shopWorld()) })
    expect(JSON.parse(out)).toHaveLength(3)
  })
})

describe('app history', () => {
  it('teaches the first command while it is empty', async () => {
    const { out } = await run('app history shop', { session: new MemorySession(shopWorld()) })
    expect(out).toContain('mainstay app sync shop')
  })

  it('lists syncs, and runs with what came of them', async () => {
    const world = shopWorld()
    const session = new MemorySession(world)
    world.failing.set('apply /ConfigMap/shop/web', 'no')
    await run('app sync shop', { session })
    world.failing.clear()
    await run('app sync shop', { session })
    const { out } = await run('app history shop', { session })
    expect(out).toMatch(
      /ID {2}DATE +REVISION {2}BY +PLAN +SUBJECT\n1 +2026-11-23 10:42:00Z {2}4f1c2ab +ana@laptop {2}[0-9a-f]{6} {2}raise the log level\n$/,
    )
    const runs = await run('app history shop --runs', { session })
    expect(runs.out).toMatch(/failed +ana@laptop +[0-9a-f]{6} +a step failed\n.*succeeded/)
  })
})

describe('app wait', () => {
  it('exits 0 once it is reached and 2 where it is not', async () => {
    const session = new MemorySession(shopWorld())
    const not = await run('app wait shop --timeout 5', { session })
    expect(not.code).toBe(2)
    expect(not.out).toContain('✗ not reached within 5 s')
    expect((await run('app wait shop --health', { session })).code).toBe(0)
    await run('app sync shop', { session })
    const reached = await run('app wait shop', { session })
    expect(reached.code).toBe(0)
    expect(reached.out).toContain('✓ Synced')
  })
})
