// A01 over HTTPS (argo-cd#3473): whatever a Git server answers while it is not well, nothing that it said before is deleted.
import { NO_ACCESS } from '@mainstay/engine/source/access.ts'
import { type Answer, type GitServer, startGitServer } from '@mainstay/engine/source/testing/https-server.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeCluster } from '../cluster/shared.ts'
import { openWorkbench } from '../scenarios/workbench.ts'
import { type Bed, bedOf, config } from './bed.ts'

describeCluster('A01: the Git server is not well', (cluster) => {
  let git: GitServer
  let bed: Bed

  beforeAll(async () => {
    git = await startGitServer()
    const access = { ...NO_ACCESS, tls: { ...NO_ACCESS.tls, ca: git.ca } }
    const bench = await openWorkbench(await cluster(), 'served', { accesses: { accessOf: async () => access } })
    bed = bedOf(await cluster(), bench, 'served')
    await bench.commit('the shop', { 'shop/web.yaml': config('web'), 'shop/prices.yaml': config('prices') })
    const repoURL = git.urlOf({ path: bench.repository })
    await bench.writeApp({ source: { repoURL, path: 'shop', targetRevision: 'main' } })
    const first = await bed.app('sync')
    expect(first.code, first.out + first.err).toBe(0)
  })
  afterAll(async () => {
    await bed.dispose()
    await git.close()
  })

  it.each<[string, Answer]>([
    ['503', { kind: 'status', code: 503 }],
    ['404', { kind: 'status', code: 404 }],
    ['401', { kind: 'status', code: 401 }],
    ['a page with status 200', { kind: 'page', html: '<h1>Back soon</h1>' }],
    ['an empty page with status 200', { kind: 'page', html: '' }],
    ['an answer that is cut off', { kind: 'cut', bytes: 30 }],
    ['a redirect to nowhere', { kind: 'redirect', to: '/maintenance' }],
  ])('refuses while it answers with %s, and keeps everything', async (_, answer) => {
    const memory = await bed.remember()
    git.answer((asked) =>
      answer?.kind === 'redirect' && asked.path === answer.to ? { kind: 'status', code: 404 } : answer,
    )
    for (const verb of ['plan', 'sync']) {
      const ran = await bed.app(verb, '--prune')
      expect(ran.code, ran.out + ran.err).toBe(2)
      expect(ran.err).toContain('fix')
    }
    git.answer(() => null)
    await memory.unharmed()
    const { plan } = await bed.planned('plan', '--prune')
    expect(plan.steps).toEqual([])
  })
})
